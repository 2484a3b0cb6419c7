"""知らせの意味: what each notice does to its 決済. Late, twice or in another order, the end is the same.

Three things keep it so: the request's row is locked while a notice is thought over; the table of moves has no way back; and a
notice that nothing older may undo (`is_final`) is looked for before a hold or a dispute begins.
"""

from __future__ import annotations

from collections.abc import Callable

from akinai.core import activity, clock, transitions
from akinai.core.money import yen
from akinai.payments.models import PaymentRequest, ProviderCall, WebhookEvent
from akinai.payments.provider_ports import PAYOUT_LISTENERS, PROVIDERS, Heard, Notice
from akinai.payments.rules.provider_words import said
from akinai.payments.services import calls, cards, requests
from akinai.payments.services.collected import note_refunded
from akinai.payments.states import CALL_LIVE, OVER, CallState, RequestState

S = RequestState
WAITING = (S.REQUESTED, S.AUTHORISED)
TAKEN = (S.CAPTURED, S.PARTLY_REFUNDED)
MONEY = (Heard.AUTHORISED, Heard.PAID, Heard.REFUNDED, Heard.DISPUTED)


class NotForUs(Exception):
    """Nothing to do; says why."""


class NeedsPerson(Exception):
    """It cannot be right, or only a person can decide; says what."""


def request_of(door: str, told: Notice) -> PaymentRequest | None:
    """The 決済 that a notice is about, its row locked; None where it names none of ours."""
    rows = (
        PaymentRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order")
        .filter(door=door)
    )
    if told.request and (found := rows.filter(number=told.request).first()):
        return found
    if told.call and (call := ProviderCall.objects.filter(key=told.call).first()):
        return rows.filter(pk=call.request_id).first()
    return rows.filter(provider_ref=told.payment_ref).first() if told.payment_ref else None


def hear(door: str, request: PaymentRequest | None, told: Notice) -> str:
    """Do what the notice says. Out: a word for the list. Raises NotForUs, NeedsPerson, and what services refuse."""
    if told.is_live != PROVIDERS[door].is_live:
        raise NotForUs("本番とテストが違う知らせです。")
    if told.heard == Heard.PAYOUT:
        return _payout(door, told)
    if told.heard == Heard.CARD_GIVEN:
        return _card_given(door, told)
    if told.heard == Heard.OTHER:
        raise NotForUs("使わない種類の知らせです。")
    if request is None:
        raise NotForUs("Akinai の決済ではありません。")
    _look_odd(request, told)
    word = DO[told.heard](request, told)
    _remember(request, told)
    return word


def _look_odd(request: PaymentRequest, told: Notice) -> None:
    if request.is_live != told.is_live:
        raise NeedsPerson(
            f"{request.number} は{'本番' if request.is_live else 'テスト'}の決済ですが、知らせは違います。"
        )
    if told.currency != "jpy" and told.heard in MONEY:
        raise NeedsPerson(f"{request.number} に円以外（{told.currency[:10]}）の知らせが届きました。")
    other = told.payment_ref and request.provider_ref and told.payment_ref != request.provider_ref
    if other and told.heard in MONEY:
        raise NeedsPerson(
            f"{request.number} に別の決済（{told.payment_ref[:60]}）の知らせが届きました。二重の支払でないか確かめてください。"
        )


def _remember(request: PaymentRequest, told: Notice) -> None:
    rows = PaymentRequest.objects.filter(pk=request.pk)
    rows.exclude(told_at__gt=told.created).update(told_at=told.created)


def _is_over(request: PaymentRequest, ref: str, kind: str) -> bool:
    """Has something that cannot be undone been told of this payment or dispute already?"""
    told = WebhookEvent.objects.filter(provider=request.door, object_id=ref, is_final=True, type=kind)
    return bool(ref) and told.exists()


