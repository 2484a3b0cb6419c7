"""レビューのお願い: one mail per order, so many days after the goods have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from akinai.content import ports
from akinai.content.mail_texts import REVIEW
from akinai.content.models import Invitation
from akinai.content.reviews import queries
from akinai.content.surveys import people
from akinai.content.surveys.inviting import AT_ONCE, left_between
from akinai.core import clock, mail, mail_texts
from akinai.party import queries as party

WINDOW = timedelta(
    days=6
)  # switched on, it writes to the last week's buyers, not to everybody there ever was
REVIEWS = "reviews"
REWARD = "ご投稿いただいた方に、お礼のクーポンをお渡しします（評価の内容は問いません）。"


def ask_due() -> int:
    """Ask for reviews of what left so many days ago; returns how many mails were queued. Safe to run at any time."""
    rules = queries.settings()
    if not rules.asks or not settings.PUBLIC_URL:
        return 0
    newest = clock.today() - timedelta(days=rules.ask_after_days)
    asked = Invitation.objects.filter(survey=None)
    due = left_between(newest - WINDOW, newest).exclude(pk__in=asked.values("order_id"))[:AT_ONCE]
    return sum(_ask(order, is_rewarded=bool(rules.coupon_campaign)) for order in due)


@transaction.atomic
def _ask(order: Any, *, is_rewarded: bool) -> bool:
    """True when a mail was queued. The row of the invitation is written either way: nobody is looked at twice."""
    who = people.of_order(order.pk)
    asked = Invitation(order=order, person_key=who.key, at=clock.now())
    Invitation.objects.bulk_create([asked], ignore_conflicts=True)
    buys = [one for one in queries.bought(people.Who(who.key, None, order.pk)) if one.review is None]
    if not buys or not mail.is_address(order.buyer_email) or not ports.may_ask(order.buyer_email):
        return False
    subject, body = letter(order, [one.product.name for one in buys], is_rewarded=is_rewarded)
    key = f"review:{order.number}"
    mail.enqueue(to=order.buyer_email, subject=subject, body=body, key=key, reply_to=party.company().email)
    return True


def letter(order: Any, names: list[str], *, is_rewarded: bool) -> tuple[str, str]:
    """(件名, 本文)."""
    company = party.company()
    link = reverse("reviews:by_link", args=[people.token_for(order.pk, REVIEWS)])
    values = {
        "お名前": f"{order.buyer_name} 様" if order.buyer_name else "お客様", "店舗名": company.shop_name or company.name,
        "注文番号": order.channel_order_no, "リンク": f"{settings.PUBLIC_URL.rstrip('/')}{link}",
        "商品一覧": "\n".join(f"・{name}" for name in names), "お礼": REWARD if is_rewarded else "",
        "署名": party.signature(party.issuer_of(company)),
    }  # fmt: skip
    return mail_texts.compose(REVIEW.code, values)
