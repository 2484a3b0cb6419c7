"""Tracking numbers from a carrier's result file (発行済データの読み取り): common rules for all carriers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from akinai.adapters.carriers.letters import narrow
from akinai.adapters.carriers.numbers import digits_of
from akinai.core.tables import (
    EXCEL_WAY_OUT,
    FileRefused,
    RowError,
    decode,
    is_excel_mangled,
    read_tables,
    refuse,
    refuse_all,
    unwrap_text,
)
from akinai.shipping.ports import Tracking, TrackingFile

_DAYS = ("%Y/%m/%d", "%Y%m%d", "%Y-%m-%d", "%Y.%m.%d")


@dataclass(frozen=True, slots=True)
class Issued:
    """One row of a result file, as written."""

    line: int
    reference: str
    number: str
    shipped: str = ""


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

    Several rows of one reference are several parcels; the same pair twice counts once.
    """
    issued = list(rows)
    _refuse_ruined(issued, file, column)
    if issued and not any(row.number.strip() for row in issued):
        raise refuse(
            file,
            f"送り状番号が1件も入っていません。{software}で送り状を発行した後に「発行済データ」を出力し、そのファイルを取り込んでください。",
            column=column,
        )
    found: dict[tuple[str, str], Tracking] = {}
    errors: list[RowError] = []
    owner: dict[str, str] = {}
    for row in issued:
        reference, number = narrow(unwrap_text(row.reference)), digits_of(unwrap_text(row.number))
        problem = _problem(reference, number, row, owner, key, column, check)
        if problem:
            errors.append(RowError(file, row.line, *problem))
            continue
        owner[number] = reference
        found.setdefault((reference, number), Tracking(reference, number, _day(row.shipped), row.line))
    return TrackingFile(tuple(found.values()), tuple(errors))


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
    for pattern in _DAYS:
        try:
            return datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
    return None
