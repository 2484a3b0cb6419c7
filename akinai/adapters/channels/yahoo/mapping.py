"""Yahoo! rows → OrderDraft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from akinai.adapters.channels.words import Code, Findings, grouped, read_rows, split_extra
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, POINTS, UNKNOWN, kind_of, payment_kind
from akinai.adapters.channels.words.people import person
from akinai.adapters.channels.words.rows import check_columns, narrow
from akinai.adapters.channels.words.several import same_rows, without_repeats
from akinai.adapters.channels.yahoo.amounts import amounts_of
from akinai.adapters.channels.yahoo.parser import ITEM_TELLS, ORDER_TELLS, YahooItem, YahooOrder
from akinai.core.tables import FileRefused, RowError, Table, refuse, refuse_all
from akinai.orders.ports import LineDraft, OrderDraft

WAY_OUT = (
    "ストアクリエイターProの「注文管理」＞「注文データのダウンロード」で、必要な項目を入れたテンプレートを作り、"
    "注文データと商品データの2つのファイルを一緒に取り込んでください。"
)
_SHIPPED = ("3", "4", "出荷済み", "出荷済", "着荷済み", "着荷済")
_PAID = ("1", "入金済み", "入金済", "支払い済み")


class YahooFormat:
    """Yahoo!ショッピング 注文CSV（注文＋商品）."""

    code = "yahoo"
    title = "Yahoo!ショッピング 注文CSV"
    channel = "yahoo"
    delimiter: str | None = None
    quoting: bool | None = None

    def is_header(self, cells: Sequence[str]) -> bool:
        return _has_items(cells) or _has_orders(cells)

    def matches(self, tables: Sequence[Table]) -> bool:
        return bool(tables) and all(self.is_header(table.header) for table in tables)

    def read(self, tables: Sequence[Table]) -> list[OrderDraft]:
        """Drafts in the order of the order file. Raises FileRefused when a file or its partner is missing."""
        orders = [table for table in tables if _has_orders(table.header)]
        items = [table for table in tables if _has_items(table.header)]
        _check_pair(tables, orders, items)
        for table in orders:
            check_columns(table, YahooOrder, title=f"{self.title}の注文データ", way_out=WAY_OUT)
        for table in items:
            check_columns(table, YahooItem, title=f"{self.title}の商品データ", way_out=WAY_OUT)
        return _joined(orders, items)


def _has_items(cells: Sequence[str]) -> bool:
    return ITEM_TELLS.issubset(cells)


def _has_orders(cells: Sequence[str]) -> bool:
    return "OrderId" in cells and len(ORDER_TELLS.intersection(cells)) >= 3


def _check_pair(tables: Sequence[Table], orders: Sequence[Table], items: Sequence[Table]) -> None:
    if not items:
        message = f"商品データのファイル（OrderId、LineId、ItemId の列があるもの）がありません。{WAY_OUT}"
        raise refuse(tables[0].file, message)
    if not orders:
        message = f"注文データのファイル（OrderTime、TotalPrice、ShipLastName などの列があるもの）がありません。{WAY_OUT}"
        raise refuse(tables[0].file, message)


def _joined(orders: Sequence[Table], items: Sequence[Table]) -> list[OrderDraft]:
    lines: dict[str, list[YahooItem]] = {}
    for table in items:
        for number, rows in grouped(read_rows(table, YahooItem)).items():
            if not same_rows(
                lines.get(number, []), rows
            ):  # files of periods that overlap tell an order twice
                lines.setdefault(number, []).extend(rows)
    heads: list[tuple[str, list[YahooOrder], bool]] = []
    for table in orders:
        repeats = _has_items(table.header)
        heads += [(number, same, repeats) for number, same in grouped(read_rows(table, YahooOrder)).items()]
    known = {number for number, _, _ in heads}
    errors = [_lonely_item(rows[0]) for number, rows in lines.items() if number not in known]
    drafts: list[OrderDraft] = []
    for number, head_rows, repeats in heads:
        if number not in lines:
            errors.append(_lonely_order(head_rows[0]))
            continue
        try:
            drafts.append(_draft(number, head_rows, lines[number], repeats))
        except FileRefused as refusal:
            errors += refusal.errors
    if errors:
        raise refuse_all(errors)
    return drafts


def _lonely_item(row: YahooItem) -> RowError:
    message = (
        f"注文 {row.order_no} が注文データのファイルにありません。同じ期間・同じ条件でダウンロードした"
        f"注文データと商品データを一緒に取り込んでください。"
    )
    return RowError(row.file, row.line, row.header("order_no"), row.order_no, message)


def _lonely_order(row: YahooOrder) -> RowError:
    message = (
        f"注文 {row.order_no} の明細が商品データのファイルにありません。同じ期間・同じ条件でダウンロードした"
        f"注文データと商品データを一緒に取り込んでください。"
    )
    return RowError(row.file, row.line, row.header("order_no"), row.order_no, message)


def _draft(number: str, heads: list[YahooOrder], items: list[YahooItem], repeats: bool) -> OrderDraft:
    f = Findings()
    head = heads[0]
    if not repeats:
        without_repeats(f, heads, "order_no")
    ordered_at = f.moment(head, "ordered_at") or f.moment(head, "pay_date") or f.moment(head, "updated_at")
    if ordered_at is None:
        raise no_date(head, "ordered_at")
    items = without_repeats(f, items)
    order_raw, line_raws = _raws(head, items, repeats)
    pairs = enumerate(zip(items, line_raws, strict=True), 1)
    lines = tuple(_line(f, at, row, raw) for at, (row, raw) in pairs)
    f.line_no = 0
    label = head.pay_method_name or head.pay_method
    amounts = amounts_of(f, head, lines, is_cod=payment_kind(label) == COD)
    kind, status = kind_of(label, amounts, f), _mall_status(f, head)
    is_paid = narrow(head.pay_status) in _PAID and kind not in (COD, UNKNOWN)
    shipped_on = f.day(head, "shipped_on")
    return OrderDraft(
        channel_order_no=number,
        ordered_at=ordered_at,
        buyer=person(f, head, "buyer"),
        ship_to=person(f, head, "ship"),
        lines=lines,
        payment=kind,
        payment_label=label,
        **amounts.of_draft(),
        mall_status=status,
        paid_at=f.moment(head, "pay_date"),
        payment_settled=kind == POINTS or is_paid,
        shipped_on=shipped_on if status == "shipped" else None,
        tracking_no=narrow(head.tracking_no) if status == "shipped" else "",
        **_wishes(f, head),
        issues=tuple(f.issues),
        raw=order_raw,
        source_file=head.file,
        source_line=head.line,
    )


def _wishes(f: Findings, row: YahooOrder) -> dict[str, Any]:
    """お届けの希望と備考."""
    return {
        "delivery_on": f.day(row, "delivery_on"),
        "delivery_slot": f.slot(row),
        "delivery_method": row.ship_method,
        "carrier": carrier(row.carrier) or carrier(row.ship_method),
        "customer_note": f.text(row, "note"),
        "shop_note": f.texts(row, ("memo", "seller_note"), join="\n"),
        "gift_note": f.texts(row, ("wrap_paper", "wrap_name", "wrap_message"), join="、"),
    }


def _raws(
    head: YahooOrder, items: list[YahooItem], repeats: bool
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Unknown columns of the order and of the lines. In a file that holds both, neither keeps what the other knows."""
    if not repeats:
        return dict(head.extra), [dict(item.extra) for item in items]
    shared, lines = split_extra(items, ())
    named = {*head.headers.values()} | {*items[0].headers.values()}
    return (
        {name: value for name, value in shared.items() if name not in named},
        [{name: value for name, value in line.items() if name not in named} for line in lines],
    )


