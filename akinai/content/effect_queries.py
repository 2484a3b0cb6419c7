"""効果を読む: sums of a period per page, from the daily sums and the assists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, FloatField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce, NullIf

from akinai.content import effect_rules as rules
from akinai.content.models import PageAssist, PageDay, PageFault, SeenPage
from akinai.core import clock
from akinai.orders.states import OrderState

PERIODS = [("7", "7 日間"), ("28", "28 日間"), ("90", "90 日間"), ("365", "1 年間")]
USUAL = "28"
# Of the orders a page was seen first before: how many customers had ordered again by now.
REPEAT = """
SELECT count(*)::int, count(*) FILTER (WHERE EXISTS (SELECT FROM orders_order n WHERE n.customer_id = o.customer_id
  AND n.ordered_at > o.ordered_at AND n.state <> 'cancelled'))::int
FROM content_pageassist a JOIN orders_order o ON o.id = a.order_id
WHERE a.path = %s AND a.position = 1 AND a.day BETWEEN %s AND %s AND o.state <> 'cancelled' AND o.customer_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Days:
    """期間, the last day being today."""

    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Part:
    """流入元 or device of a page."""

    title: str
    views: int
    sessions: int
    entries: int
    bounces: int

    @property
    def bounce_rate(self) -> float | None:
        return rules.ratio(self.bounces, self.entries)


@dataclass(frozen=True, slots=True)
class PageEffect:
    """ページの効果 of a period."""

    whole: Part
    load_seconds: float | None
    per_day: list[tuple[str, int]]
    by_source: list[Part]
    by_device: list[Part]
    orders: int
    assisted_yen: int
    first_buyers: int
    came_back: int

    @property
    def repeat_rate(self) -> float | None:
        """リピート率: of those whose first page it was and who bought, how many bought again."""
        return rules.ratio(self.came_back, self.first_buyers)


def period_of(text: str) -> Days:
    """期間 as the screen asks for it; 28 days else."""
    days = int(text) if text in dict(PERIODS) else int(USUAL)
    today = clock.today()
    return Days(days, today - timedelta(days=days - 1), today)


def pages(period: Days) -> QuerySet[Any]:
    """ページ with the sums of a period: one query for any number of pages."""
    days = PageDay.objects.filter(path=OuterRef("path"), day__range=(period.first, period.last)).values(
        "path"
    )
    assists = _standing().filter(path=OuterRef("path"), day__range=(period.first, period.last)).values("path")
    faults = PageFault.objects.filter(page=OuterRef("pk")).values("page")
    sums = {
        name: Coalesce(Subquery(days.annotate(n=Sum(name)).values("n")), 0)
        for name in ("views", "sessions", "entries", "bounces")
    }
    return SeenPage.objects.annotate(
        **sums,
        assisted_yen=Coalesce(Subquery(assists.annotate(n=Sum("yen")).values("n")), 0),
        orders=Coalesce(Subquery(assists.annotate(n=Count("order")).values("n")), 0),
        problems=Coalesce(Subquery(faults.annotate(n=Count("pk")).values("n")), 0),
    ).annotate(bounce_rate=Cast(F("bounces"), FloatField()) * 100 / NullIf(F("entries"), 0))


def _standing() -> QuerySet[PageAssist]:
    """貢献 of orders that were not cancelled."""
    return PageAssist.objects.exclude(order__state=OrderState.CANCELLED)


def effect_of(path: str, period: Days) -> PageEffect:
    """Four queries."""
    rows = list(PageDay.objects.filter(path=path, day__range=(period.first, period.last)))
    per_day = {period.first + timedelta(days=at): 0 for at in range(period.days)}
    for row in rows:
        per_day[row.day] += row.views
    loads = sum(row.loads for row in rows)
    assists = _standing().filter(path=path, day__range=(period.first, period.last))
    sums = assists.aggregate(n=Count("pk"), yen=Sum("yen"))
    with connection.cursor() as cursor:
        cursor.execute(REPEAT, [path, period.first, period.last])
        buyers, again = cursor.fetchone()
    return PageEffect(
        _part("合計", rows), round(sum(row.load_ms for row in rows) / loads / 1000, 1) if loads else None,
        [(f"{day:%-m/%-d}", count) for day, count in per_day.items()],
        _parts(rows, lambda row: rules.SOURCES[row.source] + (f"：{row.campaign}" if row.campaign else "")),
        _parts(rows, lambda row: rules.DEVICES[row.device]), sums["n"], sums["yen"] or 0, buyers, again,
    )  # fmt: skip


def _part(title: str, rows: list[PageDay]) -> Part:
    return Part(
        title,
        *(sum(getattr(row, name) for row in rows) for name in ("views", "sessions", "entries", "bounces")),
    )


def _parts(rows: list[PageDay], title_of: Any) -> list[Part]:
    found: dict[str, list[PageDay]] = {}
    for row in rows:
        found.setdefault(title_of(row), []).append(row)
    return sorted(
        (_part(title, some) for title, some in found.items()), key=lambda part: (-part.views, part.title)
    )
