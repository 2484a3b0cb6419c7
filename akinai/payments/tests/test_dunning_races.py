"""同時操作: the money arrives while the order is being cancelled, and two workers run the same day."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest
from django.db import transaction

from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import DunningAct, Payment
from akinai.payments.services import Part, Planned
from akinai.payments.tests.factories import YAMADA, again, broken, credit, transfer
from akinai.payments.tests.test_dunning import at, run
from tests import cast
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("that_day")]
LAST = date(2026, 12, 11)


def ready_to_be_cancelled() -> tuple[Order, Planned]:
    """An order whose reminders are out, and what the last day has planned for it."""
    cast.company()
    services.take_usual("bank_transfer", by=None)
    services.set_ladder("bank_transfer", is_on=True, by=None)
    order = transfer("P-1", 1080)
    for day in (2, 7):
        run(date(2026, 12, day))
    with at(LAST, 9):
        credit(14, "ﾘｿｸ", LAST)  # the bank was read
    with at(LAST):
        (planned,) = services.plan(LAST)
    assert (planned.way, planned.hindrance) == ("cancel", "")
    return order, planned


def cancel(planned: Planned) -> bool:
    with at(LAST):
        return services.act(planned, by=None)


def test_an_order_is_paid_or_cancelled_but_never_both() -> None:
    order, planned = ready_to_be_cancelled()
    line = credit(1080, on=LAST)
    together(lambda: cancel(planned), lambda: services.match(line.pk, [Part(order.pk, 1080)], by=None))
    now = again(order)
    acts = DunningAct.objects.filter(way="cancel").count()
    assert (now.state == "cancelled", now.paid_yen, acts) in [(True, 0, 1), (False, 1080, 0)]
    assert broken() == []


def test_the_cancellation_waits_for_a_payment_that_is_being_written_and_then_leaves_the_order_alone() -> None:
    order, planned = ready_to_be_cancelled()
    line = credit(1080, on=LAST)
    written = threading.Event()

    def pay() -> None:
        with transaction.atomic():
            services.match(line.pk, [Part(order.pk, 1080)], by=None)
            written.set()
            time.sleep(0.5)

    def give_up() -> bool:
        written.wait(10)
        return cancel(planned)

    answers = together(pay, give_up)
    now = again(order)
    assert (answers[1], now.state == "cancelled", now.paid_yen) == (False, False, 1080)
    assert (DunningAct.objects.filter(way="cancel").count(), Payment.objects.count()) == (0, 1)
    assert broken() == []


def test_two_workers_send_each_reminder_once() -> None:
    cast.company()
    services.take_usual("bank_transfer", by=None)
    services.set_ladder("bank_transfer", is_on=True, by=None)
    for n in range(6):
        transfer(f"P-{n}", 1000 + n, cast.somebody(f"K{n}") if n else YAMADA)
    waiting = Order.objects.filter(state="awaiting_payment").count()

    def work() -> int:
        with at(date(2026, 12, 2)):
            return services.run_dunning(by=None).mailed

    assert sum(together(work, work)) == waiting == DunningAct.objects.count() == 6
    assert broken() == []
