"""Cells of ticket files (問い合わせの一覧): moments, durations, promises and marks as help desks write them. Pure.

Each reader gives None for an empty cell and raises ValueError with a Japanese sentence (and the way out) for one it cannot read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from akinai.support.rules.ticket_moments import DayOrder, moment

EMPTY = frozenset({"", "-", "–", "―", "null", "none", "nan", "n/a", "na", "なし"})
YES = frozenset(
    {"true", "t", "1", "yes", "y", "met", "within sla", "achieved", "ok", "on time", "completed on time", "fulfilled", "はい", "達成", "守った",
     "遵守", "期限内", "○", "〇"}
)  # fmt: skip
NO = frozenset(
    {"false", "f", "0", "no", "n", "breached", "missed", "violated", "sla violated", "not met", "ng", "late", "completed late", "overdue", "failed",
     "いいえ", "超過", "未達", "違反", "期限超過", "期限切れ", "×"}
)  # fmt: skip
# The promise is still running, or there was none.
UNDECIDED = frozenset(
    {
        "active",
        "pending",
        "in progress",
        "paused",
        "due soon",
        "open",
        "not applicable",
        "no sla",
        "進行中",
        "対象外",
    }
)
ASKED_ONLY = frozenset(
    {"offered", "unoffered", "not offered", "not rated", "no rating", "no response", "未回答", "未評価"}
)
TWO_MARKS = {
    "good": 5.0,
    "bad": 1.0,
    "good with comment": 5.0,
    "bad with comment": 1.0,
    "満足": 5.0,
    "不満": 1.0,
}
# Words of a scale of five. Where a file has one of the outer ones, 満足 is the second best.
FIVE_MARKS = {
    "extremely happy": 5.0, "very happy": 5.0, "happy": 4.0, "neutral": 3.0, "unhappy": 2.0, "very unhappy": 1.0, "extremely unhappy": 1.0,
    "very satisfied": 5.0, "satisfied": 4.0, "dissatisfied": 2.0, "unsatisfied": 2.0, "very dissatisfied": 1.0, "very unsatisfied": 1.0,
    "とても満足": 5.0, "大変満足": 5.0, "非常に満足": 5.0, "やや満足": 4.0, "普通": 3.0, "ふつう": 3.0, "どちらでもない": 3.0, "どちらともいえない": 3.0,
    "やや不満": 2.0, "とても不満": 1.0, "大変不満": 1.0, "非常に不満": 1.0,
}  # fmt: skip
TWO_OF_FIVE = {"満足": 4.0, "不満": 2.0}
TWO_WITH_PARTS = {"満足": 5.0, "不満": 1.0}  # 満足・やや満足・普通・やや不満・不満
_CLOCK = re.compile(r"(?:(\d+)\s*(?:days?|日)\s*,?\s*)?(\d+):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?")
_UNITS = {"d": 1440.0, "日": 1440.0, "h": 60.0, "時": 60.0, "m": 1.0, "分": 1.0, "s": 1 / 60, "秒": 1 / 60}
_WORDED = re.compile(
    r"(\d+(?:\.\d+)?)\s*(days?|d|日間?|hours?|hrs?|h|時間|minutes?|mins?|m|分間?|seconds?|secs?|s|秒)", re.I
)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?(?:e-\d+)?", re.I)
_SHARE = re.compile(r"(\d(?:\.\d+)?)\s*/\s*5")
_STARS = re.compile(r"([★⭐]{1,5})☆*")
# What other columns of such files tell of people and their letters is not kept: the reports need none of it.
PERSONAL = re.compile(
    r"name|mail|phone|tel|address|gender|birth|age$|subject|description|message|body|comment|resolution$|requester|submitter|contact|customer|company|organi[sz]ation|summary|"
    r"氏名|名前|お客様|顧客|会社|依頼者|起票者|電話|住所|性別|年齢|本文|内容|件名|概要",
    re.I,
)
_LOOKS_LIKE_A_DAY = re.compile(r"\d{4}[-/.年]|[-/.]\d{4}|\d{8}|[a-z]{3,}\.? \d|令和|平成|^R\d", re.I)
MOST_MINUTES = 60 * 24 * 3660.0


def plain(text: str) -> str:
    """A cell without what only looks like something."""
    told = unicodedata.normalize("NFKC", text).strip()
    return "" if told.casefold() in EMPTY else told


def may_keep(column: str) -> bool:
    """May a column that was not asked for be kept beside the ticket? Not when it looks like somebody's."""
    return not PERSONAL.search(column)


