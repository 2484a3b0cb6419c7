"""決済会社への依頼: asked for in the transaction that needs it, done after commit, and again until the provider has answered.

The network is never waited for inside a transaction. A call is claimed by one conditional UPDATE; who dies on the way is
followed by the next, with the same key, so that the provider does it once. Providers forget keys after a day, so a refund
that was left without an answer that long is put before a person.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from akinai.core import activity, clock
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.money import yen
from akinai.orders import queries as orders_known
from akinai.orders import services as orders
from akinai.orders.states import OrderState, Progress
from akinai.payments.models import PaymentRequest, ProviderCall, TurnCharge
from akinai.payments.provider_ports import (
    CardDeclined,
    ChargeAsk,
    Provider,
    ProviderRefused,
    ProviderUnreachable,
    Told,
)
from akinai.payments.rules.charging import NO_CARD
from akinai.payments.services import requests, turn_results
from akinai.payments.services.collected import note_refunded
from akinai.payments.services.doors import door_of
from akinai.payments.states import CALL_LIVE, OVER, CallState, CallVerb, CardState, RequestState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.payments")
WAIT_MINUTES = (1, 5, 15, 30, 60, 120, 240, 480)
MAX_TRIES = len(WAIT_MINUTES) + 1
STUCK_AFTER = timedelta(minutes=5)
KEYS_LAST = timedelta(hours=23)
HOLDS = timedelta(days=7)  # where the provider does not tell how long, or not yet
# Asked blindly again after its key is forgotten, these would be done twice.
MOVES_MONEY = (CallVerb.REFUND, CallVerb.CHARGE)
UNKNOWN = ("no_answer", ProviderUnreachable.code)
NO_ANSWER = "決済会社から返事がないまま時間がたちました。決済会社の画面で、済んでいるか確かめてください。"


@transaction.atomic
def ask(
    request: PaymentRequest, verb: CallVerb, *, key: str, amount_yen: int = 0, by: Staff | None
) -> ProviderCall:
    """Ask for one act. The same key again is the same call. Raises DomainError while an act that excludes it is under way."""
    found = ProviderCall.objects.filter(key=key).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            made = ProviderCall.objects.create(
                request=request, verb=verb, amount_yen=amount_yen, key=key, asked_by=by
            )
    except IntegrityError as error:
        raise DomainError(
            f"{request.number} には、すでに依頼中の処理があります。",
            way_out="少し待って、画面を開き直してください。",
        ) from error
    transaction.on_commit(lambda: run_call(made.pk), robust=True)
    return made


def run_due(*, limit: int = 200) -> int:
    """依頼の続き: calls that wait or were left half-way. Safe in several processes. Out: how many were answered."""
    due = ProviderCall.objects.filter(_due()).order_by("next_at")
    return sum(run_call(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _due() -> Q:
    return Q(state__in=[CallState.WAITING, CallState.ASKING], next_at__lte=clock.now())


def run_call(pk: int) -> bool:
    """One call: claim it, ask, write down the answer. False when another has it or there was no answer."""
    claimed = ProviderCall.objects.filter(_due(), pk=pk).update(
        state=CallState.ASKING, tries=F("tries") + 1, next_at=clock.now() + STUCK_AFTER
    )
    if not claimed:
        return False
    call = ProviderCall.objects.select_related("request").get(pk=pk)
    if call.verb in MOVES_MONEY and call.tries > 1 and clock.now() - call.asked_at > KEYS_LAST:
        _refused(call, NO_ANSWER, "no_answer")
        return True
    try:
        told = _put(call, door_of(call.request))
    except ProviderUnreachable as away:
        return _later(call, away)
    except CardDeclined as declined:
        _declined(call, declined)
        return True
    except DomainError as refusal:
        _refused(call, f"{refusal.message}{refusal.way_out}", refusal.code)
        return True
    _done(call, told)
    return True


def _put(call: ProviderCall, door: Provider) -> Told:
    """The act itself, at the provider."""
    request = call.request
    if call.verb == CallVerb.CLOSE:
        return door.close_page(call.key.rsplit("/", 1)[-1], key=call.key)
    if call.verb == CallVerb.CHARGE:
        return _charge(call, door)
    if not request.provider_ref:
        raise ProviderRefused(
            "決済会社の番号がまだありません。", way_out="知らせが届いてから、もう一度試してください。"
        )
    if call.verb == CallVerb.CAPTURE:
        return door.capture(request.provider_ref, amount_yen=call.amount_yen, key=call.key)
    if call.verb == CallVerb.RELEASE:
        return door.release(request.provider_ref, key=call.key)
    return door.refund(request.provider_ref, amount_yen=call.amount_yen, request=request.number, key=call.key)


def _charge(call: ProviderCall, door: Provider) -> Told:
    """The money of one turn, asked of the card that was kept when the try began."""
    turn = TurnCharge.objects.select_related("card").filter(request=call.request_id).first()
    card = turn.card if turn else None
    if card is None or card.state != CardState.KEPT:
        raise CardDeclined(
            "登録カードがありません。", way_out="お客様にお支払いをお願いしてください。", code=NO_CARD
        )
    ask = ChargeAsk(
        card.customer_ref, card.method_ref, call.amount_yen, call.request.number, call.request.order.channel_order_no, call.key
    )  # fmt: skip
    return door.charge(ask)


@transaction.atomic
def _done(call: ProviderCall, told: Told) -> None:
    """The answer, unless a notice that came before it has already said more."""
    asking = ProviderCall.objects.filter(pk=call.pk, state=CallState.ASKING)
    fields = {
        "state": CallState.DONE,
        "done_at": clock.now(),
        "provider_ref": told.ref[:120],
        "error": "",
        "code": "",
    }
    if not asking.update(**fields):
        ProviderCall.objects.filter(pk=call.pk, provider_ref="").update(provider_ref=told.ref[:120])
        return
    request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=call.request_id)
    try:
        if call.verb == CallVerb.CAPTURE:
            requests.capture(request, amount_yen=call.amount_yen, by=call.asked_by)
        elif call.verb == CallVerb.RELEASE:
            note_released(request, "cancel", note="与信を取り消しました", by=call.asked_by)
        elif call.verb == CallVerb.CHARGE:
            _charged(request, told)
    except ImpossibleMove:
        return  # the provider's notice was faster than its answer


def _charged(request: PaymentRequest, told: Told) -> None:
    """与信が通った without the buyer. What was given up meanwhile is let go again."""
    note_ref(request, told.ref)
    if request.state in OVER:
        let_go(request)
        return
    requests.authorise(request, expires_on=clock.today() + HOLDS, by=None)


def note_ref(request: PaymentRequest, ref: str) -> None:
    """The provider's number of the payment, once it is known."""
    if ref and not request.provider_ref:
        PaymentRequest.objects.filter(pk=request.pk).update(provider_ref=ref[:120])
        request.provider_ref = ref[:120]


