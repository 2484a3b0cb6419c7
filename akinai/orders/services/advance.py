"""次へ進める: compute where orders belong now and move them there. Called whenever something freed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.core import transitions
from akinai.orders import rules
from akinai.orders.models import Order
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
                            WHERE r.reference = o.number || '/' || l.line_no AND r.state = 'active'
                              AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id), false)),
  NOT EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.quantity > 0)
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
    groups: dict[OrderState, list[Order]] = defaultdict(list)
    for pk, state in _targets(list(waiting)).items():
        if waiting[pk].state != state:
            groups[state].append(waiting[pk])
    moved = {}
    for state, orders in groups.items():
        for pk in transitions.apply_many(orders, rules.VERBS[state], by=by):
            moved[pk] = state
    return moved


def _targets(order_ids: list[int]) -> dict[int, OrderState]:
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [order_ids])
        rows = cursor.fetchall()
    return {
        pk: rules.next_state(
            rules.Facts(
                issue,
                hold,
                change,
                rules.waits_for_money(payment, is_settled=settled, owed_yen=owed),
                short,
                empty,
            )
        )
        for pk, payment, settled, owed, issue, hold, change, short, empty in rows
    }


def advance_references(references: Sequence[str]) -> None:
    """Goods arrived for these document lines, or are missing after all: their orders go on or wait again. Handler of
    `stock.allocated` and `stock.shortened`."""
    numbers = {reference.rsplit("/", 1)[0] for reference in references}
    advance(list(Order.objects.filter(number__in=numbers).values_list("pk", flat=True)), by=None)
