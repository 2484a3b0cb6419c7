"""後払い: the provider looks at the buyer, the goods leave, the provider pays; who is refused chooses another way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.accounting.tests import life
from akinai.core import clock, intake
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import PaymentRequest
from akinai.payments.tests.factories import credit
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timezone.make_aware(datetime(2026, 11, 24, 10, 0))


@pytest.fixture(autouse=True)
def shop() -> None:
    cast.company()
    life.goods("TEA-1")


def ordered(no: str) -> Order:
    who = cast.somebody(no)
    told: dict[str, Any] = {"payment": "deferred", "payment_settled": False, "buyer": who, "ship_to": who}
    order = cast.place(cast.draft(no, ("TEA-1", 1, 1080), **told), channel="phone")
    orders.release_all(order, note="後払いの初回を確かめた", by=cast.staff("佐藤"))
    return again(order)


def again[T: Any](row: T) -> T:
    row.refresh_from_db()
    return row


def result(*rows: str) -> intake.Plan:
    """The provider's file of the day."""
    kind = intake.kind_of("payment_results")
    assert kind is not None
    data = "\r\n".join(["注文番号,結果,決済会社の番号,金額", *rows]).encode("cp932")
    row, plan = intake.preview(
        kind, [intake.Upload("後払い.csv", data)], options={"kind": "deferred"}, by=cast.staff("鈴木")
    )
    assert not plan.refused, plan.errors
    return intake.apply(row, by=cast.staff("鈴木"), files=plan.files)


def test_approved_shipped_and_paid_by_the_provider() -> None:
    order = ordered("D-1")
    with clock.told(DAY):
        result("D-1,与信OK,NP-1,1080")
        made = PaymentRequest.objects.get(order=order)
        assert (made.state, again(order).state) == ("authorised", "ready")
        life.ship(order)
        life.invoice(order)
        result("D-1,立替確定,NP-1,1080")
        assert (again(made).state, again(order).paid_yen) == ("captured", 0)
        accounting.post_upto()
    assert (life.ledger(order), life.balance("receivable")) == (1080, 1080)

    with clock.told(DAY):  # the provider's transfer and its paper
        payments.receive_many(
            {order.pk: 1080}, source="channel", received_on=DAY.date(), key="np:1", batch="NP-1130", by=None
        )
        payments.set_aside(
            credit(1080, "ネットプロテクシヨンズ").pk, reason="settlement", note="NP-1130", by=None
        )
        accounting.post_upto()
    assert (
        again(order).owed_yen,
        life.balance("receivable"),
        life.balance("collectors"),
        life.balance("bank"),
    ) == (0, 0, 0, 1080)
    assert life.broken() == set()


def test_nothing_leaves_before_the_provider_has_looked_at_the_buyer() -> None:
    order = ordered("D-3")
    clerk = cast.staff("佐藤")
    with clock.told(DAY):
        made = payments.request_payment(order.pk, kind="deferred", provider="NP", amount_yen=1080, by=clerk)
        assert (again(order).state, order.holds.get(released_at=None).shown_title) == (
            "on_hold",
            "後払いの審査待ち",
        )
        payments.give_up(
            made, "cancel", by=clerk
        )  # who takes the request back has not answered for the buyer
        assert again(order).state == "on_hold"
        second = payments.request_payment(order.pk, kind="deferred", provider="NP", amount_yen=1080, by=clerk)
        payments.authorise(second, by=clerk)
    assert (again(order).state, order.holds.filter(released_at=None).count()) == ("ready", 0)


def test_refused_held_and_paid_another_way() -> None:
    order = ordered("D-2")
    with clock.told(DAY):
        result("D-2,与信NG,NP-2,1080")
        assert (PaymentRequest.objects.get(order=order).state, again(order).state) == ("failed", "on_hold")
        assert "審査が通りませんでした" in order.holds.get(released_at=None).reason

        # The buyer chooses a transfer: the hold is released, the order waits for its money, and leaves when it is there.
        orders.set_payment(order.pk, payment="bank_transfer", is_settled=False, by=cast.staff("佐藤"))
        orders.release_all(order, note="振込に変更", by=cast.staff("佐藤"))
        assert again(order).state == "awaiting_payment"
        credit(1080, "ミホン D-2")
        payments.match_all(by=None)
        assert (again(order).state, order.paid_yen) == ("ready", 1080)
        life.ship(order)
        life.invoice(order)
        accounting.post_upto()
    assert (life.balance("receivable"), life.balance("advance"), life.balance("bank")) == (0, 0, 1080)
    assert life.broken() == set()
