"""お客様の声を読む: what waits for a person, and how replies were graded."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count, Q

from akinai.support.models import Csat, ReplyGrade, Spike
from akinai.support.queries.reports import Period


def low_count() -> int:
    """低い評価 that nobody has seen to (the badge of the menu)."""
    return Csat.objects.filter(is_low=True, seen_at=None).count()


def open_spikes() -> list[Spike]:
    """急増 that go on and nobody has seen to, for the first screen."""
    return list(Spike.objects.filter(ended_on=None, seen_at=None).order_by("-count", "pk")[:5])


@dataclass(frozen=True, slots=True)
class Person:
    """点検の結果 of one person's replies."""

    name: str
    count: int
    facts_wrong: int
    order_wrong: int
    tone: float
    speed: float

    @property
    def right_rate(self) -> float:
        """事実が正しかった割合（%）."""
        return round(100 * (self.count - self.facts_wrong) / self.count, 1) if self.count else 0.0


def graded_by_person(period: Period) -> list[Person]:
    """点検の結果 by who wrote, of what was graded in the period. One query."""
    bounds = period.bounds()
    rows = (
        ReplyGrade.objects.filter(graded_at__gte=bounds["begin"], graded_at__lt=bounds["end"])
        .values("author__username", "author__display_name")
        .annotate(
            n=Count("pk"), wrong=Count("pk", filter=Q(facts_right=False)), order=Count("pk", filter=Q(order_right=False)),
            mean_tone=Avg("tone"), mean_speed=Avg("speed"),
        )
        .order_by("-n", "author__username")
    )  # fmt: skip
    return [
        Person(
            row["author__display_name"] or row["author__username"], row["n"], row["wrong"],
            row["order"], round(row["mean_tone"], 2), round(row["mean_speed"], 2),
        )
        for row in rows
    ]  # fmt: skip
