"""お届けの間隔: every N days, N weeks, the Nth of a month, the second Tuesday … and the days that follow from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from akinai.core.business_days import Closed, add_business_days, day_in_month, shop_closed
from akinai.orders.states import IntervalKind

WEEKDAYS = "月火水木金土日"
END, LAST = 31, 5  # 末日 as the day of a month, 最終 as the week of a month
MOST_DAYS, MOST_WEEKS, MOST_MONTHS = 366, 52, 12


@dataclass(frozen=True, slots=True)
class Interval:
    """間隔. `every`: how many days, weeks or months; `day` of the month (31 is the last); `week` (5 is the last) and `weekday` (月 is 0)."""

    kind: str
    every: int
    day: int = 0
    week: int = 0
    weekday: int = 0

    def problem(self) -> str:
        """What is wrong with it, ""."""
        most = {IntervalKind.DAYS: MOST_DAYS, IntervalKind.WEEKS: MOST_WEEKS}.get(
            IntervalKind(self.kind), MOST_MONTHS
        )
        if not 1 <= self.every <= most:
            return f"間隔は 1 から {most} までです。"
        if self.kind == IntervalKind.MONTH_DAY and not 1 <= self.day <= END:
            return "日は 1 から 31 までです（31 は月末）。"
        if self.kind == IntervalKind.MONTH_WEEK and not (1 <= self.week <= LAST and 0 <= self.weekday <= 6):
            return "第何週の何曜日かを選んでください。"
        return ""

    @property
    def words(self) -> str:
        """30日ごと, 2週間ごと, 毎月10日, 2か月ごとの第2火曜日."""
        if self.kind == IntervalKind.DAYS:
            return f"{self.every}日ごと"
        if self.kind == IntervalKind.WEEKS:
            return "毎週" if self.every == 1 else f"{self.every}週間ごと"
        head = "毎月" if self.every == 1 else f"{self.every}か月ごとの"
        if self.kind == IntervalKind.MONTH_DAY:
            return f"{head}{'末日' if self.day == END else f'{self.day}日'}"
        nth = "最終" if self.week == LAST else f"第{self.week}"
        return f"{head}{nth}{WEEKDAYS[self.weekday]}曜日"

    def after(self, day: date) -> date:
        """The day that follows a day of this interval."""
        if self.kind == IntervalKind.DAYS:
            return day + timedelta(days=self.every)
        if self.kind == IntervalKind.WEEKS:
            return day + timedelta(weeks=self.every)
        return self._in_month(day.year, day.month + self.every)

    def on_or_after(self, day: date) -> date:
        """The first day that may begin: the day itself where only the distance counts."""
        if self.kind in (IntervalKind.DAYS, IntervalKind.WEEKS):
            return day
        this_month = self._in_month(day.year, day.month)
        return this_month if this_month >= day else self._in_month(day.year, day.month + 1)

    def first_after(self, day: date, *, beyond: date) -> date:
        """The first day of the row that goes on after `day` and lies beyond another: what was missed is not caught up."""
        found = self.after(day)
        while found <= beyond:
            found = self.after(found)
        return found

    def days(self, first: date, until: date) -> Iterator[date]:
        """All days from the first one on, to `until`."""
        while first <= until:
            yield first
            first = self.after(first)

    def _in_month(self, year: int, month: int) -> date:
        first = day_in_month(year, month, 1)
        if self.kind == IntervalKind.MONTH_DAY:
            return day_in_month(year, month, self.day)
        to_weekday = (self.weekday - first.weekday()) % 7
        found = first + timedelta(days=to_weekday + 7 * (self.week - 1))
        return found if found.month == first.month else found - timedelta(days=7)


def order_day(delivery_on: date, days_before: int, closed: Closed | None = None) -> date:
    """受注をつくる日: so many open days before the delivery, on an open day; weekends and holidays do not count."""
    if not days_before:
        return delivery_on
    return add_business_days(delivery_on, -days_before, closed or shop_closed())
