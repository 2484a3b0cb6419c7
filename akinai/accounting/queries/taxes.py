"""消費税集計: what was sold and bought by month and 税区分, as the journal has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from akinai.accounting.rules import tax_classes

# Sales stand on the right, purchases and what was given back on the left.
SUMS = """
SELECT date_trunc('month', l."on")::date, l.tax_class,
  coalesce(sum(x.yen) FILTER (WHERE NOT l.is_tax), 0)::bigint, coalesce(sum(x.tax) FILTER (WHERE NOT l.is_tax), 0)::bigint,
  coalesce(sum(x.yen) FILTER (WHERE l.is_tax AND a.role = 'lost_tax'), 0)::bigint,
  coalesce(sum(x.yen) FILTER (WHERE l.is_tax AND a.role <> 'lost_tax'), 0)::bigint
FROM accounting_journalline l JOIN accounting_account a ON a.id = l.account_id
CROSS JOIN LATERAL (SELECT CASE WHEN (l.side = 'credit') = (left(l.tax_class, 1) = 's') THEN 1 ELSE -1 END AS sign) s
CROSS JOIN LATERAL (SELECT s.sign * l.yen AS yen, s.sign * l.tax_yen AS tax) x
WHERE l.tax_class <> '' AND l."on" BETWEEN %s AND %s GROUP BY 1, 2 ORDER BY 1, 2
"""
ORDER = {"s": 0, "r": 1, "p": 2}


@dataclass(frozen=True, slots=True)
class TaxRow:
    """1 税区分 of a month. `booked_yen` is the tax on 仮受・仮払, `lost_yen` what may not be deducted."""

    month: date
    code: str
    net_yen: int
    tax_yen: int
    lost_yen: int
    booked_yen: int

    @property
    def name(self) -> str:
        return tax_classes.name_of(self.code)

    @property
    def sort(self) -> str:
        return tax_classes.parts(self.code)[0]

    @property
    def rate(self) -> int:
        return tax_classes.parts(self.code)[1]

    @property
    def gross_yen(self) -> int:
        return self.net_yen + self.tax_yen


def by_class(first: date, last: date) -> list[TaxRow]:
    """Every month of the period with its 税区分: 売上, 返還, 仕入, the higher rate first."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [first, last])
        rows = [TaxRow(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.month, ORDER.get(row.sort, 9), -row.rate, row.code))


@dataclass(frozen=True, slots=True)
class Due:
    """差引: the tax of sales less what was given back and what may be deducted."""

    sales_yen: int
    returned_yen: int
    deductible_yen: int
    lost_yen: int

    @property
    def left_yen(self) -> int:
        return self.sales_yen - self.returned_yen - self.deductible_yen


def due(rows: Sequence[TaxRow]) -> Due:
    """Of all rows together."""

    def booked(sort: str) -> int:
        return sum(row.booked_yen for row in rows if row.sort == sort)

    return Due(booked("s"), booked("r"), booked("p"), sum(row.lost_yen for row in rows))
