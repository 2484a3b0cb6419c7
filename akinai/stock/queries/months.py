"""在庫金額の推移: what lay there at the end of each month and what left in it, by moving average."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from akinai.stock.queries.values import whole

# Value and cost of sales by month; everything before the first month is its opening balance.
BY_MONTH = """
SELECT greatest(date_trunc('month', v.at AT TIME ZONE 'Asia/Tokyo')::date, %s) AS month, sum(v.value_yen),
  coalesce(-sum(v.value_yen) FILTER (WHERE 'issue' IN (v.kind, o.kind)), 0)
FROM stock_valueentry v LEFT JOIN stock_valueentry o ON o.id = v.reverses_id
WHERE %s::bigint[] IS NULL OR v.sku_id = ANY(%s::bigint[])
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Month:
    """ある月: 在庫金額 at its start and end, and 売上原価 of what left in it. `days` of it have passed."""

    first: date
    opening: int
    closing: int
    cost: int
    days: int

    @property
    def average(self) -> int:
        return (self.opening + self.closing) // 2

    @property
    def turns(self) -> float | None:
        """在庫回転率（年）; None with nothing there."""
        return round(self.cost * 365 / self.days / self.average, 1) if self.average > 0 else None

    @property
    def turn_days(self) -> int | None:
        """回転日数: how many days the stock of this month lasts; None while nothing is sold."""
        return round(365 / self.turns) if self.turns else None


def by_month(*, today: date, months: int = 13, sku_ids: Iterable[int] | None = None) -> list[Month]:
    """The last months up to this one, oldest first; all goods or these. One query."""
    firsts = _firsts(today, months)
    ids = None if sku_ids is None else list(sku_ids)
    before = firsts[0] - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(BY_MONTH, [before, ids, ids])
        found = {month: (value, cost) for month, value, cost in cursor.fetchall()}
    value, made = found.get(before, (Decimal(0), 0))[0], []
    for first in firsts:
        change, cost = found.get(first, (Decimal(0), Decimal(0)))
        days = (min(_next(first), today + timedelta(days=1)) - first).days
        made.append(Month(first, whole(value), whole(value + change), whole(cost), days))
        value += change
    return made


def _firsts(today: date, months: int) -> list[date]:
    first, made = today.replace(day=1), []
    for _ in range(months):
        made.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return made[::-1]


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