def _authorised(request: PaymentRequest, told: Notice) -> str:
    if _is_over(request, told.payment_ref, "payment_intent.canceled"):
        raise NotForUs("この与信は、もう取り消されています。")
    if request.state == S.AUTHORISED:
        return _longer(request, told)
    if request.state in OVER:
        calls.note_ref(request, told.payment_ref)
        if not calls.let_go(request):
            raise NotForUs("終わった決済の与信です。取り消しを依頼済みです。")
        return "終わった決済の与信なので、取り消しを依頼しました。"
    if request.state != S.REQUESTED:
        raise NotForUs("先に、もっと新しい知らせが届いています。")
    if told.yen != request.amount_yen:
        raise NeedsPerson(
            f"{request.number} は {yen(request.amount_yen)} ですが、{yen(told.yen)} の与信が届きました。"
        )
    calls.note_ref(request, told.payment_ref)
    until = told.until or clock.today() + calls.HOLDS
    requests.authorise(request, expires_on=until, by=None)
    PaymentRequest.objects.filter(pk=request.pk).update(page_until=None, last_told="")
    cards.given_on_page(request)
    if request.order.shipped_at:
        calls.ask_capture(request, by=None)
    return f"与信が通りました（{until:%Y/%m/%d} まで）。"


def _longer(request: PaymentRequest, told: Notice) -> str:
    """The same authorisation once more, perhaps with its true last day."""
    if told.until is None or told.until == request.expires_on:
        raise NotForUs("すでに与信済です。")
    note = f"与信期限 {told.until:%Y/%m/%d}"
    transitions.apply(request, "renew", by=None, note=note, set_fields={"expires_on": told.until})
    return note


def _paid(request: PaymentRequest, told: Notice) -> str:
    if request.state in (*TAKEN, S.REFUNDED, S.DISPUTED, S.LOST):
        raise NotForUs("すでに売上確定しています。")
    if told.yen > request.amount_yen or not told.yen:
        raise NeedsPerson(
            f"{request.number} は {yen(request.amount_yen)} ですが、{yen(told.yen)} の支払が届きました。"
        )
    if request.state in OVER:
        raise NeedsPerson(
            f"{request.number} は「{request.get_state_display()}」ですが、{yen(told.yen)} が支払われました。返金するか、入金を記録してください。"
        )
    calls.note_ref(request, told.payment_ref)
    requests.capture(request, amount_yen=told.yen, by=None)
    return f"{yen(told.yen)} が支払われました。"


def _waiting(request: PaymentRequest, told: Notice) -> str:
    calls.note_ref(request, told.payment_ref)
    return _noted(request, told, "コンビニの支払番号を発行しました。支払を待っています。")


def _attempt_failed(request: PaymentRequest, told: Notice) -> str:
    return _noted(request, told, f"お客様の決済が通りませんでした（{said(told.reason) or '理由不明'}）。")


def _noted(request: PaymentRequest, told: Notice, text: str) -> str:
    """The newest word on a page that is still open."""
    rows = PaymentRequest.objects.filter(pk=request.pk, state=S.REQUESTED).exclude(told_at__gt=told.created)
    if not rows.update(last_told=text[:200]):
        raise NotForUs("先に、もっと新しい知らせが届いています。")
    activity.record(request, "provider_told", by=None, summary=text)
    return text


def _failed(request: PaymentRequest, told: Notice) -> str:
    if request.state != S.REQUESTED:
        raise NotForUs(f"この決済は「{request.get_state_display()}」です。")
    requests.give_up(request, "fail", note="期限までに支払われませんでした", by=None)
    return "不成立になりました。"


def _page_over(request: PaymentRequest, told: Notice) -> str:
    page = PaymentRequest.objects.filter(pk=request.pk, state=S.REQUESTED, page_ref=told.object_id)
    if not page.update(page_until=None):
        raise NotForUs("今の決済ページの知らせではありません。")
    return "決済ページの期限が切れました。リンクを開くと、新しいページになります。"


def _released(request: PaymentRequest, told: Notice) -> str:
    if request.state != S.AUTHORISED:
        raise NotForUs(f"この決済は「{request.get_state_display()}」です。")
    verb = "expire" if told.reason in ("automatic", "expired") else "cancel"
    calls.note_released(request, verb, note="決済会社で与信がなくなりました", by=None)
    return "与信がなくなりました。"


def _refunded(request: PaymentRequest, told: Notice) -> str:
    """Given back in all: what goes beyond our own refunds was done on the provider's screen."""
    more = told.yen - request.refunded_yen
    if more <= 0 or request.state not in TAKEN:
        raise NotForUs("返金は記録済みです。")
    requests.refund(request, amount_yen=more, by=None)
    text = f"{request.number} 決済会社の画面で返金"
    note_refunded(request, amount_yen=more, key=f"{request.number}/told/{told.yen}", note=text, by=None)
    calls.put_at_rest(request, note=text, by=None)
    return f"決済会社の画面で {yen(more)} が返金されていました。"


