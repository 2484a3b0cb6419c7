"""Rows of an unknown file → OrderDraft. The same strictness as for the malls: what is odd is said, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from akinai.adapters.channels.generic import parser
from akinai.adapters.channels.generic.amounts import amounts_of
from akinai.adapters.channels.generic.parser import GenericRow
from akinai.adapters.channels.words import Code, Findings, grouped, split_extra
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.delivery import carrier
from akinai.adapters.channels.words.door import no_date
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.payments import COD, POINTS, kind_of
from akinai.adapters.channels.words.people import note_destinations, person, with_elsewhere
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.several import without_repeats
from akinai.adapters.channels.words.sums import check_currency
from akinai.adapters.channels.words.times import parse_moment
from akinai.core.tables import FileRefused, RowError, Table, refuse, refuse_all
from akinai.orders.ports import Address, LineDraft, OrderDraft

_STATUSES = (
    ("cancelled", ("キャンセル", "取消", "cancel", "void")),
    ("returned", ("返品", "return")),
    ("hold", ("保留", "確認中", "hold")),
    ("shipped", ("発送済", "出荷済", "配送済", "完了", "shipped", "fulfilled", "complete")),
)
_PAID = frozenset(
    (
        "1",
        "済",
        "入金済",
        "入金済み",
        "支払済",
        "支払済み",
        "決済済",
        "決済済み",
        "完了",
        "paid",
        "yes",
        "true",
        "authorized",
    )
)


class GenericFormat:
    """列の対応で読む受注CSV・Excel."""

    code = "generic"
    title = "そのほかのCSV・Excel（列を選んで読む）"
    channel = "generic"
    delimiter: str | None = None
    quoting: bool | None = None

    def fields(self) -> list[dict[str, Any]]:
        """What columns may be chosen for, in the words of core.intake.Field."""
        return parser.fields()

    def guess(self, header: Sequence[str]) -> dict[str, str]:
        """field → column, by the names of the columns alone."""
        return parser.guess(header)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Any words may be a shop's own column names, so none are taken for them before all malls were asked."""
        return False

    def matches(self, tables: Sequence[Table]) -> bool:
        """Do the names of the columns alone say enough? Asked after all malls."""
        return bool(tables) and all(not _lacking(self.guess(table.header)) for table in tables)

    def read(self, tables: Sequence[Table], mapping: Mapping[str, str] | None = None) -> list[OrderDraft]:
        """Drafts in file order. `mapping` is field → column; without it the columns are guessed by their names."""
        drafts: list[OrderDraft] = []
        errors: list[RowError] = []
        for table in tables:
            try:
                drafts += _read_one(table, mapping or self.guess(table.header))
            except FileRefused as refusal:
                errors += refusal.errors
        if errors:
            raise refuse_all(errors)
        return drafts


def _lacking(mapping: Mapping[str, str]) -> list[str]:
    """Labels of what must be known before a file can be read."""
    labels = {field["code"]: field["label"] for field in parser.fields()}
    lacking = [labels[name] for name in ("order_no", "ordered_at", "quantity") if not mapping.get(name)]
    if not any(mapping.get(name) for name in ("sku", "jan", "name")):
        lacking.append("商品コード")
    return lacking


def _read_one(table: Table, mapping: Mapping[str, str]) -> list[OrderDraft]:
    used = {name: column for name, column in mapping.items() if column}
    if lacking := _lacking(used):
        listed = "、".join(f"「{label}」" for label in lacking)
        message = f"{listed}に当たる列が分かりません。どの列がそれに当たるかを選んでください。"
        raise refuse(table.file, message, line=table.header_line, column="、".join(lacking))
    if unknown := [column for column in used.values() if column not in table.header]:
        message = f"列「{'」「'.join(unknown)}」がファイルにありません。列の対応を選び直してください。"
        raise refuse(table.file, message, line=table.header_line, column=unknown[0])
    errors: list[RowError] = []
    drafts = []
    for number, rows in grouped(parser.read(table, used)).items():
        try:
            drafts.append(_draft(number, rows))
        except FileRefused as refusal:
            errors += refusal.errors
    if errors:
        raise refuse_all(errors)
    return drafts


