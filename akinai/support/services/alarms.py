"""急増を知らせる: every day each SKU, lot, carrier and page is held against its usual rate; a spike is told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from akinai.core import clock, mail
from akinai.core.errors import DomainError
from akinai.support.models import Spike, Ticket
from akinai.support.queries.reasons import LINKS, SUBJECTS, title_of
from akinai.support.queries.reports import Period
from akinai.support.rules import spikes

if TYPE_CHECKING:
    from akinai.staff.models import Staff

COUNTS = """
WITH {links}, subjects AS ({subjects})
SELECT subject, max(title), count(DISTINCT ticket_id) FILTER (WHERE opened_at >= %(recent)s),
    count(DISTINCT ticket_id) FILTER (WHERE opened_at < %(recent)s),
    array_agg(DISTINCT ticket_id) FILTER (WHERE opened_at >= %(recent)s)
FROM links JOIN subjects USING (order_id) GROUP BY subject
"""
SOLD = """
WITH bought AS (SELECT id AS order_id, ordered_at FROM orders_order WHERE ordered_at >= %(begin)s AND ordered_at < %(end)s),
    subjects AS ({subjects})
SELECT subject, count(*) FILTER (WHERE ordered_at >= %(recent)s), count(*) FILTER (WHERE ordered_at < %(recent)s)
FROM bought JOIN subjects USING (order_id) WHERE subject = ANY(%(wanted)s) GROUP BY subject
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing with the tickets of the last days."""

    subject: str
    title: str
    tickets: Sequence[int]
    verdict: spikes.Verdict


@transaction.atomic
def watch(today: date | None = None) -> list[Spike]:
    """急増を探す, up to yesterday's end and this moment. Out: the new ones. Safe to run again: an open spike is brought up to date."""
    on = today or clock.today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('support.spikes'))")
    known = _known_days(on)
    if known < spikes.KNOWN_DAYS:
        return []
    found = [spike for kind in Spike.Kind.values for spike in _of_kind(kind, on, known)]
    if found:
        _tell(found)
    return found


def _known_days(on: date) -> int:
    """For how many days before the last ones there are tickets at all."""
    first = Ticket.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    return (on - timezone.localdate(first)).days - spikes.DAYS + 1 if first else 0


def _of_kind(kind: str, on: date, known: int) -> list[Spike]:
    whole = Period(on - timedelta(days=spikes.DAYS + spikes.USUAL_DAYS - 1), on)
    recent = Period(on - timedelta(days=spikes.DAYS - 1), on)
    told = whole.bounds() | {"recent": recent.bounds()["begin"]}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(links=LINKS, subjects=SUBJECTS[kind].format(orders="links")), told)
        rows = cursor.fetchall()
        near = [row[0] for row in rows if row[2] >= spikes.LEAST]
        cursor.execute(SOLD.format(subjects=SUBJECTS[kind].format(orders="bought")), told | {"wanted": near})
        sold = {subject: (now, before) for subject, now, before in cursor.fetchall()}
    looked_at = len(rows) * len(Spike.Kind.values)
    seen = [
        Seen(
            subject[:200], title_of(kind, title)[:300], ids or [],
            spikes.judge(count, before, subjects=looked_at, share=spikes.share_of(*sold.get(subject, (0, 0)), known=known)),
        )
        for subject, title, count, before, ids in rows
        if subject in near
    ]  # fmt: skip
    return _keep(kind, on, {one.subject: one for one in seen if one.verdict.is_spike})


def _keep(kind: str, on: date, now: Mapping[str, Seen]) -> list[Spike]:
    opened = {one.subject: one for one in Spike.objects.filter(kind=kind, ended_on=None).select_for_update()}
    for subject, spike in opened.items():
        if subject in now:
            Spike.objects.filter(pk=spike.pk).update(count=now[subject].verdict.count)
            spike.tickets.add(*now[subject].tickets)
        else:
            Spike.objects.filter(pk=spike.pk).update(ended_on=max(on, spike.began_on))
    return [_open(kind, on, one) for subject, one in now.items() if subject not in opened]


def _open(kind: str, on: date, seen: Seen) -> Spike:
    verdict = seen.verdict
    categories = Ticket.objects.filter(pk__in=seen.tickets).values_list("category", flat=True)
    spike = Spike.objects.create(
        kind=kind, subject=seen.subject, title=seen.title, began_on=on, days=spikes.DAYS, count=verdict.count,
        usual=verdict.usual, limit=verdict.limit, reasons=dict(Counter(categories)),
    )  # fmt: skip
    spike.tickets.set(seen.tickets)
    return spike


def _tell(found: list[Spike]) -> None:
    """One mail to everybody who watches over the shop (店長)."""
    lines = [
        f"・{one.get_kind_display()} {one.title}: {one.days} 日で {one.count} 件（ふだん {one.usual:.1f} 件）" for one in found
    ]  # fmt: skip
    body = (
        "ふだんより多い問い合わせがあります。\n\n"
        + "\n".join(lines)
        + "\n\n管理画面の「サポート」→「応対の集計」→「急増」で、もとの問い合わせを確かめてください。"
        + f"\nふだんどおりなのに知らせるのは、全体で 100 日に {spikes.FALSE_ALARMS * 100:.0f} 回以下になるようにしています。"
    )
    managers = get_user_model().objects.filter(groups__name="店長", is_active=True).exclude(email="")
    for one in managers.order_by("pk"):
        mail.enqueue(
            to=one.email,
            subject=f"問い合わせの急増 {len(found)} 件",
            body=body,
            key=f"spike:{found[0].pk}:{one.pk}",
        )


@transaction.atomic
def see(spike: Spike, note: str, *, by: Staff) -> None:
    """急増を確かめた: it no longer stands on the first screen. Raises DomainError for an empty note."""
    if not note.strip():
        raise DomainError("どうしたかが空欄です。", way_out="原因か、したことを書いてください。")
    Spike.objects.filter(pk=spike.pk, seen_at=None).update(
        seen_at=clock.now(), seen_by=by, seen_note=note.strip()[:200]
    )
