"""BASE rows → OrderDraft."""

from __future__ import annotations

from dataclasses import replace

from akinai.adapters.channels.base.parser import LINE_COLUMNS, TELLS, BaseRow
from akinai.adapters.channels.words import Code, Findings, split_extra
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import BANK_TRANSFER, LATER, POINTS, UNKNOWN, kind_of
from akinai.adapters.channels.words.people import note_destinations, person, with_elsewhere
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.sums import agree, check_total
from akinai.core.money import NotANumber, parse_yen
from akinai.orders.ports import LineDraft, OrderDraft

_UNPAID = frozenset(("未入金", "入金待ち", "入金前", "決済待ち"))
_STATUSES = {
    "": "open", "未対応": "open", "未発送": "open", "対応中": "open", "一部対応": "hold", "一部発送": "hold",
    "対応済": "shipped", "対応済み": "shipped", "発送済": "shipped", "発送済み": "shipped", "発送完了": "shipped",
    "キャンセル": "cancelled", "キャンセル済み": "cancelled",
}  # fmt: skip


class BaseFormat(OrderFileFormat):
    """BASE 注文CSV."""

    code = "base"
    title = "BASE 注文CSV"
    channel = "base"
    rows = BaseRow
    tells = TELLS
    enough = 4
    way_out = "BASEの「注文管理」＞「CSVダウンロード」で、注文データをダウンロードし直し、列を消さずにそのまま取り込んでください。"

    def draft(self, number: str, rows: list[BaseRow]) -> OrderDraft:
        f = Findings()
        head = rows[0]
        ordered_at = f.moment(head, "ordered_at")
        if ordered_at is None:
            raise no_date(head, "ordered_at")
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        pairs = enumerate(zip(rows, with_elsewhere(rows, line_raws), strict=True), 1)
        lines = tuple(_line(f, at, row, raw) for at, (row, raw) in pairs)
        f.line_no = 0
        amounts = _amounts(f, rows, lines)
        kind, status = kind_of(head.payment, amounts, f), _status(f, rows)
        note_destinations(f, rows)
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=person(f, head, "buyer"),
            ship_to=person(f, head, "ship"),
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            **amounts.of_draft(),
            mall_status=status,
            payment_settled=kind == POINTS or _is_settled(kind, head, status),
            delivery_on=f.day(head, "delivery_on"),
            delivery_slot=f.slot(head),
            carrier=carrier(head.method),
            delivery_method=head.method,
            customer_note=f.text(head, "note"),
            shop_note=f.text(head, "memo"),
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=head.file,
            source_line=head.line,
        )


def _line(f: Findings, line_no: int, row: BaseRow, raw: dict[str, str]) -> LineDraft:
    """The shop's own codes first; BASE's ids name the goods where the shop gave no codes."""
    f.line_no = line_no
    codes = f.codes(row, ("variation_code", "item_code", "variation_id", "item_id"))
    return LineDraft(
        line_no=line_no,
        sku_code=codes[0] if codes else "",
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price"),
        tax_rate=f.rate(row),
        tax_rate_is=f.rate_is(row),
        options=f.text(row, "variation"),
        jan=f.code(row, "jan"),
        alternative_codes=codes[1:],
        raw=raw,
        source_line=row.line,
    )


def _amounts(f: Findings, rows: list[BaseRow], lines: tuple[LineDraft, ...]) -> Amounts:
    """合計金額 stands for the order in every row; some exports put the row's own 価格×数量 there.

    送料, 代引き手数料 and 調整金額 are the order's: repeated, or on its first row only. Rows that name different
    送料 (one per 配送先) are noted by the sum, which then does not hold.
    """
    head = rows[0]
    parts = Amounts(
        goods_yen=sum(line.subtotal_yen for line in lines),
        shipping_yen=f.yen(head, "shipping"),
        cod_fee_yen=f.yen(head, "cod_fee"),
        adjustment_yen=f.yen(head, "adjustment", negative=True),
        discount_yen=f.magnitude(head, "coupon"),
    )
    total = f.yen(head, "total")
    if len(rows) > 1 and total != parts.sum and _are_row_totals(rows, lines):
        total = parts.sum  # every row proves itself; the order's total is not told
    else:
        agree(f, rows, "total", Code.TOTAL_MISMATCH)
    found = replace(parts, total_yen=total)
    check_total(f, head, "total", found)
    return found


def _are_row_totals(rows: list[BaseRow], lines: tuple[LineDraft, ...]) -> bool:
    try:
        return all(parse_yen(row.total) == line.subtotal_yen for row, line in zip(rows, lines, strict=True))
    except NotANumber:
        return False


def _status(f: Findings, rows: list[BaseRow]) -> str:
    """発送状況. Rows of one order may differ when a part has left."""
    head = rows[0]
    found = {_STATUSES.get(row.status, "open") for row in rows}
    unknown = [row for row in rows if row.status not in _STATUSES and row.status not in _UNPAID]
    if unknown:
        f.note(
            Code.OTHER, f"発送状況「{unknown[0].status}」の意味が分かりません。{CHECK}", unknown[0], "status"
        )
    if len(found) > 1 or "hold" in found:
        words = "、".join(dict.fromkeys(row.status for row in rows))
        message = (
            f"商品によって発送状況が違う注文です（{words}）。BASEで残りの商品を確かめてから進めてください。"
        )
        f.note(Code.MALL_HOLD, message, head, "status")
        return "hold"
    return found.pop()


def _is_settled(kind: str, row: BaseRow, status: str) -> bool:
    """BASE lists an order as 未対応 once it has the money. Not so for 代引, 後払い and the shop's own bank account."""
    if kind in (*LATER, UNKNOWN) or row.status in _UNPAID or status == "cancelled":
        return False
    return kind != BANK_TRANSFER or "BASE" in narrow(row.payment).upper()