def _draft(number: str, rows: list[GenericRow]) -> OrderDraft:
    f = Findings()
    rows = without_repeats(f, rows, "line_no")
    head = rows[0]
    ordered_at = _ordered_at(f, head)
    order_raw, line_raws = split_extra(rows, ())
    is_yen = check_currency(f, head)
    pairs = enumerate(zip(rows, with_elsewhere(rows, line_raws), strict=True), 1)
    lines = tuple(_line(f, at, row, raw, is_yen) for at, (row, raw) in pairs)
    f.line_no = 0
    has_prices = is_yen and any(name in head.headers for name in ("price", "amount", "total"))
    amounts = amounts_of(f, rows, lines) if has_prices else Amounts(amounts_known=False)
    kind = kind_of(head.payment, amounts, f)
    buyer, ship_to = person(f, head, "buyer"), person(f, head, "ship")
    note_destinations(f, rows)
    return OrderDraft(
        channel_order_no=number,
        ordered_at=ordered_at,
        buyer=buyer if _is_told(buyer) else _in_place_of(buyer, ship_to),
        ship_to=ship_to if _is_told(ship_to) else _in_place_of(ship_to, replace(buyer, email="")),
        lines=lines,
        payment=kind,
        payment_label=head.payment,
        **amounts.of_draft(),
        mall_status=_status(head),
        payment_settled=kind == POINTS or (kind != COD and narrow(head.paid).lower() in _PAID),
        delivery_on=f.day(head, "delivery_on"),
        delivery_slot=f.slot(head),
        delivery_method=head.delivery_method,
        carrier=carrier(head.delivery_method),
        customer_note=f.text(head, "note"),
        shop_note=f.text(head, "shop_note"),
        gift_note=f.text(head, "gift_note"),
        issues=tuple(f.issues),
        raw=order_raw,
        source_file=head.file,
        source_line=head.line,
    )


def _in_place_of(lacking: Address, other: Address) -> Address:
    """注文者 and 送付先 are one where the file names one; what it does tell of the other stays."""
    return replace(other, phone=lacking.phone or other.phone, email=lacking.email or other.email)


def _is_told(person: Address) -> bool:
    return bool(person.name or person.line1 or person.postal_code)


def _ordered_at(f: Findings, head: GenericRow) -> datetime:
    """The day, and the time of day where it has a column of its own ("10:33", "103309", and 9:33 saved as "93309")."""
    found = f.moment(head, "ordered_at")
    if found is None:
        raise no_date(head, "ordered_at")
    clock = narrow(head.ordered_time)
    if not clock or found.time() != time():
        return found
    text = clock if ":" in clock or "時" in clock else ":".join(re.findall("..", clock.zfill(6)))
    moment = parse_moment(f"{found:%Y-%m-%d} {text}")
    if moment is None:
        f.note(
            Code.BAD_DATE,
            f"「{head.header('ordered_time')}」の時刻「{clock[:40]}」を読めません。{CHECK}",
            head,
            "ordered_time",
        )
    return moment or found


def _line(f: Findings, line_no: int, row: GenericRow, raw: dict[str, str], is_yen: bool) -> LineDraft:
    f.line_no = line_no
    quantity = f.quantity(row)
    jan = f.code(row, "jan")
    codes = f.codes(row, ("sku",)) or ((jan,) if jan else ())
    return LineDraft(
        line_no=line_no,
        sku_code=codes[0] if codes else "",
        name=f.text(row, "name", 400) or (codes[0] if codes else ""),
        quantity=quantity,
        unit_price_yen=_price(f, row, quantity) if is_yen else 0,
        tax_rate=f.rate(row),
        tax_rate_is=f.rate_is(row),
        options=f.text(row, "options"),
        channel_line_no=row.line_no,
        jan=jan,
        raw=raw,
        source_line=row.line,
    )


def _price(f: Findings, row: GenericRow, quantity: int) -> int:
    """単価, else 金額 ÷ 数量 where that comes out even."""
    if row.price or not row.amount:
        return f.yen(row, "price")
    amount = f.yen(row, "amount")
    if quantity and amount % quantity:
        message = f"「{row.header('amount')}」{row.amount} が数量 {quantity} で割り切れません。単価を確かめてください。"
        f.note(Code.BAD_PRICE, message, row, "amount")
    return amount // quantity if quantity else 0


def _status(row: GenericRow) -> str:
    text = row.status.lower()
    if "未" in text:  # 未発送, 未完了
        return "open"
    return next((status for status, words in _STATUSES if any(word in text for word in words)), "open")