def note_released(request: PaymentRequest, verb: str, *, note: str, by: Staff | None) -> None:
    """与信がなくなった: the order waits again, and a cancelled one owes nothing back any more."""
    requests.give_up(request, verb, note=note, by=by)
    put_at_rest(request, note=f"{request.number} {note}", by=by)


def put_at_rest(request: PaymentRequest, *, note: str, by: Staff | None) -> None:
    """A cancelled order whose money is with the buyer again asks nobody for anything."""
    order = orders_known.by_number(request.order.number)
    if (
        order is not None
        and order.state == OrderState.CANCELLED
        and order.payment_progress == Progress.EXCEPTION
        and not order.paid_yen
    ):
        orders.note_refunded(order.pk, note=note, by=by)


def _later(call: ProviderCall, away: ProviderUnreachable) -> bool:
    """No answer: once more after a while, and at last a person. Never within the transaction that asked."""
    if call.tries >= MAX_TRIES:
        _refused(call, f"{away.message}{away.way_out}", away.code)
        return True
    ProviderCall.objects.filter(pk=call.pk, state=CallState.ASKING).update(
        state=CallState.WAITING, error=away.message[:300], code=away.code[:60],
        next_at=clock.now() + timedelta(minutes=WAIT_MINUTES[call.tries - 1]),
    )  # fmt: skip
    return False


