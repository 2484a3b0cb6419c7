"""期限前のお知らせ: who still has points that are over soon is told once per last day."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Min, Sum

from akinai.core import clock, mail, mail_texts
from akinai.marketing.mail_texts import EXPIRING
from akinai.marketing.models import PointBalance, PointLot
from akinai.marketing.services import points
from akinai.party import queries as party
from akinai.ui.formats import jdate

AT_ONCE = 2000


def notify() -> int:
    """お知らせ to everybody whose points are over within the days of the settings. Safe to repeat. Out: how many mails."""
    days = points.terms().notice_days
    if not days:
        return 0
    today = clock.today()
    lots = PointLot.objects.filter(left_points__gt=0, expires_on__range=(today, today + timedelta(days=days)))
    due = lots.values("customer_id").annotate(on=Min("expires_on")).order_by("customer_id")
    known = dict(
        PointBalance.objects.filter(pk__in=lots.values("customer_id")).values_list("pk", "noticed_for")
    )
    told = [(row["customer_id"], row["on"]) for row in due if known.get(row["customer_id"]) != row["on"]]
    return sum(_tell(customer_id, on) for customer_id, on in told[:AT_ONCE])


@transaction.atomic
def _tell(customer_id: int, on: date) -> int:
    """One mail; of two workers one takes the row."""
    rows = PointBalance.objects.filter(pk=customer_id).exclude(noticed_for=on)
    if not rows.update(noticed_for=on):
        return 0
    customer = party.customer_by_id(customer_id)
    if customer is None or not mail.is_address(customer.email):
        return 0
    lots = PointLot.objects.filter(customer_id=customer_id, left_points__gt=0, expires_on=on)
    count = lots.aggregate(n=Sum("left_points"))["n"] or 0
    issuer = party.issuer_of(party.company())
    values = {
        "お名前": f"{customer.name} 様", "店舗名": issuer["shop_name"] or issuer["name"], "ポイント": f"{count:,} ポイント",
        "期限": jdate(on), "残高": f"{points.balance(customer_id):,} ポイント", "署名": party.signature(issuer),
    }  # fmt: skip
    subject, body = mail_texts.compose(EXPIRING.code, values)
    mail.enqueue(
        to=customer.email,
        subject=subject,
        body=body,
        key=f"points:{customer.number}:{on}",
        reply_to=issuer["email"],
    )
    return 1
