"""まだ消せない: whatever is open of a person in any room stands in the way, with the page where it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from akinai.core import clock
from akinai.orders.models import Order, Quote
from akinai.party import erasing
from akinai.party.models import Customer
from akinai.payments import services as payments
from akinai.payments.models import PaymentRequest
from akinai.shipping import services as shipping
from akinai.shipping.services import Asked
from akinai.shop.models import Inquiry
from akinai.stock.models import KeepAside
from akinai.support.models import Compensation, CompensationAllowance, Complaint, Ticket
from tests import cast
from tests.erasee import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stores(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT, settings.MEDIA_ROOT = tmp_path / "files", tmp_path / "media"


def _instructed(order: Order) -> None:
    shipping.instruct([cast.place(_mine(order)).pk], ship_on=clock.today(), by=None)
    Order.objects.filter(channel_order_no="9010").update(
        customer=order.customer, state="completed", paid_yen=1080
    )


def _mine(order: Order) -> Any:
    return cast.draft("9010", ("A-1", 1, 1080))


def _back(order: Order) -> None:
    made = cast.place(_mine(order))
    shipment = shipping.instruct([made.pk], ship_on=clock.today(), by=None).shipments.get()
    shipping.ship([shipment.pk], by=None)
    shipping.request_return(shipment.pk, asked=[Asked(shipment.lines.get().pk, 1)], by=None)
    Order.objects.filter(pk=made.pk).update(customer=order.customer, state="completed", paid_yen=1080)


def _compensation(order: Order) -> None:
    allowance = CompensationAllowance.objects.create(key="order:x", given_yen=0, most_yen=9000)
    Compensation.objects.create(
        number="CP-1", complaint=Complaint.objects.get(), order=order, kind="refund", yen=5000, reason="お詫び", allowance=allowance,
        limit_yen=3000, before_yen=0, asked_by=cast.staff("加藤"), key="k",
    )  # fmt: skip


def _owes(order: Order) -> None:
    fields = {
        "state": "awaiting_payment",
        "payment": "bank_transfer",
        "payment_settled": False,
        "paid_yen": 0,
    }
    Order.objects.filter(pk=order.pk).update(payment_due_on=clock.today(), **fields)


def _kept_money(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(payment_settled=False, paid_yen=0)
    told = {"order_id": order.pk, "by": None, "note": ""}
    payments.receive_otherwise(amount_yen=1080, source="cash", received_on=clock.today(), key="p", **told)
    payments.keep_as_credit(amount_yen=80, on=clock.today(), key="k", **told)


OPEN: dict[str, Callable[[Order], object]] = {
    "受注 SO": lambda order: Order.objects.filter(pk=order.pk).update(state="ready"),
    "終わっていません（完了）": lambda order: Order.objects.filter(pk=order.pk).update(
        payment_progress="exception"
    ),
    "見積": lambda order: Quote.objects.filter(customer=order.customer).update(state="draft"),
    "問い合わせ TK": lambda _order: Ticket.objects.update(state="open", solved_at=None),
    "クレーム": lambda _order: Complaint.objects.update(state="checking"),
    "補償": _compensation,
    "フォームのお問い合わせ": lambda order: Inquiry.objects.update(state="open", done_at=None, order=order),
    "取置": lambda _order: KeepAside.objects.update(state="kept"),
    "決済": lambda order: PaymentRequest.objects.create(
        number="PR-1", order=order, kind="card", provider="x", amount_yen=1080
    ),
    "未入金": _owes,
    "預り金": _kept_money,
    "出荷 SH": _instructed,
    "返品": _back,
}


def test_whatever_is_open_in_any_room_stands_in_the_way_and_leads_to_its_page() -> None:
    customer: Customer = fill()
    order = Order.objects.get()
    assert erasing.hindrances(customer) == []
    for word, happen in OPEN.items():
        with transaction.atomic():
            happen(order)
            found = [one for one in erasing.hindrances(customer) if word in one.what]
            assert [bool(one.way_out and one.url) for one in found] == [True], word
            transaction.set_rollback(True)
    assert erasing.hindrances(customer) == []
