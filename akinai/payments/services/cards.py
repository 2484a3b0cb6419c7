"""定期便のカード: kept by the provider with the buyer's consent, replaced, taken off, and forgotten there too.

The provider is asked outside of any transaction; one conditional UPDATE says who asks, another one who writes the answer down.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import SubscriptionState
from akinai.payments.models import KeptCard, PaymentRequest, TurnCharge
from akinai.payments.provider_ports import PROVIDERS, CardTold, ProviderUnreachable
from akinai.payments.services.doors import door_for
from akinai.payments.states import CHARGES_GOING, CardState, ChargeState, RequestState

if TYPE_CHECKING:
    from akinai.orders.models import Subscription
    from akinai.staff.models import Staff

STUCK_AFTER = timedelta(minutes=5)
WAIT_MINUTES = (1, 5, 30, 120, 480)
GIVE_UP_ASKING = timedelta(days=3)  # a page that nobody finished
CONSENT = (
    "このカードを決済会社が保管し、定期便の 2 回目からの代金（そのつどお知らせする金額）を、毎回の受注の時に請求することに同意します。"
    "カードの変更・削除はマイページでいつでもできます。カード番号は当店には伝わりません。"
)


def live_card(subscription_id: int) -> KeptCard | None:
    """The card that the turns of this 定期便 are charged to."""
    return KeptCard.objects.filter(subscription=subscription_id, state=CardState.KEPT).first()


# Asked for ------------------------------------------------------------------------------------------------------------


def keeps_card(request: PaymentRequest) -> Subscription | None:
    """The 定期便 for whose later turns the card of this 決済 is kept."""
    if request.kind != PaymentKind.CARD or not request.door:
        return None
    return orders.card_subscription_of(request.order_id)


def consent_for(request: PaymentRequest) -> str:
    """What a buyer of this 決済 agrees to on the page, "" where no card is kept: only turns of a 定期便 by card keep one."""
    subscription = keeps_card(request)
    if subscription is None:
        return ""
    KeptCard.objects.get_or_create(
        request=request, defaults={"subscription": subscription, "door": request.door, "is_live": request.is_live}
    )  # fmt: skip
    return CONSENT


def begin_registering(subscription: Subscription) -> KeptCard:
    """カードの登録を始める: one row per page. Raises DomainError where nobody could be charged by it."""
    if subscription.payment != PaymentKind.CARD or subscription.state == SubscriptionState.ENDED:
        raise DomainError(
            "この定期便に、カードの登録はできません。",
            way_out="マイページの「定期購入」を開き直してください。",
        )
    door = door_for(PaymentKind.CARD.value)
    return KeptCard.objects.create(subscription=subscription, door=door.code, is_live=door.is_live)


def given_on_page(request: PaymentRequest) -> None:
    """与信が通った on a page that keeps the card: it is asked for after commit."""
    asked = KeptCard.objects.filter(request=request, state=CardState.ASKED)
    if asked.update(intent_ref=request.provider_ref, next_at=clock.now()):
        pk = asked.values_list("pk", flat=True).get()
        transaction.on_commit(lambda: learn(pk), robust=True)


def registered(door: str, page_ref: str, intent_ref: str) -> bool:
    """知らせ: a card was registered on this page. False where it is none of ours, or known already."""
    asked = KeptCard.objects.filter(door=door, state=CardState.ASKED, request=None).exclude(page_ref="")
    row = asked.filter(page_ref=page_ref[:120]).first()
    if row is None or not intent_ref:
        return False
    KeptCard.objects.filter(pk=row.pk).update(intent_ref=intent_ref[:120], next_at=clock.now())
    transaction.on_commit(lambda: learn(row.pk), robust=True)
    return True


# Learned --------------------------------------------------------------------------------------------------------------


def learn(pk: int) -> bool:
    """カードを聞く: whoever claims the row asks the provider which card it was. True when it is in use now."""
    now = clock.now()
    due = KeptCard.objects.filter(pk=pk, state=CardState.ASKED, next_at__lte=now).exclude(intent_ref="")
    if not due.update(next_at=now + STUCK_AFTER, tries=F("tries") + 1):
        return False
    card = KeptCard.objects.get(pk=pk)
    try:
        told = PROVIDERS[card.door].find_card(card.intent_ref)
    except (ProviderUnreachable, KeyError):
        told = None
    except DomainError as refusal:
        return _drop(card, refusal.code)
    if told is None:
        return _later(card, CardState.ASKED)
    return _keep(card, told)


@transaction.atomic
def _keep(card: KeptCard, told: CardTold) -> bool:
    """It is in use; the one before it leaves. All cards of the 定期便 are locked, so that two pages do not both win."""
    rows = KeptCard.objects.select_for_update(no_key=True).filter(subscription=card.subscription_id)
    locked = {one.pk: one for one in rows.order_by("pk")}
    if locked[card.pk].state != CardState.ASKED:
        return False
    before = next((one for one in locked.values() if one.state == CardState.KEPT), None)
    if before is not None:
        _leave(KeptCard.objects.filter(pk=before.pk), "新しいカードに変更")
    KeptCard.objects.filter(pk=card.pk).update(
        state=CardState.KEPT, kept_at=clock.now(), next_at=None, tries=0, customer_ref=told.customer_ref[:120],
        method_ref=told.method_ref[:120], brand=told.brand[:20], last4=told.last4 if told.last4.isdigit() else "",
        expires_year=told.expires_year, expires_month=told.expires_month,
    )  # fmt: skip
    card.refresh_from_db()
    activity.record(
        card.subscription, "keep_card", by=None, summary=f"{card}（有効期限 {card.expiry or '不明'}）"
    )
    if card.subscription.state == SubscriptionState.ENDED:
        _leave(KeptCard.objects.filter(pk=card.pk), "終了した定期便")
    else:
        _charge_again(card)
    return True


def _charge_again(card: KeptCard) -> None:
    """A turn that waits for its buyer is asked of the new card at once, unless it was paid with it on this very page."""
    if card.request_id:
        TurnCharge.objects.filter(request=card.request_id).update(card=card)
    waiting = TurnCharge.objects.filter(subscription=card.subscription_id, state=ChargeState.WAITING)
    waiting.exclude(request=card.request_id).update(next_at=clock.now())


def _later(card: KeptCard, still: CardState) -> bool:
    """No answer: once more after a while, unless it has left this state meanwhile. Always False."""
    minutes = WAIT_MINUTES[min(card.tries, len(WAIT_MINUTES)) - 1]
    rows = KeptCard.objects.filter(pk=card.pk, state=still)
    rows.update(next_at=clock.now() + timedelta(minutes=minutes))
    return False


def _drop(card: KeptCard, why: str) -> bool:
    KeptCard.objects.filter(pk=card.pk, state=CardState.ASKED).update(
        state=CardState.GONE,
        gone_at=clock.now(),
        gone_why=f"登録できませんでした（{why}）"[:60],
        next_at=None,
    )
    return False


# Taken off ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def remove_card(subscription: Subscription, *, why: str, by: Staff | None) -> bool:
    """カードを外す: no turn is charged to it any more. Out: was there one."""
    kept = KeptCard.objects.filter(subscription=subscription, state=CardState.KEPT)
    if not _leave(kept, why):
        return False
    activity.record(subscription, "remove_card", by=by, summary=why)
    return True


def take_off(rows: QuerySet[KeptCard]) -> None:
    """消去の請求: of these cards those in use leave, and the provider is told to forget them."""
    _leave(rows.filter(state=CardState.KEPT), "消去の請求")


def _leave(rows: QuerySet[KeptCard], why: str) -> int:
    """Not used from now on; the provider is told after commit."""
    ids = list(rows.values_list("pk", flat=True))
    left = KeptCard.objects.filter(pk__in=ids, state=CardState.KEPT).update(
        state=CardState.LEAVING, gone_why=why[:60], next_at=clock.now()
    )
    for pk in ids:
        transaction.on_commit(lambda pk=pk: forget(pk), robust=True)  # type: ignore[misc]
    return left


def forget(pk: int) -> bool:
    """決済会社からも削除する, unless money is still held on it. True when it is gone there."""
    now = clock.now()
    on_it = Q(turn_charge__card=OuterRef("pk")) | Q(kept_card=OuterRef("pk"))
    held = PaymentRequest.objects.filter(on_it, state=RequestState.AUTHORISED)
    due = KeptCard.objects.filter(~Exists(held), pk=pk, state=CardState.LEAVING, next_at__lte=now)
    if not due.update(next_at=now + STUCK_AFTER, tries=F("tries") + 1):
        return False
    card = KeptCard.objects.get(pk=pk)
    try:
        PROVIDERS[card.door].forget_card(card.customer_ref, card.method_ref, key=f"card/{card.pk}/forget")
    except (DomainError, KeyError):
        return _later(card, CardState.LEAVING)
    KeptCard.objects.filter(pk=pk, state=CardState.LEAVING).update(
        state=CardState.GONE, gone_at=clock.now(), customer_ref="", method_ref="", intent_ref="", next_at=None
    )
    return True


def tidy_cards() -> int:
    """カードの続き: answers that did not come, cards of what has ended, pages that nobody finished. Out: how many rows."""
    now = clock.now()
    over = Q(subscription__state=SubscriptionState.ENDED) | ~Q(subscription__payment=PaymentKind.CARD)
    open_charge = TurnCharge.objects.filter(subscription=OuterRef("subscription"), state__in=CHARGES_GOING)
    ended = KeptCard.objects.filter(~Exists(open_charge), over, state=CardState.KEPT)
    with transaction.atomic():
        done = _leave(ended, "定期便の終了")
    left = KeptCard.objects.filter(state=CardState.ASKED, asked_at__lt=now - GIVE_UP_ASKING)
    done += left.update(state=CardState.GONE, gone_at=now, gone_why="登録されませんでした", next_at=None)
    due = KeptCard.objects.filter(next_at__lte=now).order_by("next_at")
    for pk, state in list(due.values_list("pk", "state")[:200]):
        done += learn(pk) if state == CardState.ASKED else forget(pk)
    return done
