"""EC-CUBE rows → OrderDraft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from akinai.adapters.channels.eccube.amounts import amounts_of, line_kind
from akinai.adapters.channels.eccube.parser import GOODS, LINE_COLUMNS, TELLS, EccubeRow
from akinai.adapters.channels.words import Code, Findings, ParsedRow, split_extra
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, POINTS, kind_of, payment_kind
from akinai.adapters.channels.words.people import (
    note_destinations,
    other_destinations,
    person,
    with_elsewhere,
)
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.orders.ports import LineDraft, OrderDraft

# 対応状況. 7 and 8 are orders whose payment was never finished: nothing may leave.
STATUSES = {
    "1": "open",
    "3": "cancelled",
    "4": "open",
    "5": "shipped",
    "6": "open",
    "7": "hold",
    "8": "hold",
    "9": "returned",
}
STATUS_NAMES = {
    "新規受付": "1", "注文取消し": "3", "注文取消": "3", "対応中": "4", "発送済み": "5", "入金済み": "6", "決済処理中": "7",
    "購入処理中": "8", "返品": "9",
}  # fmt: skip


class EccubeFormat(OrderFileFormat):
    """EC-CUBE 4 受注CSV."""

    code = "eccube"
    title = "EC-CUBE 4 受注CSV"
    channel = "eccube"
    rows = EccubeRow
    tells = TELLS
    enough = 3
    way_out = (
        "EC-CUBEの「受注管理」＞「CSVダウンロード」＞「CSV出力項目設定」で、標準の受注CSVの項目をすべて出力対象にして、"
        "ダウンロードし直してください。"
    )

    def number_field(self, rows: Sequence[ParsedRow]) -> str:
        """注文番号, or 注文ID where that column is not exported."""
        return "order_no" if rows and "order_no" in rows[0].headers else "order_id"

    def draft(self, number: str, rows: list[EccubeRow]) -> OrderDraft:
        f = Findings()
        ordered_at = f.moment(rows[0], "ordered_at") or f.moment(rows[0], "paid_at")
        if ordered_at is None:
            raise no_date(rows[0], "ordered_at")
        rows = without_repeats(f, rows)
        goods = [row for row in rows if line_kind(row) == GOODS]
        head = goods[0] if goods else rows[0]  # only 商品 and 送料 rows have a shipment
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        lines = _lines(f, goods, dict(zip([row.line for row in rows], line_raws, strict=True)))
        if not lines:
            f.note(Code.OTHER, f"商品の明細がありません。{CHECK}", head, "name")
        lines, amounts = amounts_of(f, rows, lines, is_cod=payment_kind(head.payment) == COD)
        kind, status = kind_of(head.payment, amounts, f), _status(f, head)
        mall_status, paid_at = STATUSES.get(status, "open"), f.moment(head, "paid_at")
        shipped_on = f.day(head, "shipped_on")
        others = other_destinations(
            f, goods, lines, "shipping_id", lambda row: (f.day(row, "delivery_on"), f.slot(row))
        )
        if others is None:
            note_destinations(f, goods or rows, "shipping_id")
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=person(f, head, "buyer"),
            ship_to=person(f, head, "ship"),
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            **amounts.of_draft(),
            mall_status=mall_status,
            paid_at=paid_at,
            payment_settled=kind == POINTS or status == "6" or paid_at is not None,
            shipped_on=shipped_on if mall_status == "shipped" else None,
            tracking_no=narrow(head.tracking_no) if mall_status == "shipped" else "",
            **_wishes(f, head),
            ship_to_id=head.shipping_id,
            others=others or (),
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=rows[0].file,
            source_line=rows[0].line,
        )


def _wishes(f: Findings, row: EccubeRow) -> dict[str, Any]:
    """お届けの希望と備考."""
    return {
        "delivery_on": f.day(row, "delivery_on"),
        "delivery_slot": f.slot(row),
        "delivery_method": row.carrier,
        "carrier": carrier(row.carrier),
        "customer_note": f.text(row, "message"),
        "shop_note": f.texts(row, ("shop_note", "delivery_note"), join="\n"),
    }


def _lines(
    f: Findings, goods: Sequence[EccubeRow], raws: Mapping[int, dict[str, str]]
) -> tuple[LineDraft, ...]:
    told = with_elsewhere(goods, [raws[row.line] for row in goods])
    lines = tuple(_line(f, at, row, raw) for at, (row, raw) in enumerate(zip(goods, told, strict=True), 1))
    f.line_no = 0
    return lines


def _line(f: Findings, line_no: int, row: EccubeRow, raw: dict[str, str]) -> LineDraft:
    f.line_no = line_no
    codes = f.codes(row, ("code",))
    choices = [
        f"{name}:{choice}" if name else choice
        for name, choice in ((row.class1, row.choice1), (row.class2, row.choice2))
        if choice
    ]
    return LineDraft(
        line_no=line_no,
        sku_code=codes[0] if codes else "",
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price"),
        tax_rate=f.rate(row),
        tax_rate_is=f.rate_is(row),
        options="\n".join(choices),
        channel_line_no=row.line_id,
        raw=raw,
        source_line=row.line,
    )


def _status(f: Findings, row: EccubeRow) -> str:
    status = narrow(row.status_id) or STATUS_NAMES.get(row.status_name, row.status_name)
    if status in ("7", "8"):
        word = "決済処理中" if status == "7" else "購入処理中"
        message = f"EC-CUBEで「{word}」の注文です。決済が終わっていないことがあるので、確定するまで出荷しないでください。"
        f.note(Code.MALL_HOLD, message, row, "status_id" if row.status_id else "status_name")
    elif status and status not in STATUSES:
        message = f"対応状況「{row.status_name or row.status_id}」の意味が分かりません。{CHECK}"
        f.note(Code.OTHER, message, row, "status_id" if row.status_id else "status_name")
    return status
