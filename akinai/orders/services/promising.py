"""出荷期限: the last day to ship, kept on the order so that the list can sort by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from akinai.core import clock
from akinai.orders import outlook, queries, recipients
from akinai.orders.delivery_ports import DeliveryAsk, delivery_times
from akinai.orders.models import Order
from akinai.orders.states import WAITING, OrderState

if TYPE_CHECKING:
    from akinai.orders.ports import OrderDraft

MOST_AT_ONCE = 5_000


def ask_of(draft: OrderDraft, *, is_island: bool, now: datetime) -> DeliveryAsk:
    """お届けの問い of a draft. A wish is judged from now on; without one the order's own moment counts."""
    return DeliveryAsk(
        now if draft.delivery_on else draft.ordered_at, draft.ship_to.prefecture, draft.ship_to.postal_code, is_island,
        draft.carrier, draft.delivery_on, draft.delivery_slot,
    )  # fmt: skip


def not_before(ship_by: date | None, wish: date | None, releases: Iterable[date | None]) -> date | None:
    """出荷期限 of goods that are not out yet: their 発売日, unless a day was wished."""
    last = max(filter(None, releases), default=None)
    return max(ship_by, last) if ship_by and last and not wish else ship_by


def renew_ship_by(order_ids: Sequence[int] | None = None) -> int:
    """出荷期限を計算し直す for these orders, else for all that wait: the calendar, the days or the order have changed.

    An order without a wished day has none while it waits for its money: nobody is late. Out: how many were changed.
    """
    waiting = Order.objects.filter(state__in=WAITING).order_by("pk")
    if order_ids is not None:
        waiting = waiting.filter(pk__in=list(order_ids))
    changed, now = 0, clock.now()
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), MOST_AT_ONCE):
        orders = list(
            waiting.filter(pk__in=ids[start : start + MOST_AT_ONCE])
            .only(*outlook.COLUMNS)
            .annotate(release_on=queries.RELEASE_ON)
        )
        changed += _renew(orders, now)
    return changed


def _renew(orders: Sequence[Order], now: datetime) -> int:
    answers = delivery_times(
        [outlook.ask(order, now if order.delivery_on else order.ordered_at) for order in orders]
    )
    soonest = _of_addresses(orders, now)
    differs = []
    for order, answer in zip(orders, answers, strict=True):
        waits = order.state == OrderState.AWAITING_PAYMENT and not order.delivery_on
        told: Any = order
        ship_by = None if waits or answer is None else answer.ship_by
        day = not_before(ship_by, order.delivery_on, [told.release_on])
        day = min(filter(None, (day, soonest.get(order.pk))), default=None)
        if day != order.ship_by:
            order.ship_by = day
            differs.append(order)
    _tell(differs)
    return len(differs)


def _of_addresses(orders: Sequence[Order], now: datetime) -> dict[int, date]:
    """受注 → the first day to ship by for a wish of one of its other addresses."""
    others = recipients.addresses_of([order.pk for order in orders])
    carriers = {order.pk: order.carrier for order in orders}
    wishes = [one for found in others.values() for one in found if one.delivery_on]
    answers = delivery_times([outlook.ask_of_address(one, carriers[one.order_id], now) for one in wishes])
    days: dict[int, date] = {}
    for one, answer in zip(wishes, answers, strict=True):
        if answer:
            days[one.order_id] = min(answer.ship_by, days.get(one.order_id, answer.ship_by))
    return days


def _tell(orders: Sequence[Order]) -> None:
    """The days are few: one statement for each."""
    days: dict[date | None, list[int]] = defaultdict(list)
    for order in orders:
        days[order.ship_by].append(order.pk)
    for day, ids in days.items():
        Order.objects.filter(pk__in=ids).update(ship_by=day)


def first_days(order_ids: Sequence[int]) -> dict[int, date]:
    """入金があった: the day to ship by counts from now. Out: of those of these orders that have none, where there is an answer."""
    # Plain rows: a thousand orders at once are told here, and a model instance of each would cost more than the answer.
    waiting = Order.objects.filter(pk__in=list(order_ids), ship_by=None)
    rows: list[Any] = list(waiting.values_list(*outlook.COLUMNS, named=True))
    now = clock.now()
    answers = delivery_times([outlook.ask(row, now) for row in rows])
    return {
        row.pk: answer.ship_by for row, answer in zip(rows, answers, strict=True) if answer and answer.ship_by
    }
