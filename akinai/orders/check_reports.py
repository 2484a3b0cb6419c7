"""要確認の規則の成績: rules with how they did, and the figures of a back-test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from akinai.core import clock
from akinai.core.models import Activity
from akinai.orders.models import (
    CheckBacktest,
    CheckBacktestHit,
    CheckRule,
    CheckWarning,
    Hold,
    HoldRule,
)
from akinai.orders.services.backtesting import CORRECTIONS, orders_between
from akinai.orders.states import GOOD_STOPS, CheckOutcome

LOOKS_BACK = timedelta(days=90)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows belong to the rule of the outer query."""
    counted = rows.filter(rule=OuterRef("code")).order_by().values("rule").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_results() -> QuerySet[CheckRule]:
    """Rules with: is used, held now, stopped in 90 days, released by a person, and of those without any correction."""
    since = clock.now() - LOOKS_BACK
    placed = Hold.objects.filter(placed_at__gte=since)
    freed = placed.filter(released_at__isnull=False, released_by__isnull=False)
    fixed = Activity.objects.filter(
        subject_type="orders.order", subject_id=OuterRef("order_id"), verb__in=CORRECTIONS,
        at__gte=OuterRef("placed_at"), at__lte=OuterRef("released_at"),
    )  # fmt: skip
    switched_on = Exists(HoldRule.objects.filter(code=OuterRef("code"), is_enabled=True))
    in_words = Case(When(live__isnull=False, then=Value(True)), default=Value(False))
    return CheckRule.objects.select_related("live", "draft").annotate(
        is_used=Case(When(is_built_in=True, then=switched_on), default=in_words, output_field=BooleanField()),
        held_now=_count(Hold.objects.filter(released_at=None)),
        stopped=_count(placed),
        warned=_count(CheckWarning.objects.filter(raised_at__gte=since)),
        late=_count(Hold.objects.filter(released_at=None, due_at__lt=clock.now())),
        freed=_count(freed),
        unchanged=_count(freed.exclude(Exists(fixed))),
    )


def rate(part: int, whole: int) -> int | None:
    """Percent, rounded; None of nothing."""
    return round(part * 100 / whole) if whole else None


@dataclass(slots=True)
class Result:
    """試しの結果. Yen are 請求金額 of the stopped orders; `false_rate` of those whose end is known."""

    orders: int
    stopped: int = 0
    yen: int = 0
    old: int = 0
    both: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    old_outcomes: Counter[str] = field(default_factory=Counter)
    months: Counter[date] = field(default_factory=Counter)
    channels: dict[str, list[int]] = field(default_factory=dict)  # name → [stopped, yen, all orders]

    @property
    def good(self) -> int:
        return sum(self.outcomes[one] for one in GOOD_STOPS)

    @property
    def false_rate(self) -> int | None:
        return rate(self.outcomes[CheckOutcome.SHIPPED], self.stopped - self.outcomes[CheckOutcome.OPEN])

    @property
    def old_false_rate(self) -> int | None:
        return rate(self.old_outcomes[CheckOutcome.SHIPPED], self.old - self.old_outcomes[CheckOutcome.OPEN])

    @property
    def share(self) -> str:
        return f"{self.stopped * 100 / self.orders:.1f}" if self.orders else "0.0"

    @property
    def month_rows(self) -> list[tuple[str, int]]:
        return [(f"{month:%Y/%m}", count) for month, count in sorted(self.months.items())]

    @property
    def outcome_rows(self) -> list[tuple[str, str, int, int]]:
        """(code, その後, by this version, by the one in force)."""
        return [
            (one.value, str(one.label), self.outcomes[one], self.old_outcomes[one])
            for one in CheckOutcome
            if self.outcomes[one] or self.old_outcomes[one]
        ]

    @property
    def only_new(self) -> int:
        return self.stopped - self.both

    @property
    def only_old(self) -> int:
        return self.old - self.both


def result_of(test: CheckBacktest) -> Result:
    """The figures of a back-test. Two queries."""
    found = Result(test.orders)
    hits = (
        CheckBacktestHit.objects.filter(backtest=test)
        .values("by_new", "by_old", "outcome", name=F("order__channel__name"))
        .annotate(month=TruncMonth("order__ordered_at"), n=Count("pk"), yen=Sum("order__total_yen"))
    )
    of_channel = orders_between(test.first_on, test.last_on).values(name=F("channel__name"))
    counted = {row["name"]: row["n"] for row in of_channel.annotate(n=Count("pk")).order_by("-n")}
    found.channels = {name: [0, 0, n] for name, n in counted.items()}
    for row in hits:
        _add(found, row)
    for month in _months(test.first_on, test.last_on):
        found.months.setdefault(month, 0)
    return found


def _add(found: Result, row: Any) -> None:
    n = row["n"]
    if row["by_old"]:
        found.old += n
        found.old_outcomes[row["outcome"]] += n
    if not row["by_new"]:
        return
    found.stopped += n
    found.yen += row["yen"] or 0
    found.both += n if row["by_old"] else 0
    found.outcomes[row["outcome"]] += n
    found.months[row["month"].date().replace(day=1)] += n
    cell = found.channels.setdefault(row["name"], [0, 0, 0])
    cell[0] += n
    cell[1] += row["yen"] or 0


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        date(first.year + (first.month - 1 + nth) // 12, (first.month - 1 + nth) % 12 + 1, 1)
        for nth in range(min(count, 36))
    ]
