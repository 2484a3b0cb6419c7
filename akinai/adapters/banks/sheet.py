"""The frame of a net-banking CSV (ネットバンキングCSVの読み方): subclass it, name the columns, done.

Header found within the first 15 lines, account data above it, amounts and dates read strictly, lines put oldest
first by their balances. A broken balance chain warns; a cell that cannot be read refuses the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from akinai.adapters.banks.account import hint_from
from akinai.adapters.banks.chain import oldest_first
from akinai.adapters.banks.dates import Period, find_period, period_of_year, read_date
from akinai.adapters.banks.wording import Wording
from akinai.core.money import NotANumber, parse_yen
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    FileRefused,
    Row,
    RowError,
    Table,
    dangerous_formula,
    decode,
    is_excel_mangled,
    normal_header,
    read_tables,
    refuse,
    refuse_all,
)
from akinai.payments.ports import Statement, StatementLine

_LOOK_AT = 15
_PEEK = 64 * 1024
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOTHING = frozenset({"", "-", "－", "―", "ー", "*", "\\"})


class BadCell(ValueError):
    """A cell of a row that cannot be read: (column, value, Japanese reason)."""

    def __init__(self, column: str, value: str, message: str) -> None:
        super().__init__(message)
        self.column, self.value, self.message = column, value, message

    def at(self, table: Table, row: Row) -> RowError:
        """The same with file and line, the column as the file writes it."""
        return RowError(table.file, row.line, table.original(self.column), self.value, self.message)


class CsvBank:
    """One bank's CSV. All column names are as `core.tables.normal_header` leaves them (NFKC: （円） is (円))."""

    code: str
    title: str
    bank_code: str = ""
    bank_name: str = ""
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    # True where the layout is fixed: a column nobody knows means that the bank changed its file, and money is not guessed.
    strict: bool = False
    newest_first: bool = False
    day: str = "日付"
    paid_in: str = ""
    paid_out: str = ""
    signed: str = ""
    balance: str = ""
    memo: str = ""
    ref: str = ""
    texts: tuple[str, ...] = ()

    def __init__(self, *, year: int | None = None) -> None:
        self.year = year

    def for_year(self, year: int) -> CsvBank:
        """The same format for a file whose dates have no year and that names no period."""
        return type(self)(year=year)

    def sniff(self, data: bytes, filename: str) -> bool:
        return any(self.is_header(cells) for cells in first_lines(data, filename))

    def required_columns(self) -> tuple[str, ...]:
        """Without these it is not this bank's file; () when the columns are not fixed."""
        return getattr(self, "required", ())

    def is_header(self, cells: Sequence[str]) -> bool:
        return set(self.required) <= set(cells)

    def read(self, data: bytes, filename: str) -> Sequence[Statement]:
        table = read_tables(data, filename=filename, find_header=self.is_header, expected=self.required)
        self._refuse_unknown_columns(table)
        preamble = [" ".join(cells) for cells in table.preamble]
        lines, errors = self._lines(table, find_period(preamble) or self._asked_period(table))
        if errors:
            raise refuse_all(errors)
        ordered, warnings = oldest_first(
            lines, newest_first=self.newest_first, file=filename, column=table.original(self.balance)
        )
        hint = hint_from(table.preamble, bank_code=self.bank_code, bank_name=self.bank_name)
        return [Statement(account=hint, lines=ordered, file=filename, warnings=warnings)]

    # What a bank may do in its own way -------------------------------------------------------------------------

    def meaning(self, row: Row, amount_yen: int) -> Wording:
        """Kind and payer of a row."""
        raise NotImplementedError

    def on(self, row: Row, period: Period | None) -> date:
        text = row.get(self.day)
        try:
            return read_date(text, period=period, year=self.year)
        except ValueError as error:
            reason = f"{error}"
            way_out = "" if reason.endswith("ください。") else "元のファイルを確かめてください。"
            raise BadCell(self.day, text, reason + way_out) from None

    def check(self, row: Row, amount_yen: int) -> None:
        """Raise BadCell when the row contradicts itself."""

    # ---------------------------------------------------------------------------------------------------------

    def _refuse_unknown_columns(self, table: Table) -> None:
        unknown = [name for name in table.header if name not in self.required and name not in self.optional]
        if self.strict and unknown:
            raise refuse(
                table.file,
                f"{self.title}の明細にない列「{table.original(unknown[0])}」があります。銀行が形式を変えたか、ファイルが編集されています。"
                "銀行からダウンロードしたままのファイルを使うか、形式「汎用」で列を指定して取り込んでください。",
                line=table.header_line,
                column=table.original(unknown[0]),
                value=unknown[0],
            )

    def _asked_period(self, table: Table) -> Period | None:
        """The period that the year a person gave means for this file."""
        return period_of_year((row.get(self.day) for row in table.rows), self.year) if self.year else None

    def _lines(self, table: Table, period: Period | None) -> tuple[list[StatementLine], list[RowError]]:
        lines: list[StatementLine] = []
        errors: list[RowError] = []
        for row in table.rows:
            try:
                lines.append(self._line(row, period))
            except BadCell as bad:
                errors.append(bad.at(table, row))
        return lines, errors

    def _line(self, row: Row, period: Period | None) -> StatementLine:
        refuse_formulas(row)
        amount = self._amount(row)
        words = self.meaning(row, amount)
        self.check(row, amount)
        memo = row.get(self.memo)
        return StatementLine(
            on=self.on(row, period),
            amount_yen=amount,
            payer=words.payer,
            text="　".join(text for name in self.texts if (text := row.get(name))),
            balance_yen=yen_in(row, self.balance),
            memo="" if memo in _NOTHING else memo,
            bank_ref=row.get(self.ref),
            is_transfer=words.is_transfer,
            is_cancellation=words.is_cancellation,
            kind=words.kind,
            source_line=row.line,
            raw=row.raw(),
        )

    def _amount(self, row: Row) -> int:
        """Positive for money in. Both columns filled, or none, is not a line of a statement."""
        if self.signed:
            signed = yen_in(row, self.signed)
            if signed is None:
                raise BadCell(self.signed, "", "金額が空欄です。明細の行が欠けていないか確かめてください。")
            return signed
        paid_in, paid_out = yen_in(row, self.paid_in), yen_in(row, self.paid_out)
        if paid_in and paid_out:
            value = row.get(self.paid_in)
            raise BadCell(
                self.paid_in, value, "出金と入金の両方に金額があります。どちらか一方だけの行にしてください。"
            )
        if paid_in is None and paid_out is None:
            raise BadCell(
                self.paid_in,
                "",
                "出金も入金も空欄です。合計などの行は削除せず、元のファイルを取り込んでください。",
            )
        return (paid_in or 0) - (paid_out or 0)


