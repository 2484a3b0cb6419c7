"""次へ進める: compute where orders belong now and move them there. Called whenever something freed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from akinai.core import activity, clock
from akinai.orders import rules
from akinai.orders.models import Order, OrderLine
from akinai.orders.services.promising import first_days
from akinai.orders.states import WAITING, OrderState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

# What each order's next state hangs on, as if `more` yen of its money had come already.
FACTS = """
SELECT o.id, o.payment, o.payment_settled, o.total_yen - o.paid_yen - p.more,
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
FROM unnest(%s::bigint[], %s::bigint[]) AS p(id, more) JOIN orders_order o ON o.id = p.id
"""
LOCK = "SELECT id, number, state FROM orders_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
# The day goes with the state: rows of orders are dear to write, with an index for each list.
GO = """
UPDATE orders_order o SET state = p.after, ship_by = coalesce(p.ship_by, o.ship_by)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[]) AS p(id, before, after, ship_by)
WHERE o.id = p.id AND o.state = p.before RETURNING o.id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A locked order."""

    pk: int
    number: str
    state: OrderState


@dataclass(frozen=True, slots=True)
class Step:
    """次の状態: where a waiting order goes, and its day to ship by when it gets its first."""

    order: Held
    after: OrderState
    ship_by: date | None = None


def hold(order_ids: Iterable[int]) -> list[Held]:
    """Lock these orders in rising order, so that two calls never wait for each other in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(order_ids)])
        return [Held(pk, number, OrderState(state)) for pk, number, state in cursor.fetchall()]


def steps(held: Sequence[Held], paid: Mapping[int, int] | None = None) -> list[Step]:
    """Where the facts call these locked orders, those that stay left out. `paid`: yen that is about to be noted.

    Orders being shipped, shipped or cancelled stay.
    """
    waiting = {one.pk: one for one in held if one.state in WAITING}
    if not waiting:
        return []
    targets = {
        pk: state for pk, state in _targets(list(waiting), paid or {}).items() if waiting[pk].state != state
    }
    days = first_days([pk for pk in targets if waiting[pk].state == OrderState.AWAITING_PAYMENT])
    return [
        Step(waiting[pk], state, days.get(pk))
        for pk, state in targets.items()
        if waiting[pk].state in Order.MOVES[rules.VERBS[state]].sources
    ]


def record(done: Sequence[Step], *, by: Staff | None) -> None:
    """The history of steps that were written."""
    facts = [
        activity.Fact(
            activity.Subject(Order, step.order.pk, step.order.number),
            rules.VERBS[step.after],
            from_state=step.order.state,
            to_state=step.after,
        )
        for step in done
    ]
    activity.record_many(facts, by=by)


@transaction.atomic
def advance(order_ids: Sequence[int], *, by: Staff | None) -> dict[int, OrderState]:
    """Move each of these orders to the state its facts call for. Out: the new state of those that moved.

    Orders being shipped, shipped or cancelled are left alone. The rows are locked first, so what is decided holds.
    """
    to_go = steps(hold(order_ids))
    if not to_go:
        return {}
    columns = [[one.order.pk for one in to_go], *columns_of(to_go)]
    with connection.cursor() as cursor:
        cursor.execute(GO, columns)
        moved = {pk for (pk,) in cursor.fetchall()}
    done = [one for one in to_go if one.order.pk in moved]
    record(done, by=by)
    return {one.order.pk: one.after for one in done}


def columns_of(to_go: Sequence[Step | None]) -> list[list[Any]]:
    """(state before, state after, day to ship by), NULL where nothing changes."""
    return [
        [one and one.order.state.value for one in to_go],
        [one and one.after.value for one in to_go],
        [one and one.ship_by for one in to_go],
    ]


def _targets(order_ids: list[int], paid: Mapping[int, int]) -> dict[int, OrderState]:
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [clock.today(), order_ids, [paid.get(pk, 0) for pk in order_ids]])
        rows = cursor.fetchall()
    return {
        pk: rules.next_state(
            rules.Facts(
                issue,
                on_hold,
                change,
                rules.waits_for_money(payment, is_settled=settled, owed_yen=owed),
                short,
                unreleased,
                empty,
            )
        )
        for pk, payment, settled, owed, issue, on_hold, change, short, empty, unreleased in rows
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
