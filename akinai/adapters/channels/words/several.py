"""くり返し: the same row twice in one file, the same order in two files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from akinai.adapters.channels.words.findings import CHECK, Code, Findings
from akinai.adapters.channels.words.rows import ParsedRow, column_fields, narrow
from akinai.core.tables import EXCEL_WAY_OUT, is_excel_mangled
from akinai.orders.ports import IssueDraft, OrderDraft


def without_repeats[R: ParsedRow](
    f: Findings, rows: Sequence[R], name: str = "line_id", *also: str
) -> list[R]:
    """Rows without those whose line number (field `name`, with the fields `also`) came before. Each is noted.

    Equal rows of a mall without line numbers are two lines of one order, and stay; so do rows whose line number
    Excel has destroyed, because "1.23E+13" is the same for all of them.
    """
    first: dict[tuple[str, ...], R] = {}
    kept = []
    for row in rows:
        number = narrow(getattr(row, name))
        if number and is_excel_mangled(number):
            message = (
                f"「{row.header(name)}」がExcelで壊れていて、行の重複を確かめられません。{EXCEL_WAY_OUT}"
            )
            f.note(Code.MANGLED, message, row, name)
            number = ""
        key = (number, *[getattr(row, other) for other in also])
        if not number or key not in first:
            first.setdefault(key, row)
            kept.append(row)
            continue
        _note_repeat(f, first[key], row, number)
    return kept


def same_rows(one: Sequence[ParsedRow], other: Sequence[ParsedRow]) -> bool:
    """Do two groups of rows tell the same, wherever they stand?"""
    return [contents(row) for row in one] == [contents(row) for row in other]


def contents(row: ParsedRow) -> list[str]:
    """The named fields of a row."""
    return [getattr(row, item.name) for item in column_fields(type(row))]


def _note_repeat(f: Findings, first: ParsedRow, row: ParsedRow, name: str) -> None:
    changed = [
        f"{row.header(item.name)}「{getattr(first, item.name)}」→「{getattr(row, item.name)}」"
        for item in column_fields(type(row))
        if getattr(first, item.name) != getattr(row, item.name)
    ]
    message = (
        f"{first.line}行目と同じ明細番号 {name} の行がもう一度あります。{first.line}行目だけを使いました。"
    )
    if changed:
        message += f"内容が違います: {'、'.join(changed[:5])}。"
    f.note(Code.DUPLICATE_ROW, f"{message}{CHECK}", row, value=name)


def merged(drafts: Iterable[OrderDraft]) -> list[OrderDraft]:
    """One draft per order number. Files that overlap tell the same order twice: the same telling is taken once; of one
    with prices and one without, the one with prices; of two different ones the later file counts, and the order says so.
    """
    found: dict[str, OrderDraft] = {}
    for draft in drafts:
        before = found.get(draft.channel_order_no)
        if before is None:
            found[draft.channel_order_no] = draft
        elif before.amounts_known != draft.amounts_known and _goods(before) == _goods(draft):
            found[draft.channel_order_no] = draft if draft.amounts_known else before
        elif _plain(before) != _plain(draft):
            found[draft.channel_order_no] = replace(
                draft, issues=(*draft.issues, _two_tellings(before, draft))
            )
    return list(found.values())


def _goods(draft: OrderDraft) -> list[tuple[str, str, int]]:
    return [(line.channel_line_no, line.sku_code, line.quantity) for line in draft.lines]


def _plain(draft: OrderDraft) -> OrderDraft:
    """Without the places where it stood."""
    lines = tuple(replace(line, source_line=0) for line in draft.lines)
    issues = tuple(replace(issue, source_file="", source_line=0, message="") for issue in draft.issues)
    return replace(draft, lines=lines, issues=issues, source_file="", source_line=0)


def _two_tellings(before: OrderDraft, draft: OrderDraft) -> IssueDraft:
    message = (
        f"同じ注文が2つのファイルにあり、内容が違います（{before.source_file} の{before.source_line}行目、"
        f"{draft.source_file} の{draft.source_line}行目）。後のファイルを使いました。{CHECK}"
    )
    return IssueDraft(
        Code.DUPLICATE_ROW, message, 0, draft.source_file, draft.source_line, "", draft.channel_order_no
    )
