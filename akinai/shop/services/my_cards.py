"""会員の定期便のカード: taken off by its member, or with the membership. No turn is charged without one, so the deliveries rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import clock
from akinai.orders import queries as orders
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.services import subscriptions
from akinai.orders.states import SubscriptionState
from akinai.payments import services as payments

if TYPE_CHECKING:
    from akinai.orders.models import Subscription
    from akinai.payments.models import KeptCard

JUST_NOW = timedelta(minutes=30)


def lacks_card(one: Subscription) -> bool:
    """Is it paid by a card, and there is none?"""
    return one.payment == PaymentKind.CARD and payments.live_card(one.pk) is None


def is_new(card: KeptCard) -> bool:
    """Was it registered a moment ago, so that its owner may be told so?"""
    return card.kept_at is not None and card.kept_at > clock.now() - JUST_NOW


@transaction.atomic
def take_off(one: Subscription, *, why: str) -> bool:
    """カードを外し、お届けを休止する. Out: was there a card."""
    was_there = payments.remove_card(one, why=why, by=None)
    if was_there and one.state == SubscriptionState.ACTIVE:
        subscriptions.pause(one.pk, reason=f"カードの削除（{why}）", by=None)
    return was_there


def take_off_all(customer_id: int, *, why: str) -> int:
    """退会: every kept card of the customer. Out: how many."""
    running = orders.running_subscriptions(customer_id).filter(payment=PaymentKind.CARD)
    return sum(take_off(one, why=why) for one in running)
