"""定期便の請求の結果: what an answer of the card means for the turn. Called in the transaction that writes the answer down."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from akinai.core import activity, clock
from akinai.payments.models import CardRules, PaymentRequest, ProviderCall, TurnCharge
from akinai.payments.rules.charging import cancel_day, next_try
from akinai.payments.rules.provider_words import said
from akinai.payments.services import card_mails
from akinai.payments.states import ChargeState, RequestState

HOUR = time(10)  # declined cards are tried again in the morning


def rules() -> CardRules:
    """定期便のカードの決まり, as delivered where nobody has changed them."""
    return CardRules.objects.filter(pk=1).first() or CardRules(pk=1)


def cancel_days() -> int:
    """How many days the buyer has to pay a turn that his card did not give."""
    return rules().cancel_days


def note_held(request: PaymentRequest) -> None:
    """与信が通った, by the card or on the page."""
    open_one = TurnCharge.objects.filter(request=request).exclude(state=ChargeState.HELD)
    open_one.update(state=ChargeState.HELD, next_at=None)


def note_call_declined(call: ProviderCall, code: str) -> None:
    """登録カードへの請求が通らなかった."""
    charge = TurnCharge.objects.filter(request=call.request_id, state=ChargeState.CHARGING).first()
    if charge is not None:
        note_declined(charge, code)


def note_declined(charge: TurnCharge, code: str) -> None:
    """The order waits for its buyer, who is written to; the next day of the ladder is set, and the last day to pay."""
    told, today = rules(), clock.today()
    first = charge.declined_on or today
    following = next_try(first, told.retry_days, today=today, code=code)
    last = charge.cancel_on or cancel_day(first, told.cancel_days)
    moved = TurnCharge.objects.filter(pk=charge.pk, state=ChargeState.CHARGING).update(
        state=ChargeState.WAITING, declined_on=first, cancel_on=last, code=code[:60],
        next_at=_morning(following) if following and following <= last else None,
    )  # fmt: skip
    if not moved:
        return
    charge.refresh_from_db()
    PaymentRequest.objects.filter(pk=charge.request_id, state=RequestState.REQUESTED).update(
        expires_on=last, last_told=f"登録カードに請求できませんでした（{said(code)}）。"[:200]
    )
    activity.record(
        charge.subscription, "charge_declined", by=None, summary=f"{charge.order.number}: {said(code)}"
    )
    card_mails.tell_declined(charge)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, HOUR))
