"""The frame of a mall's door (受注ファイルの読み方の枠): name the columns, map one order, done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from akinai.adapters.channels.words.rows import ParsedRow, check_columns, grouped, read_rows
from akinai.core.tables import EXCEL_WAY_OUT, FileRefused, RowError, Table, refuse, refuse_all
from akinai.orders.ports import OrderDraft


class OrderFileFormat:
    """`orders.ports.OrderFormat` for malls with one kind of file, one row per line.

    `delimiter` and `quoting` are hints for `core.tables.read_tables` (None: as found).
    """

    code: str
    title: str
    channel: str
    rows: type[ParsedRow]
    tells: frozenset[str]  # columns that only this mall has
    enough: int = 0  # how many of them must be there; 0 = all
    way_out: str  # how to get the right file
    delimiter: str | None = None
    quoting: bool | None = None

    def is_header(self, cells: Sequence[str]) -> bool:
        """Normalised cells of a line: are they this mall's header?"""
        return len(self.tells.intersection(cells)) >= (self.enough or len(self.tells))

    def matches(self, tables: Sequence[Table]) -> bool:
        """All files given in one intake are this mall's. By header set only."""
        return bool(tables) and all(self.is_header(table.header) for table in tables)

    def read(self, tables: Sequence[Table]) -> list[OrderDraft]:
        """Drafts in file order. Raises FileRefused with every reason found."""
        drafts: list[OrderDraft] = []
        errors: list[RowError] = []
        for table in tables:
            try:
                drafts += self.read_one(table)
            except FileRefused as refusal:
                errors += refusal.errors
        if errors:
            raise refuse_all(errors)
        return drafts

    def read_one(self, table: Table) -> list[OrderDraft]:
        check_columns(table, self.rows, title=self.title, way_out=self.way_out)
        errors: list[RowError] = []
        drafts = []
        parsed = read_rows(table, self.rows)
        for number, rows in grouped(parsed, self.number_field(parsed)).items():
            try:
                drafts.append(self.draft(number, rows))
            except FileRefused as refusal:
                errors += refusal.errors
        if errors:
            raise refuse_all(errors)
        return drafts

    def number_field(self, rows: Sequence[ParsedRow]) -> str:
        """The field by which rows belong to an order."""
        return "order_no"

    def draft(self, number: str, rows: list[Any]) -> OrderDraft:
        """One order from its rows."""
        raise NotImplementedError


_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?|5[0-4]\d{3}(?:\.\d+)?")  # 1982 to 2049


def no_date(row: ParsedRow, name: str) -> FileRefused:
    """The refusal of an order that has no usable date in any column: when it came decides what is due, so no guess."""
    value = getattr(row, name, "")
    message = (
        "注文日時を読めません。注文日のほかの列にも使える日付がありません。もう一度ダウンロードしてください。"
    )
    if _SERIAL.fullmatch(value):
        message = f"注文日時がExcelの連番（{value}）になっていて、読めません。{EXCEL_WAY_OUT}"
    return refuse(row.file, message, line=row.line, column=row.header(name), value=value)