@transaction.atomic
def _declined(call: ProviderCall, why: CardDeclined) -> None:
    """カードが通らない: nobody here has to answer; the buyer is asked, or the card once more by the ladder."""
    asking = ProviderCall.objects.filter(pk=call.pk, state=CallState.ASKING)
    fields = {"error": why.message[:300], "code": why.code[:60], "done_at": clock.now()}
    if asking.update(state=CallState.DECLINED, **fields):
        turn_results.note_call_declined(call, why.code)


@transaction.atomic
def _refused(call: ProviderCall, reason: str, code: str) -> None:
    """断られた: it stays on the list until a person has found another way."""
    asking = ProviderCall.objects.filter(pk=call.pk, state=CallState.ASKING)
    if call.verb == CallVerb.CLOSE:  # a page that cannot be closed closes by itself
        asking.update(state=CallState.DONE, error=reason[:300], code=code[:60], done_at=clock.now())
        return
    if not asking.update(state=CallState.REFUSED, error=reason[:300], code=code[:60], done_at=clock.now()):
        return
    log.warning("provider refused %s of %s: %s", call.verb, call.request.number, code)
    activity.record(
        call.request, "provider_refused", by=None, summary=f"{call.get_verb_display()}: {reason}"[:500]
    )
    if call.verb == CallVerb.CHARGE and code not in UNKNOWN:
        turn_results.note_call_declined(call, code)
    if call.verb == CallVerb.CAPTURE and code == "charge_expired_for_capture":
        request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=call.request_id)
        if request.state == RequestState.AUTHORISED:
            requests.give_up(request, "expire", note="与信の期限切れで、売上確定できませんでした", by=None)


@transaction.atomic
def resolve(call: ProviderCall, *, note: str, by: Staff | None) -> None:
    """解決済にする: a person has found another way and says which."""
    if not note.strip():
        raise DomainError("どう解決したかがありません。", way_out="対応した内容を書いてください。")
    open_one = ProviderCall.objects.filter(pk=call.pk, state__in=[CallState.REFUSED, CallState.FAILED])
    if not open_one.update(state=CallState.RESOLVED, resolution=note.strip()[:200]):
        raise DomainError("この依頼は、解決を待っていません。", way_out="画面を開き直してください。")
    activity.record(
        call.request, "resolve_call", by=by, summary=f"{call.get_verb_display()}の解決: {note.strip()}"[:500]
    )


@transaction.atomic
def ask_again(call: ProviderCall, *, by: Staff | None) -> ProviderCall:
    """もう一度依頼する, with a key of its own: the first one was answered with a no."""
    resolve(call, note="もう一度依頼しました", by=by)
    request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=call.request_id)
    if call.verb == CallVerb.CAPTURE:
        return ask_capture(request, by=by)
    return ask(request, CallVerb(call.verb), amount_yen=call.amount_yen, by=by, key=_key(request, call.verb))


def ask_capture(request: PaymentRequest, *, by: Staff | None) -> ProviderCall:
    """売上確定を依頼する: what the order owes now, at most what was authorised; with nothing owed the hold is released.

    An order in several parcels is captured as a whole with the first of them: a card can be captured only once.
    """
    owed, _customer = orders_known.owed([request.order_id])[request.order_id]
    amount = min(owed, request.amount_yen)
    verb = CallVerb.CAPTURE if amount > 0 else CallVerb.RELEASE
    return ask(request, verb, amount_yen=max(amount, 0), key=_key(request, verb), by=by)


