"""定期購入 paid by a card: which orders are turns of one, and which turns wait for their money."""

from __future__ import annotations

from django.db.models import QuerySet

from akinai.orders.models import Order, Subscription
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import UNPAID, SubscriptionState

BY_SUBSCRIPTION = "subscription"  # the channel of the orders that `turns` makes


def paid_by_card() -> QuerySet[Subscription]:
    """定期購入 by card that have not ended."""
    return Subscription.objects.filter(payment=PaymentKind.CARD).exclude(state=SubscriptionState.ENDED)


def card_subscription_of(order_id: int) -> Subscription | None:
    """The 定期購入 by card, not ended, of which this order is a turn."""
    return paid_by_card().filter(turns__order=order_id).first()


def unpaid_card_turns() -> QuerySet[Order]:
    """Orders of later turns that wait for their card. The first turn is paid by its buyer on the provider's page."""
    return Order.objects.filter(
        channel__code=BY_SUBSCRIPTION, payment=PaymentKind.CARD, state__in=UNPAID, payment_settled=False, paid_yen=0,
        total_yen__gt=0, subscription_turn__isnull=False,
    )  # fmt: skip
