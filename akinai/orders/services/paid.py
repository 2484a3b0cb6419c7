"""入金の進み: what the payments room tells an order, one or thousands at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from akinai.core import transitions
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders.models import Order
from akinai.orders.services.advance import advance, columns_of, hold, record, steps
from akinai.orders.services.progress import complete, progress_of_money
from akinai.orders.states import OrderState, Progress

if TYPE_CHECKING:
    from akinai.staff.models import Staff

# The progress of the money and the next state go with it: one row version instead of three, for rows of orders are dear
# to write, with an index for each list. `progress.progress_of_money` says the same of the progress.
PAY = """
UPDATE orders_order o SET paid_yen = o.paid_yen + p.amount,
  payment_progress = CASE WHEN o.state = 'cancelled' THEN o.payment_progress
    WHEN o.amounts_known AND o.total_yen = 0 THEN 'not_needed'
    WHEN o.amounts_known AND o.paid_yen + p.amount >= o.total_yen THEN 'done'
    WHEN o.paid_yen + p.amount > 0 THEN 'partial' WHEN o.payment_settled THEN 'done' ELSE 'none' END,
  state = coalesce(p.after, o.state), ship_by = coalesce(p.ship_by, o.ship_by)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::date[]) AS p(id, amount, before, after, ship_by)
WHERE o.id = p.id AND o.total_yen >= o.paid_yen + p.amount AND (p.before IS NULL OR o.state = p.before)
"""
# What these orders owe, held until the transaction ends.
OWED = (
    "SELECT id, total_yen - paid_yen FROM orders_order WHERE id = ANY(%s) AND amounts_known AND state <> 'cancelled' "
    "AND NOT payment_settled AND total_yen > paid_yen ORDER BY id FOR NO KEY UPDATE"
)
PAY_OPEN = PAY + "AND o.state <> 'cancelled' RETURNING o.id"
PAY_ANY = PAY + "RETURNING o.id"


@transaction.atomic
def note_paid(order_id: int, amount_yen: int, *, by: Staff | None) -> None:
    """入金: one conditional UPDATE, so an order is never paid beyond what it owes. Refused otherwise."""
    if not _pay({order_id: amount_yen}, PAY_OPEN, by=by):
        raise _too_much(order_id, amount_yen)


@transaction.atomic
def note_paid_together(groups: Sequence[Mapping[int, int]], *, by: Staff | None) -> list[bool]:
    """入金（まとめて）: each group is order → yen that must be exactly what it owes, and is taken whole or not at all.

    Orders that were paid, cancelled or settled elsewhere meanwhile refuse their group; those before it count first.
    """
    ids = sorted({pk for group in groups for pk in group})
    owed: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(OWED, [ids])
        owed = dict(cursor.fetchall())
    pays: dict[int, int] = {}
    answers = []
    for group in groups:
        is_even = all(owed.get(pk) == amount and pk not in pays for pk, amount in group.items())
        answers.append(is_even)
        if is_even:
            pays |= group
    if pays:
        _pay(pays, PAY_OPEN, by=by)
    return answers


@transaction.atomic
def note_paid_many(amounts: Mapping[int, int], *, by: Staff | None) -> set[int]:
    """入金（まとめて）: order → yen that it must still owe, settled by its channel or not. Out: the orders that took it."""
    return _pay(amounts, PAY_OPEN, by=by) if amounts else set()


@transaction.atomic
def note_refund_reversed(order_id: int, amount_yen: int, *, by: Staff | None) -> None:
    """返金の取消: the money is with us again. A cancelled order must give it back once more."""
    if not _pay({order_id: amount_yen}, PAY_ANY, by=by):
        raise _too_much(order_id, amount_yen)
    Order.objects.filter(pk=order_id, state=OrderState.CANCELLED).update(payment_progress=Progress.EXCEPTION)


@transaction.atomic
def note_unpaid(order_id: int, amount_yen: int, *, by: Staff | None) -> None:
    """入金の取消・返金: the order owes again; a completed one is open again. Refused beyond what was paid.

    A cancelled order is at rest once nothing of the money is left with us.
    """
    paid = Order.objects.filter(pk=order_id, paid_yen__gte=amount_yen)
    if not paid.update(paid_yen=F("paid_yen") - amount_yen):
        order = Order.objects.get(pk=order_id)
        raise DomainError(
            f"{order.number} の入金済額は {yen(order.paid_yen)} です。{yen(amount_yen)} は取り消せません。",
            way_out="取り消す入金を確かめてください。",
        )
    progress_of_money([order_id])
    order = Order.objects.get(pk=order_id)
    if order.state == OrderState.COMPLETED and order.payment_progress != Progress.NOT_NEEDED:
        transitions.apply(order, "reopen", by=by, note="入金の取消")
    if order.state == OrderState.CANCELLED and not order.paid_yen and not order.payment_settled:
        Order.objects.filter(pk=order_id).update(payment_progress=Progress.NOT_NEEDED)
    advance([order_id], by=by)


def _pay(amounts: Mapping[int, int], statement: str, *, by: Staff | None) -> set[int]:
    """Add these amounts where the statement allows it, and let the orders go on with them. Out: those that took theirs."""
    held = hold(amounts)
    to_go = {one.order.pk: one for one in steps(held, amounts)}
    ids = [one.pk for one in held]
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [ids, [amounts[pk] for pk in ids], *columns_of([to_go.get(pk) for pk in ids])]
        )
        paid = [pk for (pk,) in cursor.fetchall()]
    record([to_go[pk] for pk in paid if pk in to_go], by=by)
    complete(paid, by=by)
    return set(paid)


def _too_much(order_id: int, amount_yen: int) -> DomainError:
    order = Order.objects.get(pk=order_id)
    return DomainError(
        f"{order.number}（{order.get_state_display()}）の未入金は {yen(order.owed_yen)} です。"
        f"{yen(amount_yen)} は充てられません。",
        way_out="余った分は預り金にするか、別の受注を選んでください。",
    )
