"""決済を受注に合わせる: the goods left, so the money is taken; the order is cancelled, so it is let go. Safe to run twice.

The events do it at once; `follow_orders` finds each day's rest, should an event ever be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from akinai.core import activity, clock
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import OrderState
from akinai.payments.models import PaymentRequest, ProviderCall
from akinai.payments.services import calls, requests
from akinai.payments.states import CALL_OPEN, CallVerb, RequestState
from akinai.shipping import queries as shipping

if TYPE_CHECKING:
    from akinai.staff.models import Staff

WORD_OF_STORES = timedelta(days=2)
GOING = (RequestState.REQUESTED, RequestState.AUTHORISED)


def on_shipped(*, shipment_ids: list[int]) -> None:
    """Event shipment.shipped. With the first parcel of an order the whole is captured."""
    capture_shipped(shipping.order_ids(shipment_ids))


def on_shipped_outside(*, order_ids: list[int]) -> None:
    """Event order.shipped_outside."""
    capture_shipped(order_ids)


def on_cancelled(*, order_id: int) -> None:
    """Event order.cancelled."""
    let_go([order_id])


def capture_shipped(order_ids: Sequence[int]) -> int:
    """売上確定を依頼する for authorised orders that have left. Out: how many were asked for."""
    rows = _doors(RequestState.AUTHORISED).filter(
        order_id__in=list(order_ids), order__shipped_at__isnull=False
    )
    return sum(_ask(pk, CallVerb.CAPTURE) for pk in rows.order_by("pk").values_list("pk", flat=True))


def let_go(order_ids: Sequence[int]) -> int:
    """与信の取消を依頼する, and close the pages, of cancelled orders. Out: how many requests were touched."""
    rows = _doors(*GOING).filter(order_id__in=list(order_ids), order__state=OrderState.CANCELLED)
    return sum(_ask(pk, CallVerb.RELEASE) for pk in rows.order_by("pk").values_list("pk", flat=True))


def follow_orders() -> int:
    """What the events have missed. Out: how many requests were touched."""
    refused = ProviderCall.objects.filter(request_id=OuterRef("pk"), state__in=CALL_OPEN)
    rows = _doors(*GOING).exclude(Exists(refused))
    left = rows.filter(state=RequestState.AUTHORISED, order__shipped_at__isnull=False)
    gone = rows.filter(order__state=OrderState.CANCELLED)
    todo = [(pk, CallVerb.CAPTURE) for pk in left.values_list("pk", flat=True)]
    todo += [(pk, CallVerb.RELEASE) for pk in gone.values_list("pk", flat=True)]
    return sum(_ask(pk, verb) for pk, verb in todo)


def _doors(*states: str) -> QuerySet[PaymentRequest]:
    return PaymentRequest.objects.filter(~Q(door=""), state__in=states)


@transaction.atomic
def _ask(pk: int, verb: CallVerb) -> bool:
    """One request, looked at again under its lock. False when it is under way already, or over."""
    request = PaymentRequest.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if request is None or request.state not in GOING or calls.is_ending(request):
        return False
    if request.state == RequestState.REQUESTED:
        calls.ask_close(request, by=None)
        requests.give_up(request, "cancel", note="受注のキャンセル", by=None)
        return True
    if verb == CallVerb.CAPTURE:
        calls.ask_capture(request, by=None)
    else:
        calls.ask_release(request, by=None)
    return True


@transaction.atomic
def stop(request: PaymentRequest, *, note: str, by: Staff | None) -> None:
    """決済を取りやめる: a link that nobody used is over at once; what is held is let go by the provider first."""
    found = PaymentRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if found.state == RequestState.AUTHORISED:
        activity.record(found, "cancel", by=by, summary=note)
        calls.ask_release(found, by=by)
        return
    calls.ask_close(found, by=by)
    requests.give_up(found, "cancel", note=note, by=by)


def expire_due(*, by: Staff | None = None) -> int:
    """期限を過ぎた与信・支払: each is moved once; safe to run at any time. Out: how many.

    What a customer pays at the last minute at a コンビニ is told a little later, so such a number waits for the provider's word.
    """
    today = clock.today()
    paid_late = (
        Q(kind=PaymentKind.CONVENIENCE, expires_on__gte=today - WORD_OF_STORES)
        & ~Q(door="")
        & ~Q(provider_ref="")
    )
    due = PaymentRequest.objects.filter(state__in=GOING, expires_on__lt=today).exclude(paid_late)
    return sum(_expire(pk, by) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _expire(pk: int, by: Staff | None) -> bool:
    """False for one that was taken or given up a moment ago, or is being captured."""
    request = PaymentRequest.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if request is None or request.state not in GOING or calls.is_ending(request):
        return False
    is_held = request.state == RequestState.AUTHORISED
    calls.ask_close(request, by=by)
    requests.give_up(request, "expire", note="期限を過ぎました", by=by)
    if request.door and is_held:
        calls.ask_release(request, by=by)
    return True
