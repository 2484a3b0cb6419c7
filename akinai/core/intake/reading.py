"""Reading rows of the generic format (行の読み取り): cells by field, and problems by line and column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akinai.core.intake.kind import Options, Upload
from akinai.core.tables import Row, RowError, Table, dangerous_formula, shorten


class Reading:
    """One look at the files of a generic intake. Problems gather in `errors`; a kind adds what good rows become."""

    def __init__(self, files: Sequence[Upload], options: Options) -> None:
        self.columns: Mapping[str, str] = options.get("columns") or {}  # field → column name
        self.rows: list[tuple[Table, Row]] = [(t, row) for t in (f.table() for f in files) for row in t.rows]
        self.errors: list[RowError] = []

    def cell(self, row: Row, field: str) -> str:
        """Text of a field, '' when no column was chosen for it."""
        column = self.columns.get(field, "")
        return row.get(column) if column else ""

    def wrong(self, table: Table, row: Row, field: str, message: str) -> None:
        """Note a problem under the column's own name."""
        column = table.original(self.columns.get(field, ""))
        self.errors.append(RowError(table.file, row.line, column, shorten(self.cell(row, field)), message))

    def refuse_formula(self, table: Table, row: Row, field: str) -> bool:
        """Note a formula in the cell. Out: was there one?"""
        found = dangerous_formula(self.cell(row, field))
        if found:
            self.wrong(table, row, field, "数式が入っています。数式を消して、値だけを貼り付けてください。")
        return found
