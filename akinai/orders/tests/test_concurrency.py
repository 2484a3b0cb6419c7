"""Two real connections at once: one order, one yen, one state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from akinai.adapters.channels.rakuten.writer import write
from akinai.catalog import queries as catalog
from akinai.channels import queries as channels
from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.models import HoldRule, Order, OrderChange, OrderLine
from akinai.orders.services import Entry, EntryLine
from akinai.party.models import Customer
from tests import cast
from tests.cast import AOKI, NOW, draft, place, somebody
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


def somebody_waits() -> None:
    """Returns when another connection waits for a lock of ours."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def meanwhile(order: Order, mine: Callable[[], Any], theirs: Callable[[], Any]) -> Any:
    """I hold the order and do mine while the other one is already on the way with theirs. Out: the other's answer."""
    answers: list[Any] = []
    with transaction.atomic():
        Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        other = threading.Thread(target=lambda: answers.extend(together(theirs)))
        other.start()
        somebody_waits()
        mine()
    other.join(20)
    assert answers
    return answers[0]


def address_of(order: Order, **changes: Any) -> dict[str, Any]:
    where = {"delivery_on": None, "delivery_slot": "", "carrier": ""}
    return {"ship_to": replace(AOKI, **changes), **where, "by": None}


NOTE = "急ぎです"
BAD = replace(AOKI, line1="番地なしの住所", phone="")


def test_releasing_and_correcting_the_address_never_wait_in_a_ring(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), ship_to=BAD))
    hold = order.holds.get()
    answer = meanwhile(
        order,
        lambda: services.edit_delivery(order.pk, **address_of(order)),
        lambda: services.release(hold.pk, by=None),
    )
    order.refresh_from_db()
    assert isinstance(answer, DomainError)  # 直したことで保留は消えている
    assert (order.state, order.ship_line1) == ("ready", "神宮前4-12-3")


def test_releasing_all_and_correcting_never_wait_in_a_ring(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), ship_to=BAD, customer_note=NOTE))
    answer = meanwhile(
        order,
        lambda: services.edit_delivery(order.pk, **address_of(order)),
        lambda: services.release_all(order, by=None),
    )
    order.refresh_from_db()
    assert (answer, order.state) == (1, "ready")  # only the note was left to release


def test_a_hold_placed_while_the_clerk_was_reading_is_not_released_unread(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), customer_note=NOTE))
    shown = [hold.pk for hold in order.holds.all()]
    answer = meanwhile(
        order,
        lambda: services.hold(order, reason="お客様から電話、止めて", by=None),
        lambda: services.release_all(order, only=shown, by=None),
    )
    order.refresh_from_db()
    assert (answer, order.state) == (1, "on_hold")
    assert [hold.rule for hold in order.holds.filter(released_at=None)] == ["manual"]


def change_of(order: Order, quantity: int) -> OrderChange:
    told = draft(order.channel_order_no, ("TEA-001", quantity, 1080))
    services.place_many([told], channel=channels.by_code("rakuten"), by=None, now=NOW)
    return order.changes.get(state="pending")


