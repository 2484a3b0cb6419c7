"""在庫金額の照会: what lies there is worth, by the method the company has chosen, now or at the end of a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q, Sum

from akinai.catalog import queries as catalog
from akinai.stock.models import StockValue, ValueEntry
from akinai.stock.queries.levels import business_day_start
from akinai.stock.valuation import Move, Worth, fifo, last_cost


@dataclass(frozen=True, slots=True)
class Valued:
    """在庫表の 1 行. Yen are whole, so that the lines add up to the total on paper."""

    sku: catalog.SkuRow
    pieces: int
    unit_cost: Decimal | None
    yen: int
    is_estimated: bool
    is_written_down: bool = False


def value_of(sku_ids: Sequence[int]) -> dict[int, Worth]:
    """在庫金額 by moving average, of those that lie somewhere."""
    rows = StockValue.objects.filter(sku_id__in=list(sku_ids), quantity__gt=0)
    return {
        pk: Worth(pieces, value) for pk, pieces, value in rows.values_list("sku_id", "quantity", "value_yen")
    }


def total_value() -> int:
    """在庫金額 of everything by moving average, in whole yen."""
    return whole(StockValue.objects.aggregate(total=Sum("value_yen"))["total"] or Decimal(0))


def standing_value_only(reference: str) -> list[int]:
    """Ids of the value-only rows of one paper that nobody has taken back."""
    rows = ValueEntry.objects.filter(reference=reference, stock_entry=None, reverses=None, reversed_by=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))


def cost_of_sales(references: Sequence[str]) -> dict[str, int]:
    """売上原価 by paper (shipments, returns), in whole yen; papers that moved nothing are left out."""
    rows = (
        ValueEntry.objects.filter(reference__in=list(references))
        .values("reference")
        .annotate(total=Sum("value_yen"))
    )
    return {row["reference"]: whole(-row["total"]) for row in rows}


OF_DAY = """
SELECT v.sku_id, sum(v.quantity), sum(v.value_yen) FROM stock_valueentry v WHERE v.at < %s
GROUP BY 1 HAVING sum(v.quantity) <> 0 ORDER BY 1
"""
LIVES = """
SELECT v.sku_id, v.id, v.quantity, v.value_yen, v.reference, coalesce(v.reverses_id, 0), v.kind = 'receipt' AND v.quantity > 0,
  v.is_estimated
FROM stock_valueentry v WHERE v.at < %s ORDER BY v.sku_id, v.id
"""


def inventory(on: date, method: str) -> list[Valued]:
    """在庫表 at the end of a day: every SKU that lay there, by code. Raises KeyError for an unknown method."""
    worths = {"average": _averages, "fifo": _lives, "last": _lives}[method](on, method)
    found = dict(worths)
    estimated, lowered = _estimated(list(found)), _written_down(list(found), on)
    rows = catalog.sku_rows(found)
    made = [
        Valued(rows[pk], worth.pieces, worth.average, whole(worth.value), pk in estimated, pk in lowered)
        for pk, worth in found.items()
    ]
    return sorted(made, key=lambda one: one.sku.code)


def _end(on: date) -> datetime:
    return business_day_start(on + timedelta(days=1))


def _averages(on: date, _method: str) -> Iterator[tuple[int, Worth]]:
    with connection.cursor() as cursor:
        cursor.execute(OF_DAY, [_end(on)])
        for sku_id, pieces, value in cursor.fetchall():
            yield sku_id, Worth(pieces, value)


def _lives(on: date, method: str) -> Iterator[tuple[int, Worth]]:
    replay = {"fifo": fifo, "last": last_cost}[method]
    with connection.cursor() as cursor:
        cursor.execute(LIVES, [_end(on)])
        for sku_id, life in groupby(cursor.fetchall(), key=lambda row: row[0]):
            worth = replay([_move(row) for row in life])
            if worth.pieces:
                yield sku_id, worth


def _move(row: Sequence[Any]) -> Move:
    """The ledger's row as the replay wants it: receipts tell their value, what leaves takes what the method says."""
    _, pk, pieces, value, reference, reverses, is_receipt, is_estimated = row
    tells = pieces >= 0 and not is_estimated
    return Move(
        pk, pieces, value if tells else None, reference, reverses, bool(is_receipt) and not is_estimated
    )


def _estimated(sku_ids: Sequence[int]) -> set[int]:
    """SKUs of which something came without a cost."""
    rows = ValueEntry.objects.filter(sku_id__in=sku_ids, is_estimated=True, kind=ValueEntry.Kind.RECEIPT)
    return set(rows.values_list("sku_id", flat=True).distinct())


def _written_down(sku_ids: Sequence[int], on: date) -> set[int]:
    """SKUs whose value was lowered by 評価損 that stood at the end of that day."""
    rows = ValueEntry.objects.filter(sku_id__in=sku_ids, kind=ValueEntry.Kind.WRITEDOWN, at__lt=_end(on))
    standing = rows.filter(Q(reversed_by=None) | Q(reversed_by__at__gte=_end(on)))
    return set(standing.values_list("sku_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Change:
    """在庫金額 now, and what it was at the end of last month."""

    now: int
    before: int
    month_end: date

    @property
    def yen(self) -> int:
        return self.now - self.before

    @property
    def percent(self) -> float | None:
        """Against last month's end; None where nothing lay there."""
        return round(100 * self.yen / self.before, 1) if self.before else None


NOW_AND_SINCE = """
SELECT coalesce((SELECT sum(value_yen) FROM stock_stockvalue), 0),
  coalesce((SELECT sum(value_yen) FROM stock_valueentry WHERE at >= %s), 0)
"""


def change_of_month(today: date) -> Change:
    """在庫金額 against last month's end, by moving average. One query."""
    first = today.replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(NOW_AND_SINCE, [business_day_start(first)])
        now, since = cursor.fetchone()
    return Change(whole(now), whole(now - since), first - timedelta(days=1))