def is_ending(request: PaymentRequest) -> bool:
    """Is what is held being taken or let go, or is that done?"""
    ends = [CallVerb.CAPTURE, CallVerb.RELEASE]
    return ProviderCall.objects.filter(request_id=request.pk, verb__in=ends, state__in=CALL_LIVE).exists()


def ask_charge(request: PaymentRequest, *, by: Staff | None) -> ProviderCall:
    """登録カードへの請求を依頼する. The caller holds the row of the 決済; each try has a key of its own."""
    key = _key(request, CallVerb.CHARGE)
    return ask(request, CallVerb.CHARGE, amount_yen=request.amount_yen, key=key, by=by)


def is_charging(request: PaymentRequest) -> bool:
    """Is the kept card being asked for this money, or has it given it? Then nobody may pay on a page."""
    asked = ProviderCall.objects.filter(request_id=request.pk, verb=CallVerb.CHARGE)
    # One that nobody could answer waits for a person, who looks at the provider's screen first.
    unknown = Q(state=CallState.REFUSED, code__in=UNKNOWN)
    return asked.filter(Q(state__in=CALL_LIVE) | unknown).exists()


def ask_release(request: PaymentRequest, *, by: Staff | None) -> ProviderCall:
    """与信の取消を依頼する."""
    return ask(request, CallVerb.RELEASE, key=_key(request, CallVerb.RELEASE), by=by)


def let_go(request: PaymentRequest) -> bool:
    """What came to be held for a 決済 that is over is not kept. False where it is being let go already."""
    if is_ending(request):
        return False
    ask_release(request, by=None)
    return True


def ask_refund(
    request: PaymentRequest, *, amount_yen: int, note: str = "", is_booked: bool = False, by: Staff | None
) -> ProviderCall:
    """返金を依頼する. The promise is written down with the request for it: a customer who was promised money is owed it.

    `is_booked`: the ledger's rows were written by the act that this belongs to (返品). Raises DomainError beyond what was
    taken, or what is paid on the order.
    """
    requests.refund(request, amount_yen=amount_yen, by=by)
    request.refresh_from_db()
    key = _key(request, CallVerb.REFUND)
    if not is_booked:
        text = f"{request.number} 返金 {note}".strip()
        note_refunded(request, amount_yen=amount_yen, key=key, note=text, by=by)
        put_at_rest(request, note=f"{request.number} から {yen(amount_yen)} を返金", by=by)
    return ask(request, CallVerb.REFUND, amount_yen=amount_yen, key=key, by=by)


def is_by_door(order_id: int) -> bool:
    """Does a door of ours hold this order's money, or has it taken it? Then the ledger tells all of it."""
    held = [RequestState.AUTHORISED, RequestState.CAPTURED, RequestState.PARTLY_REFUNDED]
    return PaymentRequest.objects.filter(order_id=order_id, state__in=held).exclude(door="").exists()


def refundable(order_id: int) -> PaymentRequest | None:
    """The payment of this order that a door of ours can give back, its row locked; None where there is none."""
    taken = [RequestState.CAPTURED, RequestState.PARTLY_REFUNDED]
    rows = PaymentRequest.objects.select_for_update(no_key=True).filter(order_id=order_id, state__in=taken)
    return rows.exclude(door="").first()


def ask_close(request: PaymentRequest, *, by: Staff | None) -> None:
    """決済ページを閉じる, so that nobody pays on it any more."""
    if request.page_ref and request.page_until and request.page_until > clock.now():
        ask(request, CallVerb.CLOSE, key=f"{request.number}/close/{request.page_ref}", by=by)


def _key(request: PaymentRequest, verb: str) -> str:
    """The next key of this kind. Held under the request's row or a UNIQUE of live calls, so no two take the same."""
    nth = ProviderCall.objects.filter(request_id=request.pk, verb=verb).count() + 1
    return f"{request.number}/{verb}/{nth}"
