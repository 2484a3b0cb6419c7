"""Rows with named fields (列の名前の対応): a table in, frozen rows out, unknown columns kept as they stood."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from akinai.core.tables import (
    EXCEL_WAY_OUT,
    RowError,
    Table,
    is_excel_mangled,
    normal_header,
    refuse,
    refuse_all,
    unwrap_text,
)

_WIDE = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {"　": " ", "－": "-", "−": "-"}
)


def column(*names: str, required: bool = False) -> Any:
    """A field of a parsed row and the header texts that mean it, best first (compared without case and width)."""
    return field(
        default="", metadata={"names": tuple(normal_header(name) for name in names), "required": required}
    )


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of a file. Fields hold trimmed text ("" when the column is absent); `extra` all other columns verbatim.

    `headers` says for each field how its column is called in this file, for messages.
    """

    one_of: ClassVar[
        tuple[tuple[str, ...], ...]
    ] = ()  # groups of fields of which at least one column must exist

    file: str
    line: int
    extra: Mapping[str, str]
    headers: Mapping[str, str]

    def header(self, name: str) -> str:
        return self.headers.get(name) or column_name(type(self), name)


_OWN = {"file", "line", "extra", "headers"}


_fields: dict[type[ParsedRow], list[dataclasses.Field[Any]]] = {}


def column_fields(kind: type[ParsedRow]) -> list[dataclasses.Field[Any]]:
    """The fields that stand for columns, in order of declaration."""
    if kind not in _fields:
        _fields[kind] = [item for item in dataclasses.fields(kind) if item.name not in _OWN]
    return _fields[kind]


def column_name(kind: type[ParsedRow], name: str) -> str:
    """The first name of a field's column."""
    return next((item.metadata["names"][0] for item in column_fields(kind) if item.name == name), "")


def find_columns(kind: type[ParsedRow], header: Sequence[str]) -> dict[str, int]:
    """field → position, for the columns that this header has."""
    at = {name.casefold(): index for index, name in reversed(list(enumerate(header)))}
    found = {}
    for item in column_fields(kind):
        for name in item.metadata["names"]:
            if (index := at.get(name.casefold())) is not None:
                found[item.name] = index
                break
    return found


def missing_columns(kind: type[ParsedRow], header: Sequence[str]) -> list[str]:
    """Names of required columns that the header lacks; alternatives are joined by または."""
    found = find_columns(kind, header)
    lacking = [
        item.metadata["names"][0]
        for item in column_fields(kind)
        if item.metadata["required"] and item.name not in found
    ]
    for group in kind.one_of:
        if not any(name in found for name in group):
            lacking.append("または".join(column_name(kind, name) for name in group))
    return lacking


def check_columns(table: Table, kind: type[ParsedRow], *, title: str, way_out: str) -> None:
    """Refuse a table that lacks required columns: which ones, and how to get them."""
    if lacking := missing_columns(kind, table.header):
        listed = "、".join(f"「{name}」" for name in lacking)
        message = f"{title}に必要な列{listed}がありません。{way_out}"
        raise refuse(table.file, message, line=table.header_line, column="、".join(lacking))


def read_rows[R: ParsedRow](table: Table, kind: type[R]) -> list[R]:
    """All rows of a table as `kind`, its columns found by their names."""
    return rows_at(table, kind, find_columns(kind, table.header))


def rows_at[R: ParsedRow](table: Table, kind: type[R], places: Mapping[str, int]) -> list[R]:
    """All rows of a table as `kind`, with field → position given. `="0123"` and `'0123` are unwrapped."""
    at = [places.get(item.name, -1) for item in column_fields(kind)]
    used = set(at)
    others = [(index, name) for index, name in enumerate(table.header) if index not in used]
    headers = {name: table.original(table.header[index]) for name, index in places.items()}
    rows = []
    for row in table.rows:
        cells = row.cells
        extra = {name: cells[index] for index, name in others if cells[index]}
        bare = [cells[index].strip() if index >= 0 else "" for index in at]
        if _MAYBE_WRAPPED.search("\0".join(bare)):
            bare = [unwrap_text(text) if text[:1] in ("=", "'") else text for text in bare]
        rows.append(kind(table.file, row.line, extra, headers, *bare))
    return rows


LONGEST_NUMBER = 80
_MAYBE_WRAPPED = re.compile("(?:^|\0)[=']")


def narrow(text: str) -> str:
    """全角英数字 → 半角, for numbers and codes. Kana stay as they are."""
    return text if text.isascii() else text.translate(_WIDE).strip()


def grouped[R: ParsedRow](rows: Iterable[R], name: str = "order_no") -> dict[str, list[R]]:
    """Rows by order number, in file order. Raises FileRefused naming every row without a usable number."""
    groups: dict[str, list[R]] = {}
    errors: list[RowError] = []
    for row in rows:
        number = narrow(getattr(row, name))
        if not number:
            message = "注文番号が空欄です。どの注文の行か分からないため取り込めません。もう一度ダウンロードしてください。"
            errors.append(RowError(row.file, row.line, row.header(name), "", message))
        elif is_excel_mangled(number):
            message = f"注文番号がExcelで壊れています。{EXCEL_WAY_OUT}"
            errors.append(RowError(row.file, row.line, row.header(name), number, message))
        elif len(number) > LONGEST_NUMBER:
            message = f"注文番号が長すぎます（{len(number)}文字、{LONGEST_NUMBER}文字まで）。列がずれていないか確かめてください。"
            errors.append(RowError(row.file, row.line, row.header(name), number[:40] + "…", message))
        else:
            groups.setdefault(number, []).append(row)
    if errors:
        raise refuse_all(errors)
    return groups


def split_extra(
    rows: Sequence[ParsedRow], line_columns: Collection[str], *, head_only: bool = False
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Unknown columns: (those of the order, those of each line). A column that differs between rows is the lines'.

    `head_only`: the order's own columns are filled on its first row only, so that row decides for them.
    """
    shared = {name: value for name, value in rows[0].extra.items() if name not in line_columns}
    if not head_only:
        for row in rows[1:]:
            shared = {name: value for name, value in shared.items() if row.extra.get(name) == value}
    return shared, [{k: v for k, v in row.extra.items() if shared.get(k) != v} for row in rows]
