"""How tests of payment providers begin: the twin in use, a card order with its link, and signed notices."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.base import signing
from akinai.adapters.payment_providers.null import events
from akinai.core import clock
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import PaymentRequest, WebhookEvent
from tests import cast
from tests.cast import draft, place


def use_twin() -> None:
    """見本決済 in use, as the demo does."""
    services.switch_provider("null", is_on=True, by=None)


def card_order(no: str = "C-1", amount: int = 1080, payment: str = "card", pieces: int = 1) -> Order:
    """An order of the shop's own desk whose card nobody has authorised yet; its goods are on the shelf."""
    cast.company()
    cast.sku(f"TEA-{no}", pieces=5)
    return place(
        draft(no, (f"TEA-{no}", pieces, amount), payment=payment, payment_settled=False), channel="phone"
    )


def linked(order: Order, kind: str = "card", **more: Any) -> PaymentRequest:
    """The order's 決済 after its link was sent."""
    use_twin()
    return services.send_link(order.pk, kind=kind, by=None, **more)


def tell(body: bytes, at: datetime | None = None) -> WebhookEvent:
    """One signed notice of the twin comes in and is handled; `at`: when the provider says that it happened."""
    if at is not None:
        told = json.loads(body)
        told["created"] = int(at.timestamp())
        told["id"] = f"{told['id']}{told['created']}"
        body = json.dumps(told).encode()
    now = clock.now()
    services.receive_webhook(
        "null", body, {"Stripe-Signature": signing.sign(body, secret=null.secret(), at=now)}
    )
    services.handle_webhooks()
    return WebhookEvent.objects.get(event_id=json.loads(body)["id"])


def held(made: PaymentRequest, ref: str = "pi_demo_1") -> PaymentRequest:
    """The buyer has typed his card: the notices of the authorisation have come in."""
    for body in events.held(ref, made.amount_yen, made.number):
        tell(body)
    return fresh(made)


def fresh(row: PaymentRequest) -> PaymentRequest:
    return PaymentRequest.objects.get(pk=row.pk)


def moment(day: int, hour: int = 10) -> datetime:
    """A moment of November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)
