"""決済の操作: every state is moved here, by hand or by what a provider tells, and the order hears of it in the same act."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders_known
from akinai.orders import services as orders
from akinai.orders.payment_methods import METHODS, PaymentKind, ShipsWhen
from akinai.orders.states import WAITING, OrderState
from akinai.payments.models import PaymentRequest
from akinai.payments.services.collected import note_captured, note_lost
from akinai.payments.services.turn_results import note_held
from akinai.payments.states import RequestState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def request_payment(
    order_id: int,
    *,
    kind: str,
    provider: str,
    provider_ref: str = "",
    amount_yen: int,
    pay_by: date | None = None,
    door: str = "",
    is_live: bool = True,
    by: Staff | None,
) -> PaymentRequest:
    """決済を申し込む. Refused while another attempt for the order is open, and for more than the order owes.

    `door`: the code of the provider that we ask ourselves; its payments are written to the ledger when they are captured.
    """
    method = METHODS[PaymentKind(kind)]
    order = orders_known.rows_for_matching([order_id]).get(order_id)
    if order is None or order.state == OrderState.CANCELLED or not 0 < amount_yen <= order.owed_yen:
        raise DomainError(
            f"この受注に {yen(amount_yen)} の決済は申し込めません。",
            way_out="受注の未入金の金額と状態を確かめてください。",
        )
    days = method.pay_within_days
    try:
        with transaction.atomic():
            made = PaymentRequest.objects.create(
                number=numbering.take("payment_request")[0], order_id=order_id, kind=kind, provider=provider.strip(),
                provider_ref=provider_ref.strip(), amount_yen=amount_yen, requested_by=by,
                expires_on=pay_by or (clock.today() + timedelta(days=days) if days else None),
                door=door, is_live=is_live,
            )  # fmt: skip
    except IntegrityError as error:
        raise DomainError(
            "この受注には進行中の決済があるか、同じ決済番号がすでに記録されています。",
            way_out="前の決済を取り消してから、申し込んでください。",
        ) from error
    activity.record(made, "request", by=by, summary=f"{yen(amount_yen)} の決済（{made.get_kind_display()}）")
    _await_audit(made, by)
    return made


@transaction.atomic
def authorise(request: PaymentRequest, *, expires_on: date | None = None, by: Staff | None) -> PaymentRequest:
    """与信が通った: the order may go on. Without a day the kind of payment says how long it holds."""
    days = METHODS[PaymentKind(request.kind)].authorised_days
    if days is None:
        raise DomainError(
            f"{request.get_kind_display()}に与信はありません。",
            way_out="支払われたら「売上確定」にしてください。",
        )
    now = clock.now()
    last = expires_on or timezone.localdate(now) + timedelta(days=days)
    transitions.apply(request, "authorise", by=by, set_fields={"authorised_at": now, "expires_on": last})
    note_held(request)
    _let_go(request, by)
    return request


@transaction.atomic
def renew(request: PaymentRequest, *, expires_on: date, by: Staff | None) -> PaymentRequest:
    """再与信: it holds until another day."""
    if expires_on < clock.today():
        raise DomainError("与信期限に過ぎた日は選べません。", way_out="今日より後の日を選んでください。")
    note = f"再与信 {expires_on:%Y/%m/%d} まで"
    return transitions.apply(request, "renew", by=by, note=note, set_fields={"expires_on": expires_on})


@transaction.atomic
def capture(request: PaymentRequest, *, amount_yen: int | None = None, by: Staff | None) -> PaymentRequest:
    """売上を確定した (or, at a コンビニ, paid): the money is sure to come with the next settlement.

    `amount_yen`: what was taken, where that is less than was asked for; the rest of an authorisation is free again. What a
    door of ours has captured is a payment of the order at once.
    """
    fields: dict[str, Any] = {
        "captured_at": clock.now(),
        "expires_on": None,
        "page_ref": "",
        "page_until": None,
    }
    note = ""
    if amount_yen is not None and amount_yen != request.amount_yen:
        fields["amount_yen"] = amount_yen
        note = f"{yen(request.amount_yen)} のうち {yen(amount_yen)} を売上確定"
    transitions.apply(request, "capture", by=by, note=note, set_fields=fields)
    _let_go(request, by)
    if request.door:
        note_captured(request, by=by)
    return request


@transaction.atomic
def refund(request: PaymentRequest, *, amount_yen: int, by: Staff | None) -> PaymentRequest:
    """決済会社で返金した. One conditional UPDATE: two refunds at once never give back more than was taken."""
    states = [RequestState.CAPTURED, RequestState.PARTLY_REFUNDED]
    open_one = PaymentRequest.objects.select_for_update(no_key=True).filter(
        pk=request.pk, state__in=states, refunded_yen__lte=F("amount_yen") - amount_yen
    )
    found = open_one.first() if amount_yen > 0 else None
    if found is None:
        request.refresh_from_db()
        raise DomainError(
            f"{request.number}（{request.get_state_display()}）から {yen(amount_yen)} は返金できません。",
            way_out=f"返金できるのは {yen(request.left_yen)} までです。",
        )
    total = found.refunded_yen + amount_yen
    verb = "refund_all" if total == found.amount_yen else "refund"
    return transitions.apply(
        found, verb, by=by, note=f"返金 {yen(amount_yen)}", set_fields={"refunded_yen": total}
    )


@transaction.atomic
def give_up(request: PaymentRequest, verb: str, *, note: str = "", by: Staff | None) -> PaymentRequest:
    """取消・期限切れ・不成立 (`verb`: cancel, expire, fail): the order waits for its money again; one that has left owes it."""
    fields = {"expires_on": None, "page_until": None}
    transitions.apply(request, verb, by=by, note=note, set_fields=fields)
    _unsettle(request, by)
    if verb == "fail":
        _hold(request, by)
    return request


@transaction.atomic
def dispute(
    request: PaymentRequest,
    *,
    answer_by: date,
    amount_yen: int | None = None,
    ref: str = "",
    reason: str = "",
    by: Staff | None,
) -> PaymentRequest:
    """異議申立 (チャージバック) came in; evidence is due by that day."""
    fields = {
        "answer_by": answer_by, "disputed_yen": request.left_yen if amount_yen is None else amount_yen,
        "dispute_ref": ref[:120], "dispute_reason": reason[:60],
    }  # fmt: skip
    return transitions.apply(request, "dispute", by=by, note=reason, set_fields=fields)


@transaction.atomic
def close_dispute(request: PaymentRequest, *, is_won: bool, by: Staff | None) -> PaymentRequest:
    """異議申立が終わった. Won with a part given back before, it is 一部返金 again; lost, the order owes the money again."""
    transitions.apply(request, "win" if is_won else "lose", by=by, set_fields={"answer_by": None})
    if request.door and not is_won:
        note_lost(request, by=by)
    if not is_won:
        _unsettle(request, by)
    if is_won and request.refunded_yen:
        transitions.apply(request, "refund", by=by, note="異議申立の前の返金")
    return request


def _unsettle(request: PaymentRequest, by: Staff | None) -> None:
    """The order is not settled any more: no other request can hold its money at the same time."""
    orders.unsettle(request.order_id, note=f"{request.number} {request.get_state_display()}", by=by)


def _await_audit(request: PaymentRequest, by: Staff | None) -> None:
    """What is paid later leaves at once, but not before the provider has looked at the buyer."""
    if METHODS[PaymentKind(request.kind)].ships_when is ShipsWhen.AT_ONCE:
        reason = f"{request.provider} の審査の結果を待っています（{request.number}）。"
        orders.hold_for_audit(request.order_id, payment=request.kind, reason=reason, by=by)


def _hold(request: PaymentRequest, by: Staff | None) -> None:
    """与信NG where the goods would leave at once: they are held until the buyer has chosen another way of paying."""
    order = orders_known.by_number(request.order.number)
    if order is None or order.payment != request.kind or order.state not in WAITING:
        return
    if METHODS[PaymentKind(request.kind)].ships_when is not ShipsWhen.AT_ONCE:
        return
    orders.end_audit(order.pk, note=request.number, by=by)
    reason = f"{request.get_kind_display()}の審査が通りませんでした（{request.number}）。お客様に、ほかの支払方法を決めていただいてください。"
    with suppress(ChangedMeanwhile):  # a clerk holds it already
        orders.hold(order, reason=reason, by=by)


def _let_go(request: PaymentRequest, by: Staff | None) -> None:
    """The order counts as settled, where its goods wait for that; else it waits for the audit no longer."""
    if METHODS[PaymentKind(request.kind)].ships_when is ShipsWhen.AT_ONCE:
        orders.end_audit(request.order_id, note=request.number, by=by)
        return
    order = orders_known.rows_for_matching([request.order_id]).get(request.order_id)
    if order is None or order.state not in WAITING or order.payment_settled:
        return
    if request.door and order.payment != request.kind:  # asked for another way, and paid that way
        orders.set_payment(request.order_id, payment=request.kind, is_settled=True, by=by)
    else:
        orders.settle(request.order_id, note=f"{request.number}（{request.provider}）", by=by)
