"""The Japanese calendar of business (営業日・祝日・締め日). Pure: today is always passed in.

Holidays are data, not a formula: `holidays.csv` holds what the Cabinet Office (内閣府「国民の祝日」) has published, with
振替休日 and 国民の休日 as 休日. Years beyond the file come from jpholiday's rules until the file is renewed.
"""

from __future__ import annotations

import calendar
import csv
import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import jpholiday

from akinai.core.tables import read_tables

END_OF_MONTH = 31  # 末日 as a closing or paying day
ONE_DAY = timedelta(days=1)


class WhenClosed(StrEnum):
    """If the day of payment is a bank holiday, the contract says which day takes its place."""

    NEXT = "next"  # 翌営業日
    PREVIOUS = "previous"  # 前営業日
    AS_IS = "as_is"  # そのまま


def read_holidays(data: bytes) -> dict[date, str]:
    """The Cabinet Office's CSV (CP932, `YYYY/M/D`, name) → holidays. Raises FileRefused, ValueError on bad dates."""
    table = read_tables(data, filename="syukujitsu.csv")
    found = {}
    for row in table.rows:
        year, month, day = (int(part) for part in row.cells[0].strip().split("/"))
        found[date(year, month, day)] = row.cells[1].strip()
    return found


@cache
def _published() -> dict[date, str]:
    with (Path(__file__).parent / "holidays.csv").open(encoding="utf-8", newline="") as stream:
        return {date.fromisoformat(row["on"]): row["name"] for row in csv.DictReader(stream)}


@cache
def holidays(year: int) -> dict[date, str]:
    """The national holidays of a year: as published where they are, else by rule."""
    published = {day: name for day, name in _published().items() if day.year == year}
    return published or dict(jpholiday.year_holidays(year))


def holiday_name(day: date) -> str:
    """ "勤労感謝の日", or "" on other days."""
    return holidays(day.year).get(day, "")


def is_bank_closed(day: date) -> bool:
    """銀行休業日: Saturdays, Sundays, holidays, 12-31 to 1-3 (銀行法施行令5条)."""
    new_year = (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() >= 5 or new_year or bool(holiday_name(day))


Closed = Callable[[date], bool]


def shop_closed(
    weekdays: Collection[int] = (5, 6), days: Collection[date] = (), *, on_holidays: bool = True
) -> Closed:
    """A shop's own calendar: closed weekdays (Monday is 0), single days, and holidays if so."""

    def closed(day: date) -> bool:
        return day.weekday() in weekdays or day in days or (on_holidays and bool(holiday_name(day)))

    return closed


def on_or_after(day: date, closed: Closed = is_bank_closed) -> date:
    """This day, or the next one that is open."""
    return _walk(day, ONE_DAY, closed)


def on_or_before(day: date, closed: Closed = is_bank_closed) -> date:
    """This day, or the last one before it that is open."""
    return _walk(day, -ONE_DAY, closed)


def _walk(day: date, step: timedelta, closed: Closed) -> date:
    for _ in range(400):
        if not closed(day):
            return day
        day += step
    raise ValueError("this calendar has no open day")


def add_business_days(day: date, count: int, closed: Closed = is_bank_closed) -> date:
    """The day that lies `count` open days after `day` (before it, when negative). 0 gives the day itself or the next."""
    if count == 0:
        return on_or_after(day, closed)
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day = _walk(day + step, step, closed)
    return day


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def day_in_month(year: int, month: int, day: int) -> date:
    """A day of a month, 31 meaning the last one; months may run over (13 is January)."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def closing_on(day: date, closing_day: int) -> date:
    """締め日 that a sale of `day` belongs to: 20日締め, or END_OF_MONTH for 末日締め."""
    this_month = day_in_month(day.year, day.month, closing_day)
    return this_month if day <= this_month else day_in_month(day.year, day.month + 1, closing_day)


def due_on(
    closed_on: date, *, months: int, paying_day: int, when_closed: WhenClosed, closed: Closed = is_bank_closed
) -> date:
    """支払期日: 翌月末払い is months=1, paying_day=END_OF_MONTH, moved off bank holidays as the contract says."""
    due = day_in_month(closed_on.year, closed_on.month + months, paying_day)
    if when_closed == WhenClosed.NEXT:
        return on_or_after(due, closed)
    return on_or_before(due, closed) if when_closed == WhenClosed.PREVIOUS else due


ERAS = (
    (date(2019, 5, 1), "令和", 2018),
    (date(1989, 1, 8), "平成", 1988),
    (date(1926, 12, 25), "昭和", 1925),
)


def era(day: date) -> str:
    """令和8年11月24日; the first year is 元年. Raises ValueError before 昭和."""
    for since, name, offset in ERAS:
        if day >= since:
            year = day.year - offset
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError("before 昭和")


def from_reiwa(text: str) -> date:
    """Zengin's YYMMDD with the year of 令和: 081124 → 2026-11-24. Raises ValueError."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"六桁の和暦の日付ではありません: {text}")
    return date(2018 + int(text[:2]), int(text[2:4]), int(text[4:]))


_TO, _TIME = r"\s*[-/.年月]\s*", r"(?:[\sT].*)?"
_LETTERS = {"令和": "R", "平成": "H", "昭和": "S"}
_IN_AN_ERA = re.compile(
    rf"(令和|平成|昭和|[RHS])\.?\s*(元|\d{{1,2}}){_TO}(\d{{1,2}}){_TO}(\d{{1,2}})日?{_TIME}", re.IGNORECASE
)
_WESTERN = re.compile(rf"(\d{{4}}){_TO}(\d{{1,2}}){_TO}(\d{{1,2}})日?{_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def written_day(text: str) -> date:
    """A day as people write it: 2026/11/24, ２０２６年１１月２４日, 20261124, 令和8年11月24日, R8.11.24. A time after it is left.

    Raises ValueError when it cannot be read, has no whole year or is not in the calendar.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _WESTERN.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return date(*(int(part) for part in found.groups()))
    if found := _IN_AN_ERA.fullmatch(plain):
        name, count, month, day = found.groups()
        offset = next(years for _, era, years in ERAS if name.upper() in (era, _LETTERS[era]))
        return date(offset + (1 if count == "元" else int(count)), int(month), int(day))
    raise ValueError(f"日付として読めません: {text}")


_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})月?|(20\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})")


def written_expiry(text: str) -> date:
    """期限 as it is printed on goods: a day, YYMMDD (270531), or only a month (2027.05), which means its last day.

    Raises ValueError when it cannot be read or is not in the calendar.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _MONTH.fullmatch(plain):
        year, month = (int(part) for part in found.groups() if part)
        if 1 <= month <= 12:
            return day_in_month(year, month, END_OF_MONTH)
    if found := _SHORT.fullmatch(plain):
        short, month, day = (int(part) for part in found.groups())
        return date(2000 + short, month, day)
    return written_day(plain)
