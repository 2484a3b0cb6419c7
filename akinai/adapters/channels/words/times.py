"""Dates as malls and Excel write them (日付の読み方): ISO, 和文, M/D/YYYY, compact digits, with or without an offset."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
_YEARS = range(2000, 2101)
_DAY = re.compile(
    r"(?:(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"|(?P<era>令和|平成|[RH])(?P<era_y>\d{1,2}|元)[-/.年](?P<era_m>\d{1,2})[-/.月](?P<era_d>\d{1,2})日?"
    r"|(?P<us_m>\d{1,2})/(?P<us_d>\d{1,2})/(?P<us_y>\d{4})"
    r"|(?P<all>\d{8})(?P<clock>\d{6})?)"
    r"\s*(?:\([月火水木金土日](?:曜日?)?(?:[・.]?祝)?\))?"
)
_ERAS = {"令": 2018, "R": 2018, "平": 1988, "H": 1988}  # the year before the first
_CLOCK = re.compile(
    r"(?P<jp>午前|午後)?\s*(?P<h>\d{1,2})[:時](?P<mi>\d{1,2})(?:[:分](?P<s>\d{1,2})(?:\.\d+)?)?[秒分]?\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?P<zone>Z|UTC|GMT|JST|[-+]\d{2}:?\d{2})?"
)


@lru_cache(maxsize=20_000)
def parse_moment(text: str) -> datetime | None:
    """An aware moment in Asia/Tokyo, or None when the text is no date. A date alone is its midnight.

    `12/10/2023 10:00` is read as month/day, which is how Excel re-saves a mall's file; text without an offset is
    Japanese time. 令和8年11月20日, R8.11.20, 午後3:05 and 24:00 are read, too.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.match(plain)
    if not found:
        return None
    day = _day(found)
    rest = plain[found.end() :].lstrip("T ").strip()
    clock = found["clock"]
    if clock:
        rest = f"{clock[:2]}:{clock[2:4]}:{clock[4:]}{rest}"
    if day is None or not rest:
        return datetime(day.year, day.month, day.day, tzinfo=TOKYO) if day else None
    return _with_clock(day, rest)


def parse_day(text: str) -> date | None:
    """The day, or None."""
    found = parse_moment(text)
    return found.date() if found else None


def _day(found: re.Match[str]) -> date | None:
    if found["all"]:
        numbers = (found["all"][:4], found["all"][4:6], found["all"][6:])
    elif found["y"]:
        numbers = (found["y"], found["m"], found["d"])
    elif found["era"]:
        year = 1 if found["era_y"] == "元" else int(found["era_y"])
        numbers = (str(_ERAS[found["era"][0]] + year), found["era_m"], found["era_d"])
    else:
        numbers = (found["us_y"], found["us_m"], found["us_d"])
    try:
        day = date(*map(int, numbers))
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _with_clock(day: date, text: str) -> datetime | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute, second = int(found["h"]), int(found["mi"]), int(found["s"] or 0)
    if half := _half(found):
        if not 0 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    days = 1 if (hour, minute, second) == (24, 0, 0) else 0  # 24:00 is the midnight that ends the day
    try:
        moment = datetime(
            day.year, day.month, day.day, hour - 24 * days, minute, second, tzinfo=_zone(found["zone"])
        )
    except ValueError:
        return None
    return (moment + timedelta(days=days)).astimezone(TOKYO)


def _half(found: re.Match[str]) -> str:
    if found["jp"]:
        return "am" if found["jp"] == "午前" else "pm"
    return (found["half"] or "").lower()


def _zone(text: str | None) -> ZoneInfo | timezone:
    if not text or text == "JST":
        return TOKYO
    if text[0] not in "+-":
        return UTC
    digits = text.replace(":", "")
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if text[0] == "-" else offset)
