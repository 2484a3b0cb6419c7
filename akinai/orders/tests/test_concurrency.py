"""Two real connections at once: one order, one yen, one state."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from akinai.channels import queries as channels
from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.models import Order, OrderLine
from akinai.party.models import Customer
from tests import cast
from tests.cast import draft, place, somebody
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tea() -> Iterator[int]:
    yield cast.sku("TEA-001", pieces=5)


def refused(answers: list[Any]) -> int:
    return sum(isinstance(answer, DomainError) for answer in answers)


def test_one_order_placed_twice_at_once_is_one_order(tea: int) -> None:
    channel = channels.by_code("rakuten")
    told = draft("A-1", ("TEA-001", 1, 1080))
    answers = together(*[lambda: services.place(told, channel=channel, by=None)] * 4)
    assert sorted(len(placed.created) for placed in answers) == [0, 0, 0, 1]
    assert (Order.objects.count(), OrderLine.objects.count(), Customer.objects.count()) == (1, 1, 1)
    assert cast.level(tea) == (5, 1)


def test_many_orders_for_the_last_pieces_never_oversell(tea: int) -> None:
    channel = channels.by_code("rakuten")

    def buy(name: str) -> Callable[[], Any]:
        told = [draft(f"{name}-{n}", ("TEA-001", 1, 1080), buyer=somebody(f"{name}{n}")) for n in range(3)]
        return lambda: [services.place(one, channel=channel, by=None) for one in told]

    together(*[buy(name) for name in "PQRS"])
    states = list(Order.objects.values_list("state", flat=True))
    assert (states.count("ready"), states.count("awaiting_stock")) == (5, 7)
    assert cast.level(tea) == (5, 5)


def test_new_customers_in_two_files_at_once_are_added_once(tea: int) -> None:
    channel = channels.by_code("rakuten")
    people = [somebody(f"P{n}") for n in range(20)]

    def file(prefix: str, order: list[Any]) -> Callable[[], Any]:
        told = [draft(f"{prefix}-{who.email}", ("TEA-001", 1, 1080), buyer=who) for who in order]
        return lambda: services.place_many(told, channel=channel, by=None)

    answers = together(file("A", people), file("B", people[::-1]))
    assert [len(placed.created) for placed in answers] == [20, 20]
    assert (Customer.objects.count(), Order.objects.count()) == (20, 40)


def test_an_order_is_never_paid_twice(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False))
    answers = together(*[lambda: services.note_paid(order.pk, 1080, by=None)] * 4)
    assert refused(answers) == 3
    order.refresh_from_db()
    assert (order.paid_yen, order.state) == (1080, "ready")


@pytest.mark.parametrize("turn", range(4))
def test_cancelling_and_instructing_at_once_leave_one_truth(tea: int, turn: int) -> None:
    order = place(draft(f"A-{turn}", ("TEA-001", 1, 1080), buyer=somebody(f"P{turn}")))
    cancel, instructed = together(
        lambda: services.cancel(order.pk, reason="お客様都合", by=None),
        lambda: services.note_instructed([order.pk], by=None),
    )
    order.refresh_from_db()
    assert (order.state, isinstance(cancel, DomainError), instructed, cast.level(tea)) in [
        ("cancelled", False, [], (5, 0)),
        ("picking", True, [order.pk], (5, 1)),
    ]


def test_two_clerks_release_an_order_once(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), customer_note="急ぎです"))
    hold = order.holds.get()
    answers = together(*[lambda: services.release(hold.pk, by=None)] * 2)
    order.refresh_from_db()
    assert (refused(answers), order.state) == (1, "ready")


def test_a_hold_waits_for_a_cancellation_that_is_under_way(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    with transaction.atomic():
        Order.objects.select_for_update().get(pk=order.pk)
        waiting = threading.Thread(
            target=together, args=(lambda: services.hold(order, reason="待って", by=None),)
        )
        waiting.start()
        services.cancel(order.pk, reason="お客様都合", by=None)
    waiting.join(20)
    order.refresh_from_db()
    assert (order.state, order.holds.count()) == ("cancelled", 0)
