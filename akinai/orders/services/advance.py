"""次へ進める: compute where orders belong now and move them there. Called whenever something freed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.core import clock, transitions
from akinai.orders import rules
from akinai.orders.models import Order, OrderLine
from akinai.orders.services.promising import first_days
from akinai.orders.states import WAITING, OrderState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

FACTS = """
SELECT o.id, o.payment, o.payment_settled, o.total_yen - o.paid_yen,
  EXISTS (SELECT FROM orders_orderissue i WHERE i.order_id = o.id AND i.resolved_at IS NULL),
  EXISTS (SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL),
  EXISTS (SELECT FROM orders_orderchange c WHERE c.order_id = o.id AND c.state = 'pending'),
  EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.sku_id IS NOT NULL AND l.quantity > 0
          AND NOT coalesce((SELECT bool_and(r.quantity = l.quantity * r.per_set) FROM stock_reservation r
                            WHERE r.reference = o.number || '/' || l.line_no AND r.state <> 'released'
                              AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id), false)),
  NOT EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.quantity > 0),
  EXISTS (SELECT FROM orders_orderline l JOIN catalog_sku s ON s.release_on > %s
          WHERE l.order_id = o.id AND l.quantity > l.instructed AND (s.id = l.sku_id OR EXISTS (
            SELECT FROM stock_reservation r WHERE r.reference = o.number || '/' || l.line_no
              AND r.set_sku_id = l.sku_id AND r.sku_id = s.id AND r.state <> 'released')))
FROM orders_order o WHERE o.id = ANY(%s)
"""


@transaction.atomic
def advance(order_ids: Sequence[int], *, by: Staff | None) -> dict[int, OrderState]:
    """Move each of these orders to the state its facts call for. Out: the new state of those that moved.

    Orders being shipped, shipped or cancelled are left alone. The rows are locked first, so what is decided holds.
    """
    waiting = {
        order.pk: order
        for order in Order.objects.select_for_update(no_key=True)
        .filter(pk__in=list(order_ids), state__in=WAITING)
        .only("pk", "number", "state")
        .order_by("pk")
    }
    if not waiting:
        return {}
    targets = {pk: state for pk, state in _targets(list(waiting)).items() if waiting[pk].state != state}
    # The day goes with the state: rows of orders are dear to write, with an index for each list.
    days = first_days([pk for pk in targets if waiting[pk].state == OrderState.AWAITING_PAYMENT])
    groups: dict[tuple[OrderState, date | None], list[Order]] = defaultdict(list)
    for pk, state in targets.items():
        groups[state, days.get(pk)].append(waiting[pk])
    moved = {}
    for (state, day), orders in groups.items():
        fields = {"ship_by": day} if day else None
        for pk in transitions.apply_many(orders, rules.VERBS[state], by=by, set_fields=fields):
            moved[pk] = state
    return moved


def _targets(order_ids: list[int]) -> dict[int, OrderState]:
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [clock.today(), order_ids])
        rows = cursor.fetchall()
    return {
        pk: rules.next_state(
            rules.Facts(
                issue,
                hold,
                change,
                rules.waits_for_money(payment, is_settled=settled, owed_yen=owed),
                short,
                unreleased,
                empty,
            )
        )
        for pk, payment, settled, owed, issue, hold, change, short, empty, unreleased in rows
    }


def advance_references(references: Sequence[str]) -> None:
    """Goods arrived for these document lines, or are missing after all: their orders go on or wait again. Handler of
    `stock.allocated` and `stock.shortened`."""
    numbers = {reference.rsplit("/", 1)[0] for reference in references}
    advance(list(Order.objects.filter(number__in=numbers).values_list("pk", flat=True)), by=None)


def advance_goods(sku_ids: Sequence[int]) -> None:
    """発売日 of these goods has changed: orders that wait with them are looked at again. Handler of `catalog.release_changed`."""
    lines = OrderLine.objects.filter(sku_id__in=list(sku_ids), quantity__gt=0, order__state__in=WAITING)
    advance(list(lines.values_list("order_id", flat=True).distinct()), by=None)


RELEASED = """
SELECT DISTINCT o.id FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.quantity > 0
WHERE o.state = 'awaiting_stock' AND EXISTS (
  SELECT FROM catalog_sku s WHERE s.release_on BETWEEN %s AND %s AND (s.id = l.sku_id OR EXISTS (
    SELECT FROM catalog_setpart p WHERE p.set_sku_id = l.sku_id AND p.part_sku_id = s.id)))
"""
LOOK_BACK = timedelta(days=14)  # a shop whose worker stood still for days loses nothing


def release_preorders() -> int:
    """発売: orders whose goods have come out go on. Safe to run at any time. Out: how many moved."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(RELEASED, [today - LOOK_BACK, today])
        ids = [pk for (pk,) in cursor.fetchall()]
    return len(advance(ids, by=None))
