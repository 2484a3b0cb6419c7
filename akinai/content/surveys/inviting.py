"""依頼メール: buyers of a period are asked once each, so many days after their goods have left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from akinai.content import ports
from akinai.content.mail_texts import SURVEY
from akinai.content.models import Invitation, Survey, SurveyResponse
from akinai.content.surveys import people, queries
from akinai.core import clock, mail, mail_texts
from akinai.orders import queries as orders
from akinai.party import queries as party

LATEST = 60  # nobody is asked about a parcel older than this, however late the survey was opened
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found: how many were asked, and how many have no address or do not want to be asked."""

    asked: int = 0
    kept_quiet: int = 0


def invite_due() -> int:
    """Ask whoever is due, of every open survey; returns how many mails were queued. Safe to run at any time."""
    if not settings.PUBLIC_URL:
        return 0  # a mail without its link would ask for nothing
    due = queries.open_now().filter(invite_after_days__isnull=False, invite_from__isnull=False)
    return sum(invite(survey).asked for survey in due)


def invite(survey: Survey) -> Found:
    asked = quiet = 0
    for order in due_orders(survey):
        if _ask(survey, order):
            asked += 1
        else:
            quiet += 1
    return Found(asked, quiet)


def due_orders(survey: Survey) -> Iterable[Any]:
    """Orders of the period that left so many days ago and whose buyer was not asked yet, oldest first."""
    today = clock.today()
    newest = min(today - timedelta(days=survey.invite_after_days or 0), survey.invite_to or date.max)
    oldest = max(survey.invite_from or date.min, today - timedelta(days=LATEST))
    asked = Invitation.objects.filter(survey=survey)
    return (
        left_between(oldest, newest)
        .exclude(pk__in=asked.values("order_id"))
        .exclude(customer_id__in=asked.filter(order__customer__isnull=False).values("order__customer_id"))[
            :AT_ONCE
        ]
    )


def left_between(oldest: date, newest: date) -> QuerySet[Any]:
    """Orders whose goods left on these days, oldest first."""
    return (
        orders.shipped()
        .filter(shipped_at__gte=_midnight(oldest), shipped_at__lt=_midnight(newest + timedelta(days=1)))
        .order_by("shipped_at", "pk")
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@transaction.atomic
def _ask(survey: Survey, order: Any) -> bool:
    """True when a mail was queued. The row of the invitation decides: a person is asked once, whatever he bought."""
    who = people.of_order(order.pk)
    made = Invitation.objects.bulk_create(
        [Invitation(survey=survey, order=order, person_key=who.key, at=clock.now())], ignore_conflicts=True
    )
    is_first = made and Invitation.objects.filter(survey=survey, person_key=who.key, order=order).exists()
    if not is_first or not mail.is_address(order.buyer_email) or not ports.may_ask(order.buyer_email):
        return False
    done = SurveyResponse.objects.filter(survey=survey, person_key=who.key, state=SurveyResponse.State.DONE)
    if done.exists():
        return False
    subject, body = letter(survey, order)
    key = f"survey:{survey.pk}:{who.key}"
    mail.enqueue(to=order.buyer_email, subject=subject, body=body, key=key, reply_to=party.company().email)
    return True


def letter(survey: Survey, order: Any) -> tuple[str, str]:
    """(件名, 本文) of one invitation."""
    company = party.company()
    link = reverse("surveys:invited", args=[survey.slug, people.token_for(order.pk, f"survey:{survey.pk}")])
    values = {
        "お名前": f"{order.buyer_name} 様" if order.buyer_name else "お客様",
        "店舗名": company.shop_name or company.name,
        "アンケート": survey.title,
        "はじめの文": survey.intro.strip(),
        "リンク": f"{settings.PUBLIC_URL.rstrip('/')}{link}",
        "締切": timezone.localtime(survey.closes_at).strftime("%Y/%m/%d %H:%M") if survey.closes_at else "",
        "お礼": "お答えいただいた方に、お礼のクーポンをお渡しします。" if survey.coupon_campaign else "",
        "署名": party.signature(party.issuer_of(company)),
    }
    return mail_texts.compose(SURVEY.code, values)