def _line(f: Findings, line_no: int, row: YahooItem, raw: dict[str, str]) -> LineDraft:
    f.line_no = line_no
    codes = f.codes(row, ("sub_code", "item_id"))
    return LineDraft(
        line_no=line_no,
        sku_code=codes[0] if codes else "",
        name=f.text(row, "name", 400),
        quantity=f.quantity(row),
        unit_price_yen=f.yen(row, "price"),
        tax_rate=f.rate(row),
        tax_rate_is=f.rate_is(row),
        options=f.texts(row, ("sub_option", "option", "inscription"), join="\n"),
        channel_line_no=row.line_id,
        jan=f.code(row, "jan"),
        alternative_codes=codes[1:],
        raw=raw,
        source_line=row.line,
    )


def _mall_status(f: Findings, row: YahooOrder) -> str:
    """OrderStatus 1予約 2処理中 3保留 4キャンセル 5完了; ShipStatus 3出荷済み 4着荷済み."""
    status = narrow(row.status)
    words = {"予約中": "1", "処理中": "2", "保留": "3", "キャンセル": "4", "完了": "5"}
    status = words.get(status, status)
    if status == "4":
        return "cancelled"
    if status == "5" or narrow(row.ship_status) in _SHIPPED:
        return "shipped"
    if status in ("1", "3"):
        word = "予約中" if status == "1" else "保留"
        f.note(
            Code.MALL_HOLD,
            f"Yahoo!ショッピングで「{word}」の注文です。処理中になるまで出荷しないでください。",
            row,
            "status",
        )
        return "hold"
    if status not in ("", "2"):
        f.note(Code.OTHER, f"注文ステータス「{row.status}」の意味が分かりません。{CHECK}", row, "status")
    return "open"
