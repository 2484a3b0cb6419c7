"""Amazon rows → OrderDraft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from akinai.adapters.channels.amazon.parser import LINE_COLUMNS, TELLS, AmazonRow
from akinai.adapters.channels.words import Code, Findings, split_extra
from akinai.adapters.channels.words.delivery import SLOTS, slot
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, CONVENIENCE, MALL, payment_kind
from akinai.adapters.channels.words.places import prefecture, without_prefecture
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.adapters.channels.words.sums import check_currency
from akinai.core.money import yen
from akinai.orders.ports import Address, LineDraft, OrderDraft


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
        rows = without_repeats(f, rows)
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        has_prices = "item_price" in head.headers
        is_yen = check_currency(f, head)
        is_sent = all(_is_sent(row) for row in rows)
        prices = [_price(f, at, row) if is_yen else 0 for at, row in enumerate(rows, 1)]
        triples = enumerate(zip(rows, prices, line_raws, strict=True), 1)
        lines = tuple(_line(f, at, row, price, raw, is_sent) for at, (row, price, raw) in triples)
        f.line_no = 0
        cod = _cod_amount(f, rows)
        kind = _payment(head, cod)
        if has_prices and is_yen:
            money = _money(f, rows, lines, sum(prices))
        else:
            money = _Money(total=cod, cod_fee=_cod_fee(f, rows, cod))
        _destinations(f, rows)
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=_buyer(f, head),
            ship_to=_ship_to(f, head),
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            total_yen=money.total,
            goods_yen=money.goods,
            shipping_yen=money.shipping,
            cod_fee_yen=money.cod_fee,
            wrapping_yen=money.wrapping,
            discount_yen=money.discount,
            adjustment_yen=money.adjustment,
            amounts_known=has_prices and is_yen,
            mall_status="shipped" if is_sent else "open",
            paid_at=f.moment(head, "paid_at"),
            payment_settled=kind != COD,
            delivery_on=f.day(head, "delivery_from"),
            delivery_slot=_slot(f, head),
            delivery_method=head.service,
            customer_note=f.text(head, "instructions"),
            gift_note=f.text(head, "gift_message"),
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
    f: Findings, line_no: int, row: AmazonRow, price: int, raw: dict[str, str], is_sent: bool
) -> LineDraft:
    f.line_no = line_no
    quantity = f.quantity(row) if is_sent else _still_to_ship(f, row)
    return LineDraft(
        line_no=line_no,
        sku_code=f.code(row, "sku"),
        name=f.text(row, "name", 400),
        quantity=quantity,
        unit_price_yen=price // quantity if quantity else 0,
        tax_rate=_rate(f, row, price),
        channel_line_no=row.line_id,
        raw=raw,
        source_line=row.line,
    )


def _price(f: Findings, line_no: int, row: AmazonRow) -> int:
    f.line_no = line_no
    return f.yen(row, "item_price")


def _is_sent(row: AmazonRow) -> bool:
    return narrow(row.to_ship) == "0" and narrow(row.shipped) not in ("", "0")


def _still_to_ship(f: Findings, row: AmazonRow) -> int:
    """Pieces that left already are said, because the order was bigger."""
    if narrow(row.shipped) in ("", "0") or not row.to_ship:
        return f.quantity(row)
    message = f"{row.quantity}点のうち{row.shipped}点は出荷済みです。残りの{row.to_ship}点だけを取り込みました。{CHECK}"
    f.note(Code.OTHER, message, row, "shipped")
    return 0 if _is_sent(row) else f.quantity(row, "to_ship")


def _rate(f: Findings, row: AmazonRow, price: int) -> int:
    """The rate that item-tax proves (税込 price, one yen per piece of rounding); 10 where Amazon states no tax."""
    tax = f.yen(row, "item_tax")
    if not tax or not price:
        return 10
    slack = 1 + (int(row.quantity) if row.quantity.isdigit() else 1)
    for rate in (10, 8):
        if abs(price * rate - tax * (100 + rate)) <= slack * (100 + rate):
            return rate
    message = (
        f"税額 {yen(tax)} が、商品代 {yen(price)} の10%とも8%とも合いません。商品の税率を確かめてください。"
    )
    f.note(Code.TAX_MISMATCH, message, row, "item_tax")
    return 10


@dataclass(frozen=True, slots=True)
class _Money:
    total: int = 0
    goods: int = 0
    shipping: int = 0
    cod_fee: int = 0
    wrapping: int = 0
    discount: int = 0
    adjustment: int = 0


def _money(f: Findings, rows: list[AmazonRow], lines: tuple[LineDraft, ...], price: int) -> _Money:
    """新規注文レポート: amounts per row are for all its pieces, tax inside. There is no total to prove them by."""
    found = _Money(
        goods=sum(line.subtotal_yen for line in lines),
        shipping=sum(f.yen(row, "shipping_price") for row in rows),
        cod_fee=_cod_fee(f, rows, 1),
        wrapping=sum(f.yen(row, "wrap_price") for row in rows),
        discount=sum(f.magnitude(row, "item_discount") + f.magnitude(row, "ship_discount") for row in rows),
    )
    rest = 0 if f.has(Code.BAD_QUANTITY) else price - found.goods  # what does not divide by the pieces
    total = found.goods + rest + found.shipping + found.cod_fee + found.wrapping - found.discount
    if total < 0:
        f.note(
            Code.TOTAL_MISMATCH,
            f"割引が代金より大きく、合計が {yen(total)} になります。{CHECK}",
            rows[0],
            "item_discount",
        )
    return replace(found, total=max(total, 0), adjustment=rest)


def _cod_amount(f: Findings, rows: list[AmazonRow]) -> int:
    """代金引換額. Several rows that each name one are added up, and a person is asked."""
    amounts = [amount for row in rows if (amount := f.yen(row, "cod_amount"))]
    if len(amounts) > 1:
        listed = "、".join(yen(amount) for amount in amounts)
        message = f"代金引換額が複数の行にあります（{listed}）。合計 {yen(sum(amounts))} として取り込みました。{CHECK}"
        f.note(Code.TOTAL_MISMATCH, message, rows[0], "cod_amount")
    return sum(amounts)


def _cod_fee(f: Findings, rows: list[AmazonRow], cod: int) -> int:
    return sum(f.yen(row, "payment_fee") for row in rows) if cod else 0


def _payment(row: AmazonRow, cod: int) -> str:
    """Amazon takes the money itself; only 代金引換 is ours to collect. コンビニ前払い is paid before it is listed."""
    kind = payment_kind(row.payment)
    if cod or kind == COD:
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


def _destinations(f: Findings, rows: list[AmazonRow]) -> None:
    places = dict.fromkeys((row.ship_name, row.ship_zip, row.ship_address1) for row in rows)
    if len(places) > 1:
        names = "、".join(dict.fromkeys(row.ship_name for row in rows))
        message = f"送付先が複数あります（{names}）。最初の送付先だけを取り込みました。注文を送付先ごとに分けてください。"
        f.note(Code.MULTI_SHIP, message, rows[0], "ship_name", value=names)


def _ship_to(f: Findings, row: AmazonRow) -> Address:
    state = prefecture(row.ship_state)
    country = row.ship_country.upper() or "JP"
    if country != "JP":
        f.note(
            Code.OTHER,
            f"海外（{row.ship_country}）への注文です。送り先と送料を確かめてください。",
            row,
            "ship_country",
        )
    return Address(
        name=f.text(row, "ship_name", 100),
        postal_code=f.postal(row, "ship_zip", prefecture=state),
        prefecture=state,
        city=without_prefecture(state, f.text(row, "ship_city", 100)),
        line1=without_prefecture(state, f.text(row, "ship_address1", 200)),
        line2=f.texts(row, ("ship_address2", "ship_address3"), 200, join=" "),
        phone=f.phone(row, "ship_phone") or f.phone(row, "buyer_phone"),
        country=country,
    )


def _buyer(f: Findings, row: AmazonRow) -> Address:
    """購入者: Amazon tells no address of hers."""
    return Address(
        name=f.text(row, "buyer_name", 100),
        company=f.text(row, "buyer_company", 100),
        phone=f.phone(row, "buyer_phone"),
        email=f.text(row, "buyer_email", 254),
    )
