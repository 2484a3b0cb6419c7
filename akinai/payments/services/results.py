"""決済の結果の計上: what a provider's file says of many 決済, each step through the same verbs as by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core.errors import ChangedMeanwhile
from akinai.payments.models import PaymentRequest
from akinai.payments.rules.results import Step
from akinai.payments.services import requests

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class ResultStep:
    """結果 1 件. `request_id` is empty where the 決済 is written down with this result."""

    step: Step
    seen: str  # the state that the plan saw
    request_id: int | None
    order_id: int
    kind: str
    provider: str
    ref: str = ""
    amount_yen: int = 0
    until: date | None = None


@transaction.atomic
def take_result(one: ResultStep, *, made: dict[int, PaymentRequest], by: Staff | None) -> PaymentRequest:
    """One result. `made`: requests that rows before it have written down, by order. Raises ChangedMeanwhile."""
    request = made.get(one.order_id) if one.request_id is None else None
    if request is None and one.request_id is not None:
        request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=one.request_id)
    if request is None:
        request = requests.request_payment(
            one.order_id,
            kind=one.kind,
            provider=one.provider,
            provider_ref=one.ref,
            amount_yen=one.amount_yen,
            by=by,
        )
        made[one.order_id] = request
    if request.state != one.seen:
        raise ChangedMeanwhile(
            f"{request.number} は、確かめている間に「{request.get_state_display()}」になりました。",
            way_out="もう一度、取込の内容を確かめてください。",
        )
    _name(request, one)
    _move(request, one, by)
    return request


def _name(request: PaymentRequest, one: ResultStep) -> None:
    if one.ref and not request.provider_ref:
        PaymentRequest.objects.filter(pk=request.pk).update(provider_ref=one.ref)
        request.provider_ref = one.ref


def _move(request: PaymentRequest, one: ResultStep, by: Staff | None) -> None:
    verb, note = one.step.verb, f"{one.provider} の結果ファイル"
    if verb == "authorise":
        requests.authorise(request, expires_on=one.until, by=by)
    elif verb == "capture":
        requests.capture(request, by=by)
    elif verb == "refund":
        requests.refund(request, amount_yen=one.step.yen, by=by)
        request.refresh_from_db()
    elif verb:
        requests.give_up(request, verb, note=note, by=by)