def duration(text: str, *, minutes_per_unit: float | None) -> float | None:
    """所要時間 in minutes: a number in the unit of its column (None: the column tells none), h:mm:ss, "1 day, 2:03:04", "2h 5m"."""
    told = plain(text)
    if not told:
        return None
    if clocked := _CLOCK.fullmatch(told):
        days, hours, minutes, seconds = clocked.groups()
        if minutes_per_unit == 1.0 and seconds is None:
            raise ValueError(
                "1:30 が 1 時間 30 分か 1 分 30 秒か決まりません。1:30:00 か、数字だけで書いてください。"
            )
        found = int(days or 0) * 1440 + int(hours) * 60 + int(minutes) + float(seconds or 0) / 60
    elif (worded := _worded(told)) is not None:
        found = worded
    elif minutes_per_unit is None:
        _number(told)
        raise ValueError(
            "分か時間か、単位が分かりません。1:30:00 の形にするか、「列の対応」で（分）か（時間）の項目に、この列を選んでください。"
        )
    else:
        found = _number(told) * minutes_per_unit
    if not 0 <= found <= MOST_MINUTES:
        raise ValueError("0 から 10 年までの長さにしてください。")
    return found


def _worded(told: str) -> float | None:
    """2h 30m, 1 day 3 hours, 1時間30分; None for what is no such text."""
    if _NUMBER.fullmatch(told):
        return None
    parts = _WORDED.findall(told)
    if not parts or re.sub(r"[\s,、]|and", "", _WORDED.sub("", told)):
        return None
    return sum(float(number) * _UNITS[unit[0].lower()] for number, unit in parts)


def _number(told: str) -> float:
    """1,200.5 is a number; 1,5 may be 1.5 or a slip, and is none."""
    if not _NUMBER.fullmatch(told):
        raise ValueError("数として読めません。数字か 1:30:00 の形で書いてください。")
    found = float(told.replace(",", ""))
    if not math.isfinite(found):
        raise ValueError("数として読めません。数字で書いてください。")
    return found


def moment_or_duration(text: str, zone: tzinfo, order: DayOrder | None) -> datetime | float | None:
    """What columns such as "First response time" hold: in some files a moment, in others how long it took (in minutes)."""
    told = plain(text)
    if _LOOKS_LIKE_A_DAY.search(told):
        return moment(told, zone, order)
    return duration(told, minutes_per_unit=None)


def kept(text: str) -> bool | None:
    """約束を守ったか. None while it is not decided."""
    told = plain(text).casefold()
    if not told or told in UNDECIDED:
        return None
    if told in YES:
        return True
    if told in NO:
        return False
    raise ValueError(
        "守ったかどうかが読めません。True か False（はい・いいえ）で書いてください。違う列のときは「列の対応」で選び直してください。"
    )


def broken(text: str) -> bool | None:
    """約束を破ったか: columns called "… breached" say it the other way round. Gives whether it was kept."""
    told = kept({"breached": "1", "violated": "1"}.get(plain(text).casefold(), text))
    return None if told is None else not told


def marks_of(texts: Iterable[str]) -> Mapping[str, float]:
    """What the words of a column of 満足度 mean, by all the words it has."""
    words = {plain(text).casefold() for text in texts}
    inner = TWO_WITH_PARTS if words & {"やや満足", "やや不満"} else TWO_OF_FIVE
    return {**TWO_MARKS, **FIVE_MARKS, **(inner if words & FIVE_MARKS.keys() else {})}


def score(text: str, marks: Mapping[str, float] = TWO_MARKS) -> float | None:
    """満足度, 1 to 5. None where nobody answered."""
    told = plain(text)
    if not told or told.casefold() in ASKED_ONLY:
        return None
    if stars := _STARS.fullmatch(told):
        return float(len(stars[1]))
    found = marks.get(told.casefold())
    if found is None:
        shared = _SHARE.fullmatch(told)
        found = float(shared[1]) if shared else _number(told)
    if not 1 <= found <= 5:
        raise ValueError("満足度は 1～5 です。5 段階に直してから取り込んでください。")
    return found


def lasted(begin: datetime | None, end: datetime | None) -> float | None:
    """Minutes between two moments; None when the end comes first or one is missing."""
    if begin is None or end is None or end < begin:
        return None
    return (end - begin).total_seconds() / 60
