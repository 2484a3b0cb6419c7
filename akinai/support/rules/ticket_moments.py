"""日時 as help desks write them. Pure.

10/11/2024 is October in America and November in Europe: no file says which, so the other dates of its columns decide, or a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from akinai.core.business_days import written_day


class DayOrder(StrEnum):
    """日付の並び of dates whose year stands last."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


ORDERS = ((DayOrder.MONTH_FIRST, "月/日/年（10/29/2024）"), (DayOrder.DAY_FIRST, "日/月/年（29/10/2024）"))
NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: at for at, name in enumerate(NAMES, start=1)}
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_NAMED = re.compile(
    r"(?:(\d{1,2})[-/ .]*(?:st|nd|rd|th)?[-/ .]*(?:of )?([a-z]{3})[a-z]*\.?|([a-z]{3})[a-z]*\.?\s*(\d{1,2})(?:st|nd|rd|th)?)[-/ ,.]+(\d{4})",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\s*[(（](?:[月火水木金土日](?:曜日?)?|mon|tue|wed|thu|fri|sat|sun)[)）]|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)  # fmt: skip
_TIME = re.compile(
    r"(?:^|[\sT,日])(?:at\s+)?(午前|午後|AM|PM)?\s*(\d{1,2})(?::|時)\s*(\d{2})?(?::|分)?(?:(\d{2})(?:\.\d+)?)?秒?\s*(AM|PM)?\s*"
    r"[(（]?(Z|UTC|GMT|JST|(?:UTC|GMT)?\s*[+-]\d{2}:?\d{2})?[)）]?$",
    re.IGNORECASE,
)
_DAYTIME = re.compile(r"\d{1,2}(?::|時)")
ZONES = {"Z": UTC, "UTC": UTC, "GMT": UTC, "JST": timezone(timedelta(hours=9))}
UNREADABLE = "日時として読めません。2026-11-27 10:30 のように書いてください。"


def day_order(texts: Iterable[str], told: str = "") -> DayOrder | None:
    """What the dates of a file say of their order; None when they say nothing, or both."""
    if told:
        return DayOrder(told)
    seen = set()
    for text in texts:
        if found := _YEAR_LAST.match(text.strip()):
            first, second = int(found[1]), int(found[2])
            if (first > 12) != (second > 12):
                seen.add(DayOrder.DAY_FIRST if first > 12 else DayOrder.MONTH_FIRST)
    return seen.pop() if len(seen) == 1 else None


def moment(text: str, zone: tzinfo, order: DayOrder | None = None) -> datetime | None:
    """A moment, in the shop's zone where the text names none; None for "". Raises ValueError with a Japanese sentence."""
    told = unicodedata.normalize("NFKC", text).strip()
    if not told:
        return None
    found = _iso(told) or _read(_WEEKDAY.sub(" ", told).strip(), order)
    if not 1990 <= found.year <= 2100:
        raise ValueError("年が 1990～2100 の外です。年を確かめてください。")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _iso(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return None


def _read(told: str, order: DayOrder | None) -> datetime:
    clock = _TIME.search(told)
    day = _day(told[: clock.start() + (told[clock.start()] == "日")] if clock else told, order)
    if clock is None:
        if _DAYTIME.search(told):
            raise ValueError(UNREADABLE)
        return datetime.combine(day, time.min)
    try:
        return datetime.combine(day, _clock(clock), tzinfo=_zone(clock[6]))
    except ValueError:
        raise ValueError(UNREADABLE) from None


def _clock(found: re.Match[str]) -> time:
    half, hour = (found[1] or found[5] or "").upper(), int(found[2])
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in ("午後", "PM") else 0)
    return time(hour, int(found[3] or 0), int(found[4] or 0))


def _zone(told: str | None) -> tzinfo | None:
    if not told:
        return None
    plain = told.upper().replace(":", "").replace(" ", "")
    if plain in ZONES:
        return ZONES[plain]
    offset = plain[-5:]
    return timezone(
        (1 if offset[0] == "+" else -1) * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
    )


def _day(told: str, order: DayOrder | None) -> date:
    told = told.strip(" ,")
    try:
        if found := _YEAR_LAST.fullmatch(told):
            return _year_last(told, int(found[1]), int(found[2]), int(found[3]), order)
        if found := _NAMED.fullmatch(told):
            month = MONTHS.get((found[2] or found[3]).lower(), 0)
            return date(int(found[5]), month, int(found[1] or found[4]))
        return written_day(told)
    except ValueError as problem:
        raise ValueError(f"{problem}" if f"{problem}".endswith("。") else UNREADABLE) from None


def _year_last(told: str, first: int, second: int, year: int, order: DayOrder | None) -> date:
    if first > 12 or (second <= 12 and order == DayOrder.DAY_FIRST):
        return date(year, second, first)
    if second > 12 or order == DayOrder.MONTH_FIRST or first == second:
        return date(year, first, second)
    raise ValueError(
        f"「{told}」は {first} 月 {second} 日とも {second} 月 {first} 日とも読めます。"
        "取り込みの指定「日付の並び」を選んでください（コマンドでは --option date_order=mdy か dmy）。"
    )
