"""楽天 rows → OrderDraft. The mall's amounts are taken as given; sums that do not hold become issues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from akinai.adapters.channels.rakuten.amounts import amounts_of
from akinai.adapters.channels.rakuten.comment import read_comment
from akinai.adapters.channels.rakuten.parser import LINE_COLUMNS, TELLS, RakutenRow
from akinai.adapters.channels.words import Code, Findings, split_extra
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import OrderFileFormat, no_date
from akinai.adapters.channels.words.payments import BANK_TRANSFER, LATER, POINTS, UNKNOWN, kind_of
from akinai.adapters.channels.words.people import (
    note_destinations,
    other_destinations,
    person,
    with_elsewhere,
)
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.orders.ports import LineDraft, OrderDraft

# 100 注文確認待ち, 200 楽天処理中, 300 発送待ち, 400 変更確定待ち, 500 発送済, 600 支払手続き中, 700 支払手続き済,
# 800 キャンセル確定待ち, 900 キャンセル確定
STATUSES = {
    "100": "open", "200": "open", "300": "open", "400": "hold", "500": "shipped", "600": "shipped", "700": "shipped",
    "800": "hold", "900": "cancelled",
}  # fmt: skip
STATUS_NAMES = {
    "注文確認待ち": "100", "楽天処理中": "200", "発送待ち": "300", "変更確定待ち": "400", "発送済": "500",
    "支払手続き中": "600", "支払手続き済": "700", "キャンセル確定待ち": "800", "キャンセル確定": "900",
}  # fmt: skip
_PAID_FROM = ("300", "500", "600", "700")
NO_SKU = "normal-inventory"  # RMS writes this where a product has no SKUs of its own


class RakutenFormat(OrderFileFormat):
    """楽天 RMS 受注CSV."""

    code = "rakuten"
    title = "楽天 RMS 受注CSV"
    channel = "rakuten"
    rows = RakutenRow
    tells = TELLS
    enough = 4
    way_out = "RMSの「受注・決済管理」＞「データダウンロード」で、すべての項目を選んだテンプレートでダウンロードし直してください。"

    def draft(self, number: str, rows: list[RakutenRow]) -> OrderDraft:
        f = Findings()
        head = rows[0]
        ordered_at = _ordered_at(f, head)
        rows = without_repeats(f, rows, "line_id", "sku_no")  # one 商品明細ID may hold several SKUs
        order_raw, line_raws = split_extra(rows, LINE_COLUMNS)
        pairs = enumerate(zip(rows, with_elsewhere(rows, line_raws), strict=True), 1)
        lines = tuple(_line(f, at, row, raw) for at, (row, raw) in pairs)
        f.line_no = 0
        amounts = amounts_of(f, rows, lines)
        status, kind = _status(f, head), kind_of(head.payment, amounts, f)
        shipped = f.day(head, "shipped_at")
        is_told = narrow(head.many_destinations) == "1"
        others = other_destinations(
            f, rows, lines, "ship_to_id", lambda row: (f.day(row, "delivery_on"), f.slot(row))
        )
        if others is None or (is_told and not others):
            note_destinations(f, rows, "ship_to_id", is_told=is_told)
        return OrderDraft(
            channel_order_no=number,
            ordered_at=ordered_at,
            buyer=person(f, head, "buyer"),
            ship_to=person(f, head, "ship"),
            lines=lines,
            payment=kind,
            payment_label=head.payment,
            **amounts.of_draft(),
            mall_status=_mall_status(f, head, status),
            payment_settled=_is_settled(kind, status),
            shipped_on=shipped if STATUSES.get(status) == "shipped" else None,
            **_wishes(f, head),
            is_remote_island=narrow(head.is_island) == "1",
            ship_to_id=head.ship_to_id,
            others=others or (),
            issues=tuple(f.issues),
            raw=order_raw,
            source_file=head.file,
            source_line=head.line,
        )


def _wishes(f: Findings, row: RakutenRow) -> dict[str, Any]:
    """お届けの希望と備考: the columns, and what the shop's form in the comment asks for."""
    comment = read_comment(f.text(row, "comment"))
    return {
        "delivery_on": f.day(row, "delivery_on") or comment.day,
        "delivery_slot": f.slot(row) or comment.slot,
        "delivery_method": row.delivery_method,
        "carrier": carrier(row.carrier),
        "customer_note": comment.note,
        "shop_note": f.text(row, "memo"),
        "gift_note": _gift(f, row),
    }


