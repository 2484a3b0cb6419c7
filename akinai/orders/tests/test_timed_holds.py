"""保留の期限と自動解除: at a time, when the money is in, when the goods are there; what is overdue is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import queries, services
from akinai.orders.models import Hold, Order
from tests import cast
from tests.cast import draft, place
from tests.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db: None) -> Order:
    cast.sku("TEA-001", pieces=5)
    return place(draft("A-1", ("TEA-001", 1, 1080)))


def soon(**after: int) -> datetime:
    return clock.now() + timedelta(**after)


def held(order: Order, **how: Any) -> Hold:
    return services.hold(order, reason="お客様の返事待ち", by=cast.staff("佐藤"), **how)


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_a_hold_until_a_time_is_released_then_and_not_before(order: Order) -> None:
    due = soon(hours=2)
    hold = held(order, due_at=due, release_rule="at_time")
    assert services.release_due_holds(due - timedelta(seconds=1)) == 0
    assert state(order) == "on_hold"
    assert services.release_due_holds(due) == 1
    hold.refresh_from_db()
    assert (state(order), hold.released_at, hold.note) == ("ready", due, "期限になったため自動で解除")
    assert services.release_due_holds(due) == 0


def test_a_hold_until_the_money_is_in_goes_when_all_of_it_is(db: None) -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False))
    held(order, release_rule="when_paid")
    Order.objects.filter(pk=order.pk).update(paid_yen=1000)
    assert services.release_due_holds() == 0
    Order.objects.filter(pk=order.pk).update(paid_yen=1080)
    assert services.release_due_holds() == 1
    assert state(order) == "ready"


def test_a_hold_until_the_goods_are_there_goes_when_all_lines_are_promised(db: None) -> None:
    tea = cast.sku("TEA-001", pieces=1)
    order = place(draft("A-1", ("TEA-001", 3, 1080)))
    held(order, release_rule="when_in_stock")
    assert services.release_due_holds() == 0
    cast.receive(tea, 2, key="GR-1")
    assert services.release_due_holds() == 1
    assert state(order) == "ready"


def test_other_reasons_keep_the_order_where_it_is(order: Order) -> None:
    other = place(draft("A-2", ("TEA-001", 1, 1080), customer_note="急ぎ"))
    due = soon(hours=1)
    held(other, due_at=due, release_rule="at_time")
    assert services.release_due_holds(due) == 1
    assert state(other) == "on_hold"
    assert list(other.holds.filter(released_at=None).values_list("rule", flat=True)) != []


def test_what_cannot_be_meant_is_refused(order: Order) -> None:
    with pytest.raises(DomainError, match="過ぎた時刻"):
        held(order, due_at=soon(hours=-1))
    with pytest.raises(DomainError, match="自動で解除する日時"):
        held(order, release_rule="at_time")
    with pytest.raises(IntegrityError, match="hold_at_time_has_time"), transaction.atomic():
        Hold.objects.create(order=order, rule="manual", reason="x", release_rule="at_time")
    assert not order.holds.exists()


def test_the_due_time_of_an_open_hold_is_set_and_of_a_released_one_not(order: Order) -> None:
    hold = held(order)
    services.set_due(hold.pk, due_at=soon(days=1), release_rule="at_time", by=cast.staff("佐藤"))
    hold.refresh_from_db()
    assert hold.release_rule == "at_time"
    services.release(hold.pk, by=None)
    with pytest.raises(ChangedMeanwhile):
        services.set_due(hold.pk, due_at=None, release_rule="", by=None)


def test_what_is_overdue_is_in_the_list_the_reasons_and_the_daily_check(order: Order) -> None:
    from akinai.insights import ageing

    hold = held(order, due_at=soon(hours=1))
    Hold.objects.filter(pk=hold.pk).update(due_at=soon(days=-3))
    late = Order.objects.filter(queries.hold_overdue(clock.now()))
    assert list(late) == [order]
    assert queries.why_waiting(order).reasons[0].startswith("保留の期限 ")
    found = {one.leak.name: one for one in ageing.aged()}["hold_overdue"]
    assert (found.count, found.yen, found.late, found.days, found.who) == (1, 1080, 1, 3, "受注")
    client = Client()
    client.force_login(cast.staff("佐藤"))
    page = client.get(reverse("orders:list"), {"tab": "hold_overdue"}).content.decode()
    assert order.number in page
    services.release(hold.pk, by=None)
    assert {one.leak.name: one.count for one in ageing.aged()}["hold_overdue"] == 0


@pytest.mark.django_db(transaction=True)
def test_the_job_and_a_clerk_release_a_hold_once() -> None:
    cast.sku("TEA-001", pieces=5)
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    due = soon(hours=1)
    hold = held(order, due_at=due, release_rule="at_time")
    together(
        lambda: services.release_due_holds(due), lambda: services.release_due_holds(due),
        lambda: services.release(hold.pk, by=None),
    )  # fmt: skip
    assert state(order) == "ready"
    from akinai.core import activity

    assert activity.of(order).filter(verb="release").count() == 1


def test_the_desk_holds_until_a_day_and_changes_it(order: Order) -> None:
    client = Client()
    client.force_login(cast.staff("佐藤"))
    day = f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}"
    sent = {"reason": "入荷の確認", "due_on": day, "due_time": "15:30", "release_rule": "at_time"}
    assert client.post(reverse("orders:hold", args=[order.number]), sent).status_code == 302
    hold = order.holds.get()
    assert (f"{timezone.localtime(hold.due_at):%Y-%m-%d %H:%M}", hold.release_rule) == (
        f"{day} 15:30",
        "at_time",
    )
    client.post(reverse("orders:set_due", args=[hold.pk]), {"due_on": "", "release_rule": "when_paid"})
    hold.refresh_from_db()
    assert (hold.due_at, hold.release_rule) == (None, "when_paid")
    assert (
        "入金を確認したら自動で解除"
        in client.get(reverse("orders:detail", args=[order.number])).content.decode()
    )
    client.post(reverse("orders:set_due", args=[hold.pk]), {"release_rule": "at_time"})
    hold.refresh_from_db()
    assert hold.release_rule == "when_paid"
