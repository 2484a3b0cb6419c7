"""お客様から見た受注: what one customer may see of his own, without the malls' (their pages show those)."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from akinai.orders.models import Order, OrderLine, Subscription, SubscriptionLine
from akinai.orders.queries.finding import WIDE
from akinai.orders.states import NOT_LEFT, SubscriptionState, TurnState

# The malls forbid their customers to be served elsewhere, and cancel and take back on their own pages.
MALLS = ("rakuten", "yahoo", "amazon")


def of_customer(customer_id: int) -> QuerySet[Order]:
    """Orders that the customer may see, newest first."""
    rows = Order.objects.filter(customer_id=customer_id).exclude(channel__kind__in=MALLS)
    return rows.select_related("channel").defer(*WIDE).order_by("-ordered_at", "-id")


def one_of_customer(customer_id: int, number: str) -> Order | None:
    """An order by its number, when it is the customer's own."""
    return of_customer(customer_id).filter(number=number).first()


def with_first_lines(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With the lines that are still asked for, and their goods: two queries more."""
    lines = OrderLine.objects.filter(quantity__gt=0).select_related("sku__product").order_by("line_no")
    return orders.prefetch_related(Prefetch("lines", lines, to_attr="asked_lines"))


def open_of_customer(customer_id: int) -> QuerySet[Order]:
    """What has not left yet, oldest first."""
    return of_customer(customer_id).filter(state__in=NOT_LEFT).order_by("ordered_at", "id")


def subscriptions_of_customer(customer_id: int) -> QuerySet[Subscription]:
    """定期購入 with goods and how many turns were made; those that go on first."""
    lines = SubscriptionLine.objects.select_related("sku__product").order_by("line_no")
    return (
        Subscription.objects.filter(customer_id=customer_id)
        .annotate(made=Count("turns", filter=Q(turns__state=TurnState.MADE)))
        .prefetch_related(Prefetch("lines", lines, to_attr="asked_lines"))
        .order_by("state", "next_on", "id")
    )


def begun_by(order_id: int) -> QuerySet[Subscription]:
    """定期購入 that began with this order and go on."""
    return Subscription.objects.filter(began_from=order_id).exclude(state=SubscriptionState.ENDED)


def running_subscriptions(customer_id: int) -> QuerySet[Subscription]:
    """定期購入 that have not ended."""
    return subscriptions_of_customer(customer_id).exclude(state=SubscriptionState.ENDED)