def yen_in(row: Row, column: str) -> int | None:
    """A yen cell; None when blank or "-". Raises BadCell for anything that is no whole yen."""
    text = row.get(column) if column else ""
    if text in _NOTHING:
        return None
    if is_excel_mangled(text):
        raise BadCell(column, text, f"「{text}」は桁が失われた金額です。{EXCEL_WAY_OUT}")
    try:
        return parse_yen(text)
    except NotANumber as error:
        raise BadCell(column, text, f"{error}元のファイルを確かめてください。") from None
    except ValueError:  # more digits than int() reads
        raise BadCell(column, text[:40], "金額が長すぎます。元のファイルを確かめてください。") from None


def refuse_formulas(row: Row) -> None:
    """Raise BadCell for a cell that Excel would run."""
    for name, cell in row.raw().items():
        if dangerous_formula(cell):
            raise BadCell(
                name,
                cell[:80],
                "セルに計算式が入っています。銀行からダウンロードしたままのファイルを取り込んでください。",
            )


def first_lines(data: bytes, filename: str) -> list[tuple[str, ...]]:
    """Normalised cells of the first lines, cut by each usual delimiter; [] for what is no table. Cheap."""
    if data.startswith(_WORKBOOKS):
        return _workbook_lines(data, filename)
    head = data[:_PEEK]
    if len(data) > _PEEK and b"\n" in head:
        head = head[: head.rfind(b"\n")]
    try:
        text, _ = decode(head, file=filename)
    except FileRefused:
        return []
    found: list[tuple[str, ...]] = []
    for delimiter in ",\t;":
        found += _cells(text, delimiter)
    return found


def _cells(text: str, delimiter: str) -> Iterable[tuple[str, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [tuple(normal_header(cell) for cell in cells) for cells in islice(reader, _LOOK_AT)]
    except csv.Error:
        return []


def _workbook_lines(data: bytes, filename: str) -> list[tuple[str, ...]]:
    """Every line that the reader of tables shows to its header finder."""
    seen: list[tuple[str, ...]] = []

    def look(cells: tuple[str, ...]) -> bool:
        seen.append(cells)
        return False

    try:
        read_tables(data, filename=filename, find_header=look)
    except FileRefused:
        pass
    return seen
