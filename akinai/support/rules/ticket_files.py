"""Cells of ticket files (問い合わせの一覧): moments, durations, promises and marks as help desks write them. Pure.

Each reader gives None for an empty cell and raises ValueError with a Japanese sentence (and the way out) for one it cannot read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo

EMPTY = frozenset({"", "-", "–", "―", "null", "none", "nan", "n/a", "na", "なし"})
YES = frozenset(
    {"true", "t", "1", "yes", "y", "met", "within sla", "achieved", "ok", "はい", "達成", "守った", "○", "〇"}
)
NO = frozenset(
    {"false", "f", "0", "no", "n", "breached", "missed", "violated", "sla violated", "not met", "ng", "いいえ", "超過", "未達", "違反", "×"}
)  # fmt: skip
MARKS = {"good": 5.0, "bad": 1.0, "満足": 5.0, "不満": 1.0}
_CLOCK = re.compile(r"(?:(\d+)\s*(?:days?|日)\s*,?\s*)?(\d+):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?")
_FORMS = (
    "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y",
)  # fmt: skip
_JAPANESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\s*")
# What other columns of such files tell of people and their letters is not kept: the reports need none of it.
PERSONAL = re.compile(
    r"name|mail|phone|tel|address|gender|birth|age$|subject|description|message|body|comment|resolution$|氏名|名前|お客様|顧客|電話|住所|性別|年齢|本文|内容|件名",
    re.I,
)
MOST_MINUTES = 60 * 24 * 3660.0


def plain(text: str) -> str:
    """A cell without what only looks like something."""
    told = unicodedata.normalize("NFKC", text).strip()
    return "" if told.casefold() in EMPTY else told


def may_keep(column: str) -> bool:
    """May a column that was not asked for be kept beside the ticket? Not when it looks like somebody's."""
    return not PERSONAL.search(column)


def moment(text: str, zone: tzinfo) -> datetime | None:
    """日時, in the shop's zone where the file names none. 2024-10-29 22:00:00, 2024/1/5 9:00, 2024年1月5日, ISO 8601."""
    told = plain(text)
    if not told:
        return None
    told = _JAPANESE.sub(r"\1-\2-\3 ", told).strip().replace("/", "-")
    found = _iso(told) or _formed(told)
    if found is None:
        raise ValueError("日時として読めません。2026-11-27 10:30 のように書いてください。")
    if not 1990 <= found.year <= 2100:
        raise ValueError("年が 1990～2100 の外です。年を確かめてください。")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _iso(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        return None


def _formed(told: str) -> datetime | None:
    for form in _FORMS:
        try:
            return datetime.strptime(told, form)
        except ValueError:
            continue
    return None


def duration(text: str, *, minutes_per_unit: float) -> float | None:
    """所要時間 in minutes: a number in the unit of its column, or h:mm(:ss), "1 day, 2:03:04"."""
    told = plain(text).replace(",", "") if ":" not in text else plain(text)
    if not told:
        return None
    if clocked := _CLOCK.fullmatch(told):
        days, hours, minutes, seconds = clocked.groups()
        found = int(days or 0) * 1440 + int(hours) * 60 + int(minutes) + float(seconds or 0) / 60
    else:
        found = _number(told) * minutes_per_unit
    if not 0 <= found <= MOST_MINUTES:
        raise ValueError("0 から 10 年までの長さにしてください。")
    return found


def _number(told: str) -> float:
    try:
        found = float(told)
    except ValueError:
        raise ValueError("数として読めません。数字か 1:30:00 の形で書いてください。") from None
    if not math.isfinite(found):
        raise ValueError("数として読めません。数字で書いてください。")
    return found


def kept(text: str) -> bool | None:
    """約束を守ったか."""
    told = plain(text).casefold()
    if not told:
        return None
    if told in YES:
        return True
    if told in NO:
        return False
    raise ValueError("守ったかどうかが読めません。True か False（はい・いいえ）で書いてください。")


def score(text: str) -> float | None:
    """満足度, 1 to 5."""
    told = plain(text)
    if not told:
        return None
    found = MARKS.get(told.casefold())
    found = _number(told) if found is None else found
    if not 1 <= found <= 5:
        raise ValueError("満足度は 1～5 です。5 段階に直してから取り込んでください。")
    return found


def lasted(cells: Mapping[str, float | None], begin: datetime | None, end: datetime | None) -> float | None:
    """The first told duration, else what lies between two moments; None when the end comes first or is missing."""
    for told in cells.values():
        if told is not None:
            return told
    if begin is None or end is None or end < begin:
        return None
    return (end - begin).total_seconds() / 60
