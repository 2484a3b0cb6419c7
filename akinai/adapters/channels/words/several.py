"""くり返し: the same row twice in one file."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.findings import CHECK, Code, Findings
from akinai.adapters.channels.words.rows import ParsedRow, column_fields, narrow
from akinai.core.tables import EXCEL_WAY_OUT, is_excel_mangled


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
