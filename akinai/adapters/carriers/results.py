"""Tracking numbers from a carrier's result file (発行済データの読み取り): common rules for all carriers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from akinai.adapters.carriers.letters import narrow
from akinai.adapters.carriers.numbers import digits_of
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    FileRefused,
    RowError,
    Table,
    decode,
    is_excel_mangled,
    read_tables,
    refuse,
    refuse_all,
    unwrap_text,
)
from akinai.shipping.ports import Tracking, TrackingFile

_DAYS = ("%Y/%m/%d", "%Y%m%d", "%Y-%m-%d", "%Y.%m.%d")
_MOMENT = re.compile(r"\d{14}")  # 20261124153000
_OURS = re.compile(r"S[HO]-\d{4}-\d{6,}", re.IGNORECASE)  # our shipments' and orders' numbers


@dataclass(frozen=True, slots=True)
class Issued:
    """One row of a result file, as written."""

    line: int
    reference: str
    number: str
    shipped: str = ""


@dataclass(frozen=True, slots=True)
class ResultLayout:
    """How a carrier's software names the columns of its result file; each name in all spellings seen."""

    software: str
    key: tuple[str, ...]
    number: tuple[str, ...]
    shipped: tuple[str, ...] = ()

    def is_header(self, cells: Sequence[str]) -> bool:
        return (
            column_starting(cells, *self.key) is not None and column_starting(cells, *self.number) is not None
        )


def read(
    data: bytes,
    filename: str,
    *,
    layout: ResultLayout,
    check: Callable[[str], str],
    known: Sequence[Issued] | None = None,
) -> TrackingFile:
    """The numbers of a result file. `known` are its rows when the door knows where they stand without a header."""
    key, number = layout.key[0], layout.number[0]
    rows = known
    if rows is None and not header_fits(data, filename, layout.is_header):
        rows = _rows_by_content(rows_without_header(data, filename)) or None
    if rows is None:
        table = read_tables(data, filename=filename, find_header=layout.is_header, expected=(key, number))
        rows = _headed(table, layout)
        key = table.original_header[column_starting(table.header, *layout.key) or 0]
        number = table.original_header[column_starting(table.header, *layout.number) or 0]
    return trackings(rows, file=filename, column=number, key=key, software=layout.software, check=check)


def _headed(table: Table, layout: ResultLayout) -> list[Issued]:
    key, number = column_starting(table.header, *layout.key), column_starting(table.header, *layout.number)
    shipped = column_starting(table.header, *layout.shipped)
    return [
        Issued(
            row.line,
            row.cells[key or 0],
            row.cells[number or 0],
            row.cells[shipped] if shipped is not None else "",
        )
        for row in table.rows
    ]


def _rows_by_content(rows: Sequence[tuple[int, list[str]]]) -> list[Issued]:
    """Without a header: the one column of our own numbers and the one column of slip numbers; [] when in doubt."""
    width = max((len(cells) for _, cells in rows), default=0)
    full = [(line, [*cells, *[""] * (width - len(cells))]) for line, cells in rows]
    ours = [at for at in range(width) if any(_OURS.fullmatch(narrow(cells[at])) for _, cells in full)]
    numbers = [
        at
        for at in range(width)
        if any(cells[at].strip() for _, cells in full)
        and all(not cells[at].strip() or is_slip_number(cells[at]) for _, cells in full)
    ]
    if len(ours) != 1 or len(numbers) != 1:
        return []
    return [Issued(line, cells[ours[0]], cells[numbers[0]]) for line, cells in full]


def is_slip_number(cell: str) -> bool:
    """Does this look like a slip number, right or ruined by Excel?"""
    plain = digits_of(unwrap_text(cell))
    return bool(re.fullmatch(r"\d{12}|[A-Z]{2}\d{9}[A-Z]{2}", plain)) or is_excel_mangled(narrow(cell))


def header_fits(data: bytes, filename: str, fits: Callable[[tuple[str, ...]], bool]) -> bool:
    """Does one of the first lines look like this header? Whatever is wrong below it."""
    seen: list[bool] = []

    def look(cells: tuple[str, ...]) -> bool:
        seen.append(fits(cells))
        return seen[-1]

    try:
        read_tables(data, filename=filename, find_header=look)
    except FileRefused:
        pass
    return any(seen)


def rows_without_header(data: bytes, filename: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of a comma-separated file that has no header; [] when it is no such file."""
    try:
        text, _ = decode(data, file=filename)
    except FileRefused:
        return []
    reader = csv.reader(io.StringIO(text, newline=""))
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return []
    return found


def column_starting(header: Sequence[str], *names: str) -> int | None:
    """Position of the first column whose name begins with one of `names` (some exports add notes to the names)."""
    for name in names:
        for at, cell in enumerate(header):
            if cell.replace(" ", "").startswith(name):
                return at
    return None


def trackings(
    rows: Iterable[Issued], *, file: str, column: str, key: str, software: str, check: Callable[[str], str]
) -> TrackingFile:
    """Numbers with their shipments. A row that cannot be used is an error; a file Excel has ruined is refused whole.

    Several rows of one reference are several parcels.
    """
    issued = list(rows)
    _refuse_ruined(issued, file, column)
    if issued and not any(row.number.strip() for row in issued):
        raise refuse(
            file,
            f"送り状番号が1件も入っていません。{software}で送り状を発行した後に「発行済データ」を出力し、そのファイルを取り込んでください。",
            column=column,
        )
    found: list[Tracking] = []
    errors: list[RowError] = []
    owner: dict[str, str] = {}
    for row in issued:
        reference, number = narrow(unwrap_text(row.reference)), digits_of(unwrap_text(row.number))
        problem = _problem(reference, number, row, owner, key, column, check)
        if problem:
            errors.append(RowError(file, row.line, *problem))
            continue
        owner[number] = reference
        found.append(Tracking(reference, number, _day(row.shipped), row.line))
    return TrackingFile(tuple(found), tuple(errors))


def _problem(
    reference: str,
    number: str,
    row: Issued,
    owner: dict[str, str],
    key: str,
    column: str,
    check: Callable[[str], str],
) -> tuple[str, str, str] | None:
    """(column, value, message) of what is wrong in a row."""
    if not reference:
        return (
            key,
            row.number,
            f"{key}が空なので、どの出荷の送り状か分かりません。出荷の画面で番号を手で登録してください。",
        )
    if not number:
        return (
            column,
            "",
            f"「{reference}」の送り状番号が空です。送り状を発行してから、もう一度出力してください。",
        )
    if reason := check(number):
        return column, row.number, reason
    if owner.get(number, reference) != reference:
        return (
            column,
            row.number,
            f"送り状番号「{number}」が「{owner[number]}」と「{reference}」の両方にあります。どちらが正しいか確かめてください。",
        )
    return None


def _refuse_ruined(rows: Sequence[Issued], file: str, column: str) -> None:
    """1.23E+11: the last digits are gone for good, so nothing in this file can be trusted."""
    ruined = [row for row in rows if is_excel_mangled(narrow(row.number))]
    if ruined:
        raise refuse_all(
            RowError(
                file,
                row.line,
                column,
                row.number,
                f"送り状番号「{row.number}」の桁が失われています。{EXCEL_WAY_OUT}",
            )
            for row in ruined
        )


def _day(text: str) -> date | None:
    plain = narrow(text).split(" ")[0]
    plain = plain[:8] if _MOMENT.fullmatch(plain) else plain
    for pattern in _DAYS:
        try:
            return datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
    return None
