"""Business minutes (営業分): time that counts only while a shop is open. Pure; moments are aware and in one zone.

A promise "in 120 minutes" that is given on Friday at 17:30 ends on Monday at 10:30 for a shop that opens from 9 to 18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from akinai.core.business_days import holiday_name

MOST_DAYS = 800
ONE_DAY = timedelta(days=1)
type Span = tuple[time, time]  # from, until; until 00:00 means the end of the day


@dataclass(frozen=True, slots=True)
class Hours:
    """営業時間: spans of each weekday (Monday first), of single days instead, and whether holidays are closed."""

    weekly: Sequence[Sequence[Span]]
    special: Mapping[date, Sequence[Span]] = field(default_factory=dict)
    closed_on_holidays: bool = True
    holiday: Callable[[date], str] = holiday_name

    def of(self, day: date) -> Sequence[Span]:
        """The spans of a day, in order."""
        if day in self.special:
            return self.special[day]
        if self.closed_on_holidays and self.holiday(day):
            return ()
        return self.weekly[day.weekday()]


def check(spans: Sequence[Span]) -> str:
    """What is wrong with the spans of one day, in Japanese; "" when they are in order and do not overlap."""
    last = time.min
    for at, (begin, end) in enumerate(spans):
        if end != time.min and begin >= end:
            return f"{begin:%H:%M} から {end:%H:%M} は始まりが終わりより後です。"
        if at and (begin < last or last == time.min):
            return f"{begin:%H:%M} からの時間が前の時間と重なっています。"
        last = end
    return ""


def minutes_between(begin: datetime, end: datetime, hours: Hours) -> int:
    """Whole business minutes from `begin` to `end`; 0 when `end` is not later."""
    total = timedelta()
    for opens, closes in _open(begin, hours):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, begin), timedelta())
    return int(total / timedelta(minutes=1))


def add(begin: datetime, minutes: int, hours: Hours) -> datetime:
    """The moment at which so many business minutes have gone by. 0 gives `begin` itself, or the next opening.

    Raises ValueError for hours that never open.
    """
    left = timedelta(minutes=minutes)
    for opens, closes in _open(begin, hours):
        here = max(opens, begin)
        if left < closes - here or (left == closes - here and minutes):
            return here + left
        left -= closes - here
    raise ValueError("these hours never open")


def is_open(at: datetime, hours: Hours) -> bool:
    """Is the shop open at this moment?"""
    return any(opens <= at < closes for opens, closes in _of_day(at.date(), at, hours))


def _open(begin: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    """Open spans that end after `begin`, in order."""
    day = begin.date()
    for _ in range(MOST_DAYS):
        for opens, closes in _of_day(day, begin, hours):
            if closes > begin:
                yield opens, closes
        day += ONE_DAY


def _of_day(day: date, like: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    for begin, end in hours.of(day):
        until = day + ONE_DAY if end == time.min else day
        yield datetime.combine(day, begin, like.tzinfo), datetime.combine(until, end, like.tzinfo)
