"""月ごとの数字: what a month came to in the books, closed or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Max

from akinai.accounting.models import ClosedMonth
from akinai.accounting.rules.periods import months_back, next_month
from akinai.core.business_days import month_end

FIGURES = """
SELECT m.month::date, coalesce(d.net, 0)::bigint, coalesce(d.gross, 0)::bigint, coalesce(d.cost, 0)::bigint, coalesce(d.orders, 0)::int,
  (SELECT count(*) FROM accounting_journalentry e WHERE e."on" >= m.month AND e."on" < m.month + interval '1 month')
FROM unnest(%s::date[]) AS m(month) LEFT JOIN LATERAL (
  SELECT sum(net_yen) AS net, sum(gross_yen) AS gross, sum(cost_yen) AS cost, sum(orders) AS orders FROM accounting_dailysales
  WHERE "on" >= m.month AND "on" < m.month + interval '1 month') d ON true ORDER BY 1 DESC
"""
SHOWN = 13


@dataclass(frozen=True, slots=True)
class Month:
    """1 か月."""

    month: date
    net_yen: int
    gross_yen: int
    cost_yen: int
    orders: int
    entries: int
    is_over: bool = True
    closed: ClosedMonth | None = None
    is_shut: bool = False  # a later month is closed, and this one with it

    @property
    def last(self) -> date:
        return month_end(self.month)

    @property
    def margin_yen(self) -> int:
        return self.net_yen - self.cost_yen

    @property
    def has_books(self) -> bool:
        return bool(self.entries or self.orders)


def recent(today: date) -> list[Month]:
    """The running month and the year before it, newest first; months before the books began are left out."""
    asked = [months_back(today, n) for n in range(SHOWN)]
    closings = {
        row.month: row for row in ClosedMonth.objects.filter(reopened_at=None).select_related("closed_by")
    }
    newest = max(closings, default=date.min)
    rows = [
        Month(*row, month_end(row[0]) < today, closings.get(row[0]), row[0] < newest)
        for row in _figures(asked)
    ]
    while len(rows) > 1 and not rows[-1].has_books and not rows[-1].closed:
        rows.pop()
    return rows


def opened_with(month: date) -> list[date]:
    """Months that are open again when this one is: itself and all that follow it up to the last closed one, newest first."""
    last = ClosedMonth.objects.filter(reopened_at=None).aggregate(last=Max("month"))["last"] or date.min
    found = [month] if month <= last else []
    while found and found[0] < last:
        found.insert(0, next_month(found[0]))
    return found


def figures(month: date) -> Month:
    """One month."""
    (row,) = _figures([month])
    return Month(*row)


def _figures(months: list[date]) -> list[tuple[date, int, int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [months])
        return cursor.fetchall()
