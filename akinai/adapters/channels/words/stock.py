"""在庫ファイルの共通部分: rows of a mall's stock export, read by name, with problems by line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from akinai.channels.ports import FeedRow, MallRow, MallStock
from akinai.core.money import NotANumber, parse_quantity
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    Row,
    RowError,
    Table,
    dangerous_formula,
    is_excel_mangled,
    normal_header,
    unwrap_text,
)

AGAIN = "モールからダウンロードし直したファイルを、Excelで開かずにそのまま取り込んでください。"


@dataclass(slots=True)
class StockReading:
    """One look at a table: rows gather, problems gather, a key that stands twice is a problem."""

    table: Table
    rows: list[MallRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    _lines: dict[str, int] = field(default_factory=dict)

    def wrong(self, row: Row, column: str, message: str) -> None:
        self.errors.append(
            RowError(self.table.file, row.line, self.table.original(column), row.get(column), message)
        )

    def text(self, row: Row, column: str) -> str:
        """A code as the mall wrote it; a destroyed one is told and empty."""
        cell = unwrap_text(row.get(column))
        if dangerous_formula(cell) or is_excel_mangled(cell):
            self.wrong(row, column, f"値が計算式か、Excelで壊れた数字になっています。{EXCEL_WAY_OUT}")
            return ""
        return cell

    def quantity(self, row: Row, column: str) -> int | None:
        """Pieces; a negative stock, which some malls show when they oversold, is taken as it is."""
        try:
            return parse_quantity(row.get(column), allow_negative=True)
        except NotANumber as problem:
            self.wrong(row, column, f"{problem}{AGAIN}")
            return None

    def add(
        self,
        row: Row,
        *,
        keys: Mapping[str, str],
        codes: Iterable[str],
        quantity: int | None,
        title: str = "",
        named: str = "",
    ) -> None:
        """Keep the row unless something of it was wrong. `named`: its key, where the keys together are none."""
        key = named or " / ".join(value for value in keys.values() if value)
        if quantity is None or not key:
            return
        if before := self._lines.get(key):
            column = next(iter(keys))
            self.wrong(
                row,
                normal_header(column),
                f"同じ品目が {before} 行目にもあります。どちらかを消してください。",
            )
            return
        self._lines[key] = row.line
        known = tuple(dict.fromkeys(code for code in codes if code))
        self.rows.append(MallRow(key[:255], dict(keys), known, quantity, row.line, title[:255]))

    def done(self) -> MallStock:
        return MallStock(self.rows, self.errors)


def has(table: Table, *columns: str) -> bool:
    """Are all these columns there?"""
    return {normal_header(column) for column in columns} <= table.columns()


def read_rows(table: Table, take: Callable[[StockReading, Row], None]) -> MallStock:
    """Every row through `take`."""
    reading = StockReading(table)
    for row in table.rows:
        take(reading, row)
    return reading.done()


def taken(rows: Sequence[FeedRow], left_out: Mapping[int, str]) -> list[FeedRow]:
    """The rows that the mall takes."""
    return [row for at, row in enumerate(rows) if at not in left_out]


def cells(rows: Sequence[FeedRow], quantity: str, **more: str) -> list[dict[str, str]]:
    """The rows as the mall's columns: its own cells, the quantity, and what is the same in every row."""
    return [{**row.keys, quantity: str(row.quantity), **more} for row in rows]


def not_in(encoding: str, rows: Sequence[FeedRow]) -> dict[int, str]:
    """Rows with a character that the mall's encoding does not have."""
    found = {}
    for at, row in enumerate(rows):
        text = "".join(row.keys.values())
        try:
            text.encode(encoding)
        except UnicodeEncodeError as error:
            found[at] = f"モールの文字コード（Shift_JIS）にない文字「{text[error.start]}」があります。"
    return found