def _refund_moved(request: PaymentRequest, told: Notice) -> str:
    by_ref = (
        ProviderCall.objects.filter(request=request, provider_ref=told.object_id) if told.object_id else None
    )
    found = ProviderCall.objects.filter(request=request, key=told.call) if told.call else by_ref
    if found is None or not found.exists():
        raise NotForUs("Akinai から頼んだ返金ではありません。")
    if not told.is_final:
        return f"返金の状態: {told.status}"
    reason = f"返金が失敗し、お金が決済会社に戻りました（{said(told.reason) or '理由不明'}）。ほかの方法でお返しください。"
    if not found.filter(state__in=CALL_LIVE).update(
        state=CallState.FAILED, error=reason, code=told.reason[:60], provider_ref=told.object_id[:120]
    ):
        raise NotForUs("返金の失敗は記録済みです。")
    activity.record(request, "refund_failed", by=None, summary=reason)
    return reason


def _disputed(request: PaymentRequest, told: Notice) -> str:
    if _is_over(request, told.object_id, "charge.dispute.closed"):
        raise NotForUs("この異議申立は、もう終わっています。")
    if request.state == S.DISPUTED:
        return _dispute_moved(request, told)
    _begin_dispute(request, told)
    return f"{yen(told.yen)} の異議申立がありました。"


def _begin_dispute(request: PaymentRequest, told: Notice) -> None:
    if request.state not in TAKEN:
        raise NeedsPerson(f"{request.number}（{request.get_state_display()}）に異議申立が届きました。")
    requests.dispute(
        request, answer_by=told.answer_by or clock.today() + calls.HOLDS, amount_yen=told.yen, ref=told.object_id,
        reason=said(told.reason), by=None,
    )  # fmt: skip


def _dispute_moved(request: PaymentRequest, told: Notice) -> str:
    if _is_over(request, told.object_id, "charge.dispute.closed"):
        raise NotForUs("この異議申立は、もう終わっています。")
    if request.state in TAKEN:  # told before its beginning
        _begin_dispute(request, told)
        return f"{yen(told.yen)} の異議申立がありました。"
    same = PaymentRequest.objects.filter(pk=request.pk, state=S.DISPUTED, dispute_ref=told.object_id[:120])
    if told.answer_by is None or not same.exclude(told_at__gt=told.created).update(answer_by=told.answer_by):
        raise NotForUs("異議申立は記録済みです。")
    return f"回答期限 {told.answer_by:%Y/%m/%d}"


def _dispute_closed(request: PaymentRequest, told: Notice) -> str:
    if request.state in TAKEN and request.dispute_ref != told.object_id[:120]:
        _begin_dispute(request, told)
    if request.state != S.DISPUTED or request.dispute_ref != told.object_id[:120]:
        raise NotForUs("この異議申立の結果は記録済みです。")
    requests.close_dispute(request, is_won=told.is_won is True, by=None)
    return "異議申立が認められませんでした（返金）。" if not told.is_won else "異議申立に勝ちました。"


def _card_given(door: str, told: Notice) -> str:
    if not cards.registered(door, told.object_id, told.payment_ref):
        raise NotForUs("Akinai で始めたカードの登録ではありません。")
    return "カードが登録されました。"


def _payout(door: str, told: Notice) -> str:
    for listen in PAYOUT_LISTENERS:
        listen(door, told)
    return f"入金の予定 {told.object_id} {yen(told.yen)}（{told.type.rsplit('.', 1)[-1]}）"


DO: dict[Heard, Callable[[PaymentRequest, Notice], str]] = {
    Heard.AUTHORISED: _authorised,
    Heard.PAID: _paid,
    Heard.WAITING: _waiting,
    Heard.ATTEMPT_FAILED: _attempt_failed,
    Heard.FAILED: _failed,
    Heard.PAGE_OVER: _page_over,
    Heard.RELEASED: _released,
    Heard.REFUNDED: _refunded,
    Heard.REFUND_MOVED: _refund_moved,
    Heard.DISPUTED: _disputed,
    Heard.DISPUTE_MOVED: _dispute_moved,
    Heard.DISPUTE_CLOSED: _dispute_closed,
}
