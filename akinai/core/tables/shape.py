"""The shapes of a read file (表の形): tables, rows, and the errors a clerk reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RowError:
    """One problem in one file, as a clerk reads it: where, what was written, what to do.

    `line` is the 1-based physical line (Excel: row) or 0 for the whole file; `column` is the header text
    (or "" for the whole row); `message` is Japanese and ends with the way out.
    """

    file: str
    line: int
    column: str
    value: str
    message: str


class FileRefused(Exception):
    """The file as a whole cannot be taken in. `errors` holds every reason found, at least one."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__(errors[0].message if errors else "")
        self.errors = errors


class HeaderNotFound(FileRefused):
    """No line among the first looks like the column names that were asked for."""


MOST_ERRORS = 100


def refuse(file: str, message: str, *, line: int = 0, column: str = "", value: str = "") -> FileRefused:
    """The exception for one reason; `raise refuse(...)`. A long value is shortened for the screen."""
    return FileRefused([RowError(file, line, column, shorten(value), message)])


def refuse_all(errors: Iterable[RowError]) -> FileRefused:
    """The exception for many reasons: the first hundred, and how many more there are."""
    found = list(errors)
    shown = found[:MOST_ERRORS]
    if len(found) > MOST_ERRORS:
        rest = f"このほかに {len(found) - MOST_ERRORS:,} 件の誤りがあります。上の誤りを直してから、もう一度取り込んでください。"
        shown.append(RowError(found[0].file, 0, "", "", rest))
    return FileRefused(shown)


def shorten(text: str, length: int = 80) -> str:
    """Text for an error table: one line, at most `length` characters."""
    flat = text.replace("\r\n", "⏎").replace("\n", "⏎").replace("\r", "⏎")
    return flat if len(flat) <= length else flat[:length] + "…"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row. `cells` are stripped of nothing: the text is as it stood in the file."""

    line: int
    cells: tuple[str, ...]
    header: dict[str, int] = field(repr=False)

    def get(self, column: str, default: str = "") -> str:
        """Text of a column by its normalised header name, trimmed; `default` when the column is absent."""
        at = self.header.get(column)
        return self.cells[at].strip() if at is not None and at < len(self.cells) else default

    def has(self, column: str) -> bool:
        return column in self.header

    def raw(self) -> dict[str, str]:
        """All columns verbatim, for keeping beside what was understood. Empty cells are left out."""
        return {
            name: self.cells[at]
            for name, at in self.header.items()
            if at < len(self.cells) and self.cells[at]
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular table found in a file. `header` is normalised; `original_header` is as it was written."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    header_line: int
    encoding: str  # "utf-8", "utf-8-sig", "utf-16", "cp932", "xlsx", "xls", "ods"
    delimiter: str  # ",", "\t", ";" or "" for Excel
    preamble: tuple[tuple[str, ...], ...] = ()
    original_header: tuple[str, ...] = ()
    sheet: str = ""

    def columns(self) -> frozenset[str]:
        return frozenset(self.header)

    def original(self, column: str) -> str:
        """The header text as written in the file, for messages."""
        at = self.header.index(column) if column in self.header else -1
        return self.original_header[at] if 0 <= at < len(self.original_header) else column
