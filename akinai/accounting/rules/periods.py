"""期間の計算: the days a report looks at, cut into days or months, and the same a year before. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from akinai.core.business_days import day_in_month, month_end

UNITS = {"day": "日次", "month": "月次"}
LONGEST_DAYS = 100  # bars that can still be read


@dataclass(frozen=True, slots=True)
class Period:
    """期間, both ends included, and the unit it is cut into."""

    first: date
    last: date
    unit: str = "day"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> tuple[date, date]:
        """前年同期."""
        return year_before(self.first), year_before(self.last)

    def points(self) -> list[date]:
        """The days, or the firsts of the months."""
        if self.unit == "day":
            return [self.first + timedelta(days=n) for n in range(self.days)]
        found = [first_of(self.first)]
        while next_month(found[-1]) <= self.last:
            found.append(next_month(found[-1]))
        return found

    def label(self, point: date) -> str:
        return f"{point.month}/{point.day}" if self.unit == "day" else f"{point:%Y/%m}"

    def end_of(self, point: date) -> date:
        """The last day that a point stands for, within the period."""
        return point if self.unit == "day" else min(self.last, month_end(point))


def year_before(day: date) -> date:
    """The same day a year before; 2/29 is compared with 2/28."""
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 and day.day == 29 else day.day)


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    """The 1st of the month after."""
    return day_in_month(day.year, day.month + 1, 1)


def months_back(day: date, count: int) -> date:
    """The 1st of the month `count` months before."""
    return day_in_month(day.year, day.month - count, 1)


def fiscal_first(day: date, month: int) -> date:
    """期首: the first day of the business year that begins in `month`."""
    return date(day.year if day.month >= month else day.year - 1, month, 1)


def usual(unit: str, today: date) -> Period:
    """What a person sees first: this month by days, or twelve months."""
    if unit == "month":
        return Period(months_back(today, 11), month_end(today), "month")
    return Period(first_of(today), month_end(today), "day")


def percent(part: int, whole: int) -> float | None:
    """百分率 to a tenth; None where there is nothing to compare with."""
    return round(part * 100 / whole, 1) if whole > 0 else None
