"""カードで支払う: from the mailed link to the journal, with nothing but what the buyer, the shop and the provider do."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.accounting.tests import life
from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.null import events as notices
from akinai.billing.models import CreditNote
from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.flows.return_goods import Plan, settle_return
from akinai.insights.queries import leaks
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import PaymentRequest, ProviderCall
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase
from akinai.shipping.services import Asked, Found
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shop() -> None:
    cast.company()
    life.goods("TEA-1")
    payments.switch_provider("null", is_on=True, by=None)


def ordered(no: str = "C-1", **more: Any) -> Order:
    """Two teas by telephone, to be paid by card."""
    told: dict[str, Any] = {"payment": "card", "payment_settled": False}
    return cast.place(cast.draft(no, ("TEA-1", 2, 1080), **told | more), channel="phone")


def asked(order: Order) -> PaymentRequest:
    return payments.send_link(order.pk, kind="card", by=cast.staff("佐藤"))


def pays(made: PaymentRequest, choice: str = "pay") -> str:
    """The buyer follows the link in his mail and chooses what his card company says. Out: where he ends."""
    letter = OutgoingMail.objects.get(key__startswith=f"payment_link:{made.number}")
    (link,) = re.findall(r"https?://\S+/pay/\S+", letter.body)
    visitor = Client(headers={"host": "localhost"})
    path = re.sub(r"^https?://[^/]+", "", link)
    page = visitor.post(path)["Location"]
    end = re.sub(r"^https?://[^/]+", "", visitor.post(page, {"choice": choice})["Location"])
    return visitor.get(end).content.decode()


def again[T: Any](row: T) -> T:
    row.refresh_from_db()
    return row


def comes_back(order: Order) -> ReturnCase:
    """One tea, as new."""
    shipment = order.shipments.get()
    line = shipment.lines.get()
    case = shipping.request_return(shipment.pk, asked=[Asked(line.pk, 1)], by=None)
    shipping.arrive(case, on=clock.today(), by=None)
    (back,) = return_queries.lines_of(case)
    shipping.inspect(case, found={back.pk: Found("new", "restock", "refund")}, by=None)
    return case


def test_from_the_link_to_the_journal() -> None:
    order = ordered()
    made = asked(order)
    assert again(order).state == "awaiting_payment"

    # 決済: the first card is declined, the second passes 3-D Secure; the order may go.
    assert "前回のお支払いは通りませんでした" in pays(made, "no_3ds")
    assert "お支払いのお手続きを承りました" in pays(made)
    assert (again(made).state, again(order).state, order.paid_yen) == ("authorised", "ready", 0)
    accounting.post_upto()
    assert life.balance("collectors") == 0  # nothing was taken yet

    # 出荷: the money is taken by itself, and the order is paid.
    life.ship(order, on=clock.today())
    assert (again(made).state, again(order).paid_yen, order.payment_progress) == ("captured", 2160, "done")
    life.invoice(order)
    accounting.post_upto()
    assert (life.balance("receivable"), life.balance("collectors"), life.ledger(order)) == (0, 2160, 2160)

    # 返品: one tea comes back; its credit note, the refund to the card and the books go together.
    case = comes_back(order)
    (line,) = return_queries.lines_of(case)
    settle_return(case, plan=Plan({line.pk: 1080}, refund_way="channel"), by=cast.staff("鈴木"))
    life.drain()
    note = CreditNote.objects.get(order=order)
    assert (note.total_yen, again(made).state, made.refunded_yen) == (1080, "partly_refunded", 1080)
    call = ProviderCall.objects.get(verb="refund")
    assert (call.state, call.amount_yen, call.provider_ref[:8]) == ("done", 1080, "re_demo_")
    assert list(order.payments.order_by("id").values_list("source", "amount_yen", "method")) == [
        ("channel", 2160, ""), ("refund", -1080, "channel"), ("credit_note", 1080, ""),
    ]  # fmt: skip
    accounting.post_upto()
    assert (again(order).owed_yen, life.ledger(order)) == (0, 1080)
    assert (life.balance("receivable"), life.balance("collectors")) == (0, 1080)  # what Stripe still owes us
    assert life.broken() == set()


def test_a_capture_that_is_refused_is_a_leak_until_the_buyer_has_paid_anew() -> None:
    order = ordered()
    made = asked(order)
    pays(made, "pay_expired")
    life.ship(order, on=clock.today())
    assert (again(made).state, again(order).paid_yen) == ("expired", 0)
    others = {item["name"]: item["count"] for item in leaks().others}
    assert (others["hold_lost"], others["provider_said_no"]) == (1, 1)

    second = asked(order)
    pays(second)
    assert (again(second).state, again(order).paid_yen) == (
        "captured",
        2160,
    )  # taken at once: the goods are gone
    call = ProviderCall.objects.get(state="refused")
    payments.resolve(call, note="新しいリンクで頂いた", by=cast.staff("鈴木"))
    assert {item["name"]: item["count"] for item in leaks().others if item["count"]} == {}
    assert life.broken() == set()


def test_a_cancelled_order_gives_the_card_back_by_itself() -> None:
    order = ordered()
    made = asked(order)
    pays(made)
    orders.cancel(order.pk, reason="お客様都合", by=cast.staff("佐藤"))
    assert (again(made).state, again(order).payment_progress, order.paid_yen) == (
        "cancelled",
        "not_needed",
        0,
    )
    assert cast.level(life_sku()) == (100, 0)
    assert life.broken() == set()


def life_sku() -> int:
    return cast.sku("TEA-1")


def test_a_dispute_stands_on_the_first_screen_and_its_loss_in_the_books() -> None:
    order = ordered()
    made = asked(order)
    pays(made)
    life.ship(order, on=clock.today())
    ref = again(made).provider_ref
    null.deliver(
        notices.dispute("charge.dispute.created", "dp_1", ref, 2160, status="needs_response", due_in_days=7)
    )
    (leak,) = [item for item in leaks().others if item["name"] == "dispute_open"]
    assert (leak["count"], leak["yen"], again(made).state) == (1, 2160, "disputed")
    accounting.post_upto()
    assert life.balance("receivable") == 0
    null.deliver(notices.dispute("charge.dispute.closed", "dp_1", ref, 2160, status="lost"))
    accounting.post_upto()
    assert (again(made).state, again(order).owed_yen) == ("lost", 2160)
    assert (life.balance("receivable"), life.balance("collectors")) == (2160, 0)
    assert life.broken() == set()


def test_a_card_that_nobody_used_in_time_makes_the_order_wait_and_the_link_goes() -> None:
    order = ordered()
    made = asked(order)
    pays(made)
    with clock.told(
        timezone.make_aware(datetime.combine(again(made).expires_on + timedelta(days=1), datetime.min.time()))
    ):  # type: ignore[operator]
        assert payments.expire_due() == 1
    assert (again(made).state, again(order).state, order.payment_settled) == (
        "expired",
        "awaiting_payment",
        False,
    )
    assert list(ProviderCall.objects.values_list("verb", flat=True)) == ["release"]
    assert life.broken() == set()
