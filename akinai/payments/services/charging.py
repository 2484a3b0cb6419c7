"""定期便の請求: each turn's order is charged to the kept card once, tried again by the ladder, and given up in the end.

A turn is one row. Its try is claimed by one conditional UPDATE and becomes a call to the provider with a key of its own; what
was asked without an answer is asked again with the same key (`calls`), never with another one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.orders import queries as orders_known
from akinai.orders import services as orders
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import OrderState
from akinai.payments.models import CardRules, PaymentRequest, TurnCharge
from akinai.payments.models.requests import OPEN
from akinai.payments.rules.charging import NO_CARD
from akinai.payments.services import calls, card_mails, following, requests
from akinai.payments.services.cards import live_card
from akinai.payments.services.doors import door_for, in_use
from akinai.payments.services.turn_results import note_declined, rules
from akinai.payments.states import CHARGES_GOING, HELD, ChargeState, RequestState

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

WHILE_PAGE_CLOSES = timedelta(minutes=30)
GIVEN_UP = "カードのお支払いの確認ができなかったため"


def on_turn_made(*, order_id: int) -> None:
    """Event subscription.turn_made."""
    begin(order_id)


def charge_due(limit: int = 200) -> int:
    """請求の続き: turns that no event began, tries that are due, turns whose last day is over. Safe to run at any time."""
    open_one = PaymentRequest.objects.filter(order=OuterRef("pk"), state__in=OPEN)
    charged = TurnCharge.objects.filter(order=OuterRef("pk"))
    missed = orders_known.unpaid_card_turns().filter(~Exists(open_one), ~Exists(charged))
    done = sum(begin(pk) for pk in list(missed.order_by("pk").values_list("pk", flat=True)[:limit]))
    _settle_paid()
    due = _due().order_by("next_at", "pk").values_list("pk", flat=True)
    done += sum(attempt(pk) for pk in list(due[:limit]))
    over = _unpaid().order_by("pk").values_list("pk", flat=True)
    return done + sum(give_up(pk) for pk in list(over[:limit]))


def _due() -> QuerySet[TurnCharge]:
    """The card is to be asked now."""
    return TurnCharge.objects.filter(
        state__in=[ChargeState.DUE, ChargeState.WAITING], next_at__lte=clock.now()
    )


def _unpaid() -> QuerySet[TurnCharge]:
    """The buyer's last day is over."""
    return TurnCharge.objects.filter(state=ChargeState.WAITING, cancel_on__lt=clock.today())


def _settle_paid() -> None:
    """What was paid some other way, or taken back by hand, is not asked for any more."""
    going = TurnCharge.objects.filter(state__in=CHARGES_GOING)
    going.filter(order__payment_settled=True).update(state=ChargeState.HELD, next_at=None)
    going.filter(order__state=OrderState.CANCELLED).update(state=ChargeState.GIVEN_UP, next_at=None)


@transaction.atomic
def begin(order_id: int) -> bool:
    """この回の請求を始める: a 決済 of exactly what the order owes. False where there is none to begin."""
    order = orders_known.rows_for_matching([order_id]).get(order_id)
    subscription = orders_known.card_subscription_of(order_id)
    if subscription is None or order is None or not _owes(order) or not in_use():
        return False
    try:
        with transaction.atomic():
            request = _request(order)
            made = TurnCharge.objects.create(subscription=subscription, order_id=order_id, request=request)
    except DomainError:
        return False  # somebody has begun it, or a clerk has sent a link
    transaction.on_commit(lambda: attempt(made.pk), robust=True)
    return True


def _owes(order: Order) -> bool:
    return (
        order.payment == PaymentKind.CARD and not order.payment_settled and order.state != OrderState.CANCELLED
        and order.owed_yen > 0
    )  # fmt: skip


def _request(order: Order) -> PaymentRequest:
    door = door_for(PaymentKind.CARD.value)
    return requests.request_payment(
        order.pk, kind=PaymentKind.CARD.value, provider=door.title, amount_yen=order.owed_yen, door=door.code,
        is_live=door.is_live, by=None,
    )  # fmt: skip


def attempt(pk: int) -> bool:
    """1 回の請求: claimed by one UPDATE, asked of the card after commit. Out: was it asked."""
    with transaction.atomic():
        due = _due().filter(pk=pk)
        if not due.update(state=ChargeState.CHARGING, next_at=None, tries=F("tries") + 1):
            return False
        return _ask(TurnCharge.objects.select_related("order", "subscription").get(pk=pk))


