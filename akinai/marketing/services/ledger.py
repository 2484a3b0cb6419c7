"""ポイントの台帳: the one place where entries are written. Balance, lots and draws are moved by the database's triggers.

Who writes for a customer holds his balance until the end, so that two acts of one customer never read the same lots.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.core import clock
from akinai.marketing.errors import NotEnoughPoints
from akinai.marketing.models import PointBalance, PointDraw, PointEntry, PointLot

if TYPE_CHECKING:
    from akinai.staff.models import Staff

# Oldest last day first, points without one last; of equals the older. `first`: a lot to be taken before all others.
DRAW = """
WITH lots AS (
  SELECT entry_id, left_points, sum(left_points) OVER (
      ORDER BY entry_id IS NOT DISTINCT FROM %(first)s::bigint DESC, expires_on NULLS LAST, entry_id) - left_points AS before
  FROM marketing_pointlot WHERE customer_id = %(customer)s AND left_points > 0 AND (%(only)s::bigint IS NULL OR entry_id = %(only)s)
)
INSERT INTO marketing_pointdraw (entry_id, lot_id, points)
SELECT %(entry)s, entry_id, least(left_points, %(points)s - before) FROM lots WHERE before < %(points)s
"""


@dataclass(frozen=True, slots=True)
class Write:
    """What is written: `points` signed; `key` names the act, so that the same again changes nothing."""

    customer_id: int
    points: int
    kind: str
    key: str
    order_id: int | None = None
    expires_on: date | None = None
    note: str = ""
    reverses_id: int | None = None
    rate: Decimal | None = None


def hold(customer_id: int) -> int:
    """Hold the customer's balance until the end of the transaction. Out: its points now, without those that are over."""
    PointBalance.objects.bulk_create([PointBalance(customer_id=customer_id)], ignore_conflicts=True)
    held = PointBalance.objects.select_for_update(no_key=True).get(pk=customer_id)
    return held.points - expire(customer_id)


@transaction.atomic
def write(told: Write, *, by: Staff | None, first: int | None = None, only: int | None = None) -> PointEntry:
    """Write one entry. Raises NotEnoughPoints when the balance would fall below 0.

    `first`: the lot to draw from before all others, `only`: the one lot to draw from.
    """
    left = hold(told.customer_id)
    known = PointEntry.objects.filter(key=told.key).first()
    if known:
        return known
    if left + told.points < 0:
        raise NotEnoughPoints(
            f"ポイントの残高は {left:,} ポイントです。{-told.points:,} ポイントは使えません。",
            way_out="ご利用になるポイントを減らしてください。",
        )
    return _insert(told, by, first, only)


def _insert(told: Write, by: Staff | None, first: int | None, only: int | None) -> PointEntry:
    entry = PointEntry.objects.create(
        customer_id=told.customer_id, points=told.points, kind=told.kind, order_id=told.order_id, key=told.key,
        reverses_id=told.reverses_id, expires_on=told.expires_on if told.points > 0 else None, note=told.note[:200], by=by,
        at=clock.now(), rate=told.rate,
    )  # fmt: skip
    if told.points < 0:
        with connection.cursor() as cursor:
            values = {
                "customer": told.customer_id,
                "entry": entry.pk,
                "points": -told.points,
                "first": first,
                "only": only,
            }
            cursor.execute(DRAW, values)
    return entry


def expire(customer_id: int) -> int:
    """期限切れ of one customer whose balance is held: one entry for all that is over. Out: how many points."""
    today = clock.today()
    lots = PointLot.objects.filter(customer_id=customer_id, left_points__gt=0, expires_on__lt=today)
    due = list(lots.order_by("entry_id").values_list("entry_id", "left_points"))
    if not due:
        return 0
    total = sum(points for _, points in due)
    entry = PointEntry.objects.create(
        customer_id=customer_id, points=-total, kind=PointEntry.Kind.EXPIRED, key=f"expire:{customer_id}:{due[-1][0]}:{today}",
        note="有効期限", at=clock.now(),
    )  # fmt: skip
    PointDraw.objects.bulk_create([PointDraw(entry=entry, lot_id=lot, points=points) for lot, points in due])
    return total
