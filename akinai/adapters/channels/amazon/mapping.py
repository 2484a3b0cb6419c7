"""Amazon rows → OrderDraft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from akinai.adapters.channels.amazon.amounts import amounts_of, rate_of_tax, with_promotions
from akinai.adapters.channels.amazon.parser import LINE_COLUMNS, TELLS, AmazonRow
from akinai.adapters.channels.words import Code, Findings, split_extra
from akinai.adapters.channels.words.delivery import SLOTS, slot
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, CONVENIENCE, MALL, payment_kind
from akinai.adapters.channels.words.people import note_destinations, person, with_elsewhere
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.adapters.channels.words.sums import check_currency
from akinai.orders.ports import ASSUMED, TOLD, Address, LineDraft, OrderDraft


class AmazonFormat(OrderFileFormat):
    """Amazon 未出荷・新規注文レポート."""

    code = "amazon"
    title = "Amazon 注文レポート"
    channel = "amazon"
    rows = AmazonRow
    tells = TELLS
    delimiter = "\t"
    quoting = False
    way_out = (
        "セラーセントラルの「注文」＞「注文レポート」で「未出荷の注文」か「新規注文」を選び、"
        "お届け先の項目を含むテキストファイルをダウンロードし直してください。"
    )

    def draft(self, number: str, rows: list[AmazonRow]) -> OrderDraft:
        f = Findings()
        head = rows[0]
        ordered_at = _ordered_at(f, head)
        rows = with_promotions(f, without_repeats(f, rows, "line_id", "sku"))
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        is_yen = check_currency(f, head)
        is_sent = all(_is_sent(row) for row in rows)
        pairs = enumerate(zip(rows, with_elsewhere(rows, line_raws), strict=True), 1)
        lines = tuple(_line(f, at, row, raw, is_yen, is_sent) for at, (row, raw) in pairs)
        f.line_no = 0
        amounts = amounts_of(f, rows, lines, is_yen=is_yen)
        kind = _payment(rows)
        note_destinations(f, rows)
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=person(f, head, "buyer"),
            ship_to=_ship_to(f, head),
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            **amounts.of_draft(),
            mall_status="shipped" if is_sent else "open",
            paid_at=f.moment(head, "paid_at"),
            payment_settled=kind != COD,
            delivery_on=f.day(head, "delivery_from"),
            delivery_slot=_slot(f, head),
            delivery_method=head.service,
            customer_note=f.text(head, "instructions"),
            gift_note=f.texts(head, ("gift_wrap", "gift_message"), join="、"),
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=head.file,
            source_line=head.line,
        )


def _ordered_at(f: Findings, row: AmazonRow) -> datetime:
    for name in ("purchased_at", "paid_at", "reported_at"):
        if found := f.moment(row, name):
            return found
    raise no_date(row, "purchased_at")


def _line(
    f: Findings, line_no: int, row: AmazonRow, raw: dict[str, str], is_yen: bool, is_sent: bool
) -> LineDraft:
    f.line_no = line_no
    quantity = f.quantity(row) if is_sent else _still_to_ship(f, row)
    price = f.yen(row, "item_price") if is_yen else 0
    rate = rate_of_tax(f, row, price)
    return LineDraft(
        line_no=line_no,
        sku_code=f.code(row, "sku"),
        name=f.text(row, "name", 400),
        quantity=quantity,
        unit_price_yen=price // quantity if quantity else 0,
        tax_rate=rate or 10,
        tax_rate_is=TOLD if rate else ASSUMED,
        channel_line_no=row.line_id,
        raw=raw,
        source_line=row.line,
    )


def _is_sent(row: AmazonRow) -> bool:
    return narrow(row.to_ship) == "0" and narrow(row.shipped) not in ("", "0")


def _still_to_ship(f: Findings, row: AmazonRow) -> int:
    """Pieces that left already are said, because the order was bigger."""
    if narrow(row.shipped) in ("", "0") or not row.to_ship:
        return f.quantity(row)
    message = f"{row.quantity}点のうち{row.shipped}点は出荷済みです。残りの{row.to_ship}点だけを取り込みました。{CHECK}"
    f.note(Code.OTHER, message, row, "shipped")
    return 0 if _is_sent(row) else f.quantity(row, "to_ship")


def _payment(rows: Sequence[AmazonRow]) -> str:
    """Amazon takes the money itself; only 代金引換 is ours to collect. コンビニ前払い is paid before it is listed."""
    kind = payment_kind(rows[0].payment)
    if kind == COD or any(narrow(row.cod_amount).strip("0.") for row in rows):
        return COD
    return CONVENIENCE if kind == CONVENIENCE else MALL


def _slot(f: Findings, row: AmazonRow) -> str:
    """お届け時間帯 from the scheduled start and end of one day."""
    if not row.delivery_from or not row.delivery_to:
        return ""
    start, end = f.moment(row, "delivery_from"), f.moment(row, "delivery_to")
    if not start or not end or start.hour == end.hour or (start.hour, end.hour) in ((0, 23), (8, 21)):
        return ""
    code = slot(f"{start.hour}-{end.hour}") or ""
    return code if code in SLOTS and start.date() == end.date() else ""


def _ship_to(f: Findings, row: AmazonRow) -> Address:
    country = row.ship_country.upper() or "JP"
    if country != "JP":
        message = f"海外（{row.ship_country}）への注文です。送り先と送料を確かめてください。"
        f.note(Code.OTHER, message, row, "ship_country")
    found = person(f, row, "ship")
    return replace(found, phone=found.phone or f.phone(row, "buyer_phone"), country=country)
