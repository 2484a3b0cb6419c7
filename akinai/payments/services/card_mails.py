"""定期便のカードのメール: declined, given up, soon too old. Each is sent once for what it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.db.models.functions import ExtractMonth, ExtractYear
from django.urls import reverse

from akinai.core import activity, clock, mail, mail_texts
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.orders.states import SubscriptionState
from akinai.party import queries as party
from akinai.payments.card_texts import DECLINED, EXPIRING, GIVEN_UP
from akinai.payments.models import KeptCard, TurnCharge
from akinai.payments.rules.charging import NO_CARD
from akinai.payments.services.link_addresses import url_of
from akinai.payments.states import CardState
from akinai.ui.formats import jdate

if TYPE_CHECKING:
    from datetime import timedelta

    from akinai.orders.models import Subscription

KEY = "subscription_card:"
# What the buyer reads of a reason; a bank's own suspicion is none of our business to tell.
REASONS = {
    NO_CARD: "お支払いに使うカードが登録されていません。", "authentication_required": "カード会社の本人認証が必要です。",
    "expired_card": "カードの有効期限が過ぎています。", "insufficient_funds": "カードの残高またはご利用枠をお確かめください。",
}  # fmt: skip
USUAL = "カード会社の承認が得られませんでした。"


def tell_declined(charge: TurnCharge) -> None:
    """通らなかったお知らせ with the link to pay or to give another card; one for each try."""
    again = (
        f"{jdate(charge.next_at.date())} に、もう一度ご登録のカードに請求します。" if charge.next_at else ""
    )
    try:
        link = url_of(charge.request)
    except DomainError:
        link = my_page()
    values = _of_order(charge) | {
        "理由": REASONS.get(charge.code, USUAL), "リンク": link, "再請求": again,
        "期限": jdate(charge.cancel_on) if charge.cancel_on else "",
    }  # fmt: skip
    _send(DECLINED.code, charge.subscription, values, f"{charge.order.number}:declined:{charge.tries}")


def tell_given_up(charge: TurnCharge) -> None:
    """この回を見送ったお知らせ."""
    _send(GIVEN_UP.code, charge.subscription, _of_order(charge), f"{charge.order.number}:given_up")


def tell_expiring(within: timedelta) -> int:
    """有効期限のお知らせ: cards that will be too old when the next turn is charged. Once for a card. Out: how many."""
    rows = KeptCard.objects.filter(
        state=CardState.KEPT, told_expiry_at=None, subscription__state=SubscriptionState.ACTIVE,
        subscription__order_on__lte=clock.today() + within, expires_year__isnull=False,
    ).alias(
        good_until=F("expires_year") * 12 + F("expires_month"),
        asked_in=ExtractYear("subscription__order_on") * 12 + ExtractMonth("subscription__order_on"),
    )  # fmt: skip
    late = rows.filter(good_until__lt=F("asked_in")).select_related("subscription")
    return sum(_tell_expiring(card) for card in late.order_by("pk"))


def _tell_expiring(card: KeptCard) -> bool:
    untold = KeptCard.objects.filter(pk=card.pk, told_expiry_at=None)
    if not untold.update(told_expiry_at=clock.now()):
        return False
    one = card.subscription
    values = _common(one) | {
        "カード": str(card), "有効期限": card.expiry, "お届け日": jdate(one.next_on), "請求日": jdate(one.order_on),
    }  # fmt: skip
    return _send(EXPIRING.code, one, values, f"{one.number}:expiring:{card.pk}")


def my_page() -> str:
    """マイページの定期購入."""
    base = settings.PUBLIC_URL.rstrip("/") or settings.LOCAL_URL
    return f"{base}{reverse('shop:my_subscriptions')}"


def _common(one: Subscription) -> dict[str, str]:
    company = party.company()
    return {
        "お名前": f"{one.buyer_name} 様", "店舗名": company.shop_name or company.name, "定期購入番号": one.number,
        "マイページ": my_page(), "署名": party.signature(party.issuer_of(company)),
    }  # fmt: skip


def _of_order(charge: TurnCharge) -> dict[str, str]:
    return _common(charge.subscription) | {
        "注文番号": charge.order.channel_order_no, "金額": yen(charge.request.amount_yen),
        "カード": str(charge.card) if charge.card else "登録なし",
        "商品一覧": orders.goods_in_words(charge.order_id),
    }  # fmt: skip


def _send(code: str, one: Subscription, values: dict[str, str], key: str) -> bool:
    to = one.buyer.get("email", "")
    if not mail.is_address(to):
        activity.record(
            one,
            "card_mail_missing",
            by=None,
            summary="メールアドレスがないため、カードのお知らせを送れません",
        )
        return False
    subject, body = mail_texts.compose(code, values)
    mail.enqueue(to=to, subject=subject, body=body, key=f"{KEY}{key}", reply_to=party.company().email)
    return True
