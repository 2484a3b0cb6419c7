"""決済の照会."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from akinai.orders import queries as orders
from akinai.orders.states import OrderState
from akinai.payments.models import PaymentRequest
from akinai.payments.states import HELD, RequestState

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.payments.queries.money import Person

AUTHORISED = Q(state=RequestState.AUTHORISED)
# The parcel has left and the money is only promised: it must be captured before the authorisation runs out.
TO_CAPTURE = AUTHORISED & Q(order__shipped_at__isnull=False)
# The order is cancelled and the buyer's money is still held.
TO_GIVE_BACK = Q(order__state=OrderState.CANCELLED, state__in=HELD)
DISPUTED = Q(state=RequestState.DISPUTED)
# The goods are gone, the newest attempt is over, and nothing was paid: the buyer must be asked once more.
LOST = Q(
    ~Exists(PaymentRequest.objects.filter(order_id=OuterRef("order_id"), pk__gt=OuterRef("pk"))),
    state__in=[RequestState.EXPIRED, RequestState.CANCELLED, RequestState.FAILED], order__shipped_at__isnull=False,
    order__paid_yen=0, order__total_yen__gt=0, order__payment=F("kind"),
) & ~Q(order__state=OrderState.CANCELLED)  # fmt: skip
# What a refund may be taken from.
GIVES_BACK = frozenset({RequestState.CAPTURED, RequestState.PARTLY_REFUNDED})
SOON = timedelta(days=3)


def requests_seen_by(user: Person) -> QuerySet[PaymentRequest]:
    """決済の一覧."""
    rows = PaymentRequest.objects.select_related("order__channel").defer(
        "order__search_text", "order__search_grams", "order__raw"
    )
    return rows if user.has_perm("payments.view_paymentrequest") else rows.none()


def request_by_number(number: str) -> PaymentRequest | None:
    """決済 with its order, for the buyer's own page."""
    return PaymentRequest.objects.select_related("order").filter(number=number).first()


def requests_named(keys: Sequence[str]) -> list[PaymentRequest]:
    """決済 that go by one of these: their own number, the provider's, the order's here or at the mall. Newest first."""
    named = Q(number__in=keys) | Q(provider_ref__in=keys)
    of_order = Q(order__number__in=keys) | Q(order__channel_order_no__in=keys)
    rows = PaymentRequest.objects.select_related("order").defer(
        "order__search_text", "order__search_grams", "order__raw"
    )
    return list(rows.filter(named | of_order).order_by("-id"))


def orders_named(keys: Sequence[str]) -> dict[str, list[Order]]:
    """受注 that go by one of these numbers, ours or the mall's."""
    found: dict[str, list[Order]] = {}
    for order in orders.named(keys):
        for name in {order.number, order.channel_order_no}:
            found.setdefault(name, []).append(order)
    return found


def requests_of(order_id: int) -> list[PaymentRequest]:
    """決済 of one order, newest first."""
    return list(PaymentRequest.objects.filter(order_id=order_id).order_by("-id"))


def taken_by_door(order_id: int) -> PaymentRequest | None:
    """The 決済 of this order that a provider behind a door of ours can give back."""
    rows = requests_of(order_id)
    return next((row for row in rows if row.door and row.state in GIVES_BACK and row.left_yen > 0), None)


def requests_to_do(today: date) -> int:
    """決済 that a person must do something about now."""
    soon = AUTHORISED & Q(expires_on__lte=today + SOON)
    return PaymentRequest.objects.filter(TO_CAPTURE | TO_GIVE_BACK | DISPUTED | LOST | soon).count()


@dataclass(frozen=True, slots=True)
class ExpiryDay:
    """与信期限 of one day."""

    day: date
    count: int
    yen: int


def expiry_days(today: date, *, days: int = 14) -> Sequence[ExpiryDay]:
    """与信期限カレンダー: what runs out on each of the next days; the first one holds what is already over. One query."""
    last = today + timedelta(days=days - 1)
    rows = PaymentRequest.objects.filter(AUTHORISED, expires_on__lte=last).values("expires_on").order_by()
    found = {
        row["expires_on"]: (row["n"], row["yen"])
        for row in rows.annotate(n=Count("pk"), yen=Sum("amount_yen"))
    }
    over = [value for day, value in found.items() if day and day <= today]
    found[today] = (sum(n for n, _ in over), sum(yen for _, yen in over))
    return [
        ExpiryDay(day, *found.get(day, (0, 0))) for day in (today + timedelta(days=n) for n in range(days))
    ]
