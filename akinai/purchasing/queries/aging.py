"""買掛年齢表: what is owed to each supplier by how near its due day is, or how long ago it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from akinai.purchasing.models import PayableBalance
from akinai.purchasing.queries.payables import owed


@dataclass(frozen=True, slots=True)
class Bucket:
    """支払期日の区分: due from `since` to `until` days after today (None: without end)."""

    key: str
    title: str
    since: int | None
    until: int | None

    def days(self, today: date) -> Q:
        """The due days it holds. A bill without a due day counts as due today."""
        found = Q()
        if self.since is not None:
            found &= Q(due__gte=today + timedelta(days=self.since))
        if self.until is not None:
            found &= Q(due__lte=today + timedelta(days=self.until))
        return found


BUCKETS = (
    Bucket("later", "31日以上先", 31, None),
    Bucket("soon", "30日以内", 0, 30),
    Bucket("late_30", "超過 1〜30日", -30, -1),
    Bucket("late_60", "超過 31〜60日", -60, -31),
    Bucket("late_90", "超過 61〜90日", -90, -61),
    Bucket("late_more", "超過 91日以上", None, -91),
)
LATE = tuple(bucket.key for bucket in BUCKETS if bucket.until is not None and bucket.until < 0)


def by_supplier(*, today: date) -> QuerySet[Any]:
    """One row per supplier with a balance or an unpaid bill: yen of each bucket, `late`, `owed`, and `rest`, what the ledger's
    balance has besides (positive: owed without a bill that waits)."""
    sums = {bucket.key: _sum(bucket.days(today), today) for bucket in BUCKETS}
    rows = PayableBalance.objects.select_related("supplier").annotate(**sums)
    late = sum((F(key) for key in LATE[1:]), F(LATE[0]))
    rows = rows.annotate(late=late, owed=F("later") + F("soon") + late)
    return rows.annotate(rest=F("balance_yen") - F("owed")).exclude(balance_yen=0, owed=0)


def _sum(days: Q, today: date) -> Coalesce:
    of = owed().annotate(due=Coalesce("due_on", today)).filter(days, supplier=OuterRef("supplier"))
    return Coalesce(Subquery(of.order_by().values("supplier").annotate(n=Sum("left_yen")).values("n")), 0)


def totals(rows: QuerySet[Any]) -> dict[str, int]:
    """Yen of each bucket over these rows, and of all. One query."""
    names = [*(bucket.key for bucket in BUCKETS), "late", "owed"]
    found = rows.order_by().aggregate(**{f"all_{name}": Sum(name) for name in names})
    return {name: int(found[f"all_{name}"] or 0) for name in names}