def _ordered_at(f: Findings, row: RakutenRow) -> datetime:
    """注文日時, else another moment of the same order. Refused when there is none: what is due hangs on it."""
    for name in ("ordered_at", "ordered_on", "confirmed_at", "fixed_at"):
        if found := f.moment(row, name):
            return found
    raise no_date(row, "ordered_at" if row.ordered_at else "ordered_on")


def _line(f: Findings, line_no: int, row: RakutenRow, raw: dict[str, str]) -> LineDraft:
    f.line_no = line_no
    found = [
        code for code in f.codes(row, ("system_sku", "sku_no", "item_no", "item_code")) if code != NO_SKU
    ]
    return LineDraft(
        line_no=line_no,
        sku_code=found[0] if found else "",
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price"),
        tax_rate=f.rate(row),
        tax_rate_is=f.rate_is(row),
        price_includes_tax=narrow(row.price_has_tax) != "0",
        options=f.texts(row, ("options", "sku_info"), join="\n"),
        channel_line_no=row.line_id,
        alternative_codes=tuple(found[1:]),
        raw=raw,
        source_line=row.line,
    )


def _status(f: Findings, row: RakutenRow) -> str:
    """ステータス as its number; "" when the column is absent or the word unknown (which is noted)."""
    text = narrow(row.status)
    status = STATUS_NAMES.get(text, text)
    if status and status not in STATUSES:
        message = f"ステータス「{row.status}」の意味が分かりません。RMSで状態を確かめてください。"
        f.note(Code.OTHER, message, row, "status")
        return ""
    return status


def _mall_status(f: Findings, row: RakutenRow, status: str) -> str:
    """open, hold, shipped or cancelled. What Rakuten itself still checks waits with us, too."""
    found = STATUSES.get(status, "open")
    if found == "hold":
        word = "変更確定待ち" if status == "400" else "キャンセル確定待ち"
        f.note(
            Code.MALL_HOLD,
            f"楽天で「{word}」の注文です。RMSで確定するまで出荷しないでください。",
            row,
            "status",
        )
    if narrow(row.is_checked_by_mall) == "1" and found in ("open", "hold"):
        message = "楽天が確認中の注文です（楽天確認中フラグ）。確認が終わるまで出荷しないでください。"
        f.note(Code.MALL_HOLD, message, row, "is_checked_by_mall")
        found = "hold"
    if narrow(row.warning) not in ("", "0") and found in ("open", "hold"):
        detail = f"「{row.warning_detail}」" if row.warning_detail else ""
        f.note(
            Code.OTHER, f"楽天の警告が付いた注文です{detail}。RMSで内容を確かめてください。", row, "warning"
        )
    return found


def _is_settled(kind: str, status: str) -> bool:
    """発送待ち and later means that Rakuten has the money or its authorisation.

    Not so for what is paid later, and not believed for 銀行振込: a shop that takes transfers to its own account must
    see them there first, and the other way round a wait costs one click.
    """
    if kind == POINTS:
        return True
    return status in _PAID_FROM and kind not in (*LATER, BANK_TRANSFER, UNKNOWN)


def _gift(f: Findings, row: RakutenRow) -> str:
    found = f.texts(row, ("noshi", "wrap1", "wrap2"), join="、")
    return found or ("ギフト配送希望" if narrow(row.is_gift) == "1" else "")