def _ask(charge: TurnCharge) -> bool:
    """Ask the card, or say why not. The row is claimed, the request's row is locked."""
    request = _fresh_request(charge)
    if request is None:
        return False
    if request.page_until and request.page_until > clock.now():  # he is paying on the page at this moment
        calls.ask_close(request, by=None)
        _back(charge, WHILE_PAGE_CLOSES)
        return False
    card = live_card(charge.subscription_id)
    if card is None or card.door != request.door or card.is_live != request.is_live:
        note_declined(charge, NO_CARD)
        return False
    TurnCharge.objects.filter(pk=charge.pk).update(card=card)
    calls.ask_charge(request, by=None)
    return True


def _fresh_request(charge: TurnCharge) -> PaymentRequest | None:
    """The 決済, locked, over exactly what the order owes now; None where nothing is to be asked for any more."""
    request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=charge.request_id)
    order = orders_known.rows_for_matching([charge.order_id]).get(charge.order_id)
    if request.state in HELD or order is None or not _owes(order):
        cancelled = order is None or order.state == OrderState.CANCELLED
        over = ChargeState.GIVEN_UP if cancelled else ChargeState.HELD
        TurnCharge.objects.filter(pk=charge.pk).update(state=over, next_at=None)
        return None
    if request.state == RequestState.REQUESTED:
        if request.amount_yen == order.owed_yen:
            return request
        following.stop(request, note="受注の金額が変わりました", by=None)
    try:
        with transaction.atomic():
            request = _request(order)
    except DomainError:  # another 決済 is open: its own link decides
        _back(charge, timedelta(hours=1))
        return None
    if charge.cancel_on:
        PaymentRequest.objects.filter(pk=request.pk).update(expires_on=charge.cancel_on)
    TurnCharge.objects.filter(pk=charge.pk).update(request=request)
    return PaymentRequest.objects.select_for_update(no_key=True).get(pk=request.pk)


def _back(charge: TurnCharge, wait: timedelta) -> None:
    """Not asked after all: the try does not count."""
    TurnCharge.objects.filter(pk=charge.pk).update(
        state=_resting(charge), tries=F("tries") - 1, next_at=clock.now() + wait
    )


def _resting(charge: TurnCharge) -> ChargeState:
    """How it stands between two tries: a buyer who was written to is waited for."""
    return ChargeState.WAITING if charge.declined_on else ChargeState.DUE


@transaction.atomic
def give_up(pk: int) -> bool:
    """この回を見送る: the last day is over and nothing was paid, so the order is cancelled as any unpaid one is."""
    charge = TurnCharge.objects.select_related("order", "subscription").get(pk=pk)
    request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=charge.request_id)
    waits = _unpaid().filter(pk=pk)
    if calls.is_charging(request) or request.state in HELD or not waits.exists():
        return False
    if not orders.cancel_unpaid(charge.order_id, reason=GIVEN_UP, by=None, even_held=True):
        return False  # a person holds it, or money has come another way
    if request.state == RequestState.REQUESTED:
        calls.ask_close(request, by=None)
        requests.give_up(request, "expire", note="期限を過ぎました", by=None)
    waits.update(state=ChargeState.GIVEN_UP, next_at=None)
    activity.record(
        charge.subscription, "give_up_turn", by=None, summary=f"{charge.order.number} を見送りました"
    )
    card_mails.tell_given_up(charge)
    return True


@transaction.atomic
def try_again(charge: TurnCharge, *, by: Staff | None) -> None:
    """いま請求する, by a person who has talked with the buyer. Refused while the card is being asked, and when it is over."""
    request = PaymentRequest.objects.select_for_update(no_key=True).get(pk=charge.request_id)
    going = TurnCharge.objects.filter(pk=charge.pk, state__in=CHARGES_GOING)
    if calls.is_charging(request) or not going.update(state=_resting(charge), next_at=clock.now()):
        raise DomainError(
            "いまは請求できません。請求の結果を待っているか、もう終わっています。",
            way_out="「決済会社への依頼」を確かめてから、画面を開き直してください。",
        )
    activity.record(charge.subscription, "charge_again", by=by, summary=charge.order.number)
    transaction.on_commit(lambda: attempt(charge.pk), robust=True)


def tell_expiring() -> int:
    """有効期限のお知らせ, as many days ahead as the rules say."""
    return card_mails.tell_expiring(timedelta(days=rules().expiry_days))


@transaction.atomic
def save_rules(*, retry_days: list[int], cancel_days: int, expiry_days: int, by: Staff | None) -> CardRules:
    """決まりを変える. Turns that wait already keep their last day."""
    told = {"retry_days": retry_days, "cancel_days": cancel_days, "expiry_days": expiry_days}
    saved, _ = CardRules.objects.update_or_create(
        pk=1, defaults={**told, "changed_at": clock.now(), "by": by}
    )
    words = "・".join(str(day) for day in retry_days) or "なし"
    activity.record(
        saved,
        "change",
        by=by,
        summary=f"再請求 {words} 日後、見送り {cancel_days} 日、期限のお知らせ {expiry_days} 日前",
    )
    return saved