def test_a_file_that_overtakes_a_change_and_its_acceptance_leave_one_truth(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    change = change_of(order, 2)
    answer = meanwhile(order, lambda: change_of(order, 3), lambda: services.accept_change(change.pk, by=None))
    assert isinstance(answer, DomainError)
    assert dict(order.changes.values_list("draft__lines__0__quantity", "state")) == {
        2: "overtaken",
        3: "pending",
    }
    assert (order.lines.get().quantity, cast.level(tea)) == (1, (5, 1))


def test_a_change_accepted_while_a_file_tells_the_same_is_not_asked_again(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    change = change_of(order, 2)
    OrderChange.objects.filter(pk=change.pk).update(state="overtaken")  # the file finds it worth asking
    told = draft("A-1", ("TEA-001", 2, 1080))

    def accept() -> None:
        OrderChange.objects.filter(pk=change.pk).update(state="pending")
        services.accept_change(change.pk, by=None)

    answer = meanwhile(
        order, accept,
        lambda: services.place_many([told], channel=channels.by_code("rakuten"), by=None, now=NOW),
    )  # fmt: skip
    assert answer.changed == [] and order.changes.get().state == "accepted"
    assert (order.lines.get().quantity, cast.level(tea)) == (2, (5, 2))


@pytest.mark.parametrize("turn", range(4))
def test_accepting_a_change_and_instructing_at_once_leave_one_truth(tea: int, turn: int) -> None:
    order = place(draft(f"A-{turn}", ("TEA-001", 1, 1080)))
    Order.objects.filter(pk=order.pk).update(state="ready")
    change = change_of(order, 2)
    Order.objects.filter(pk=order.pk).update(
        state="ready"
    )  # as if instructed from a list opened before the file
    accepted, instructed = together(
        lambda: services.accept_change(change.pk, by=None),
        lambda: services.note_instructed([order.pk], by=None),
    )
    order.refresh_from_db()
    found = (order.state, order.lines.get().quantity, isinstance(accepted, DomainError), instructed)
    assert found in [
        ("picking", 1, True, [order.pk]),
        ("picking", 2, False, [order.pk]),
        ("ready", 2, False, []),
    ]
    assert cast.level(tea) == (5, order.lines.get().quantity)


def test_what_changed_under_a_form_is_not_written_over(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    seen = services.version(order)
    change = change_of(order, 2)
    answer = meanwhile(
        order,
        lambda: services.accept_change(change.pk, by=None),
        lambda: services.edit_delivery(order.pk, seen=seen, **address_of(order, line1="別の番地1")),
    )
    order.refresh_from_db()
    assert isinstance(answer, DomainError) and "この画面を開いたあとに変わりました" in answer.message
    assert (order.ship_line1, order.lines.get().quantity) == ("神宮前4-12-3", 2)


def test_one_order_in_two_files_at_once_is_one_order_and_one_question(tea: int) -> None:
    kind = intake.kind_of("orders")
    assert kind
    told = [draft("900001-20261124-0000000001", ("TEA-001", n, 1080)) for n in (1, 2)]
    rows = [
        intake.preview(kind, [intake.Upload(f"{n}.csv", write([one]))], by=None)[0]
        for n, one in enumerate(told)
    ]
    together(*[lambda row=row: intake.apply(row, by=None) for row in rows])  # type: ignore[misc]
    order = Order.objects.get()
    assert (order.lines.count(), order.changes.filter(state="pending").count(), order.state) == (
        1,
        1,
        "on_hold",
    )
    assert cast.level(tea) == (5, order.lines.get().quantity)


def entry(number: str, pieces: int) -> Entry:
    sku = catalog.ids_by_code(["TEA-001"])["TEA-001"]
    return Entry(buyer=AOKI, ship_to=AOKI, lines=[EntryLine(sku, pieces)], payment="cod", number=number)


def test_one_slip_typed_by_two_clerks_at_once_is_one_order(tea: int) -> None:
    slips = [entry("TEL-1", pieces) for pieces in (1, 2, 3)]
    answers = together(*[lambda slip=slip: services.enter(slip, by=None, now=NOW) for slip in slips])  # type: ignore[misc]
    assert (refused(answers), Order.objects.count(), OrderChange.objects.count()) == (2, 1, 0)
    assert cast.level(tea) == (5, OrderLine.objects.get().quantity)


def test_repeated_lines_are_taken_out_once(tea: int) -> None:
    line = ("TEA-001", 1, 1080)
    order = place(draft("A-1", line, line, goods_yen=1080, total_yen=1080, taxes=()))
    answers = together(*[lambda: services.drop_repeats(order.pk, by=None)] * 3)
    assert refused(answers) == 2
    assert list(order.lines.values_list("quantity", flat=True)) == [1, 0]
    assert cast.level(tea) == (5, 1)


@pytest.mark.parametrize("turn", range(4))
def test_bringing_a_line_back_and_instructing_at_once_leave_one_truth(tea: int, turn: int) -> None:
    line = ("TEA-001", 1, 1080)
    order = place(draft(f"A-{turn}", line, line, goods_yen=1080, total_yen=1080, taxes=()))
    services.drop_repeats(order.pk, by=None)
    restored, instructed = together(
        lambda: services.restore_line(order.pk, line_no=2, by=None),
        lambda: services.note_instructed([order.pk], by=None),
    )
    order.refresh_from_db()
    pieces = sum(order.lines.values_list("quantity", flat=True))
    assert (order.state, pieces, isinstance(restored, DomainError), instructed) in [
        ("picking", 1, True, [order.pk]), ("on_hold", 2, False, []),
    ]  # fmt: skip
    assert cast.level(tea) == (5, pieces)


def test_money_is_seen_elsewhere_once(tea: int) -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment_settled=False))
    answers = together(*[lambda: services.settle(order.pk, note="確認", by=None)] * 3)
    assert refused(answers) == 2


def test_two_clerks_answer_one_code_on_two_orders_once(tea: int) -> None:
    orders = [place(draft(f"A-{n}", ("MALL-7", 1, 1080), buyer=somebody(f"P{n}"))) for n in range(2)]
    issues = [order.issues.get().pk for order in orders]
    other = cast.sku("CUP-001", pieces=5)
    answers = together(
        lambda: services.assign_sku(issues[0], sku_id=tea, remember=True, by=None),
        lambda: services.assign_sku(issues[1], sku_id=other, remember=True, by=None),
    )
    assert refused(answers) == 1
    chosen = set(OrderLine.objects.values_list("sku_id", flat=True))
    assert len(chosen) == 1 and set(Order.objects.values_list("state", flat=True)) == {"ready"}


def test_rules_saved_twice_at_once_are_saved(db: None) -> None:
    HoldRule.objects.all().delete()
    answers = together(
        *[lambda: services.set_rules([HoldRule(code="address", is_enabled=False)], by=None)] * 3
    )
    assert (refused(answers), HoldRule.objects.get().is_enabled) == (0, False)
