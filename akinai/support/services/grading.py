"""返信の点検: every week some replies of solved tickets are drawn, and a second person looks at them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.support.models import Message, ReplyGrade
from akinai.support.queries.reports import Period
from akinai.support.services.voice import settings
from akinai.support.states import ENDED, Direction

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SEED = "akinai-reply-sample"


@dataclass(frozen=True, slots=True)
class Sheet:
    """点検の用紙. `order_right` is None where no order was spoken of."""

    facts_right: bool
    order_right: bool | None
    tone: int
    speed: int
    words: str = ""


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def place(week: date, message_id: int) -> str:
    """Where a reply stands in the draw of a week: the same every time, and nobody can choose it."""
    return hashlib.sha256(f"{SEED}:{week:%Y-%m-%d}:{message_id}".encode()).hexdigest()


@transaction.atomic
def draw(today: date | None = None) -> list[ReplyGrade]:
    """先週の返信を選ぶ: replies that persons sent, of tickets solved last week, one a ticket. Out: the new ones; a second call adds none."""
    week = week_of(today or clock.today()) - timedelta(days=7)
    bounds = Period(week, week + timedelta(days=6)).bounds()
    if ReplyGrade.objects.filter(week=week).exists():
        return []
    rows = Message.objects.filter(
        direction=Direction.OUT, by__isnull=False, copy_of=None, erased_at=None, ticket__state__in=ENDED,
        ticket__solved_at__gte=bounds["begin"], ticket__solved_at__lt=bounds["end"],
    ).values_list("pk", "ticket_id", "by_id")  # fmt: skip
    chosen: dict[int, tuple[int, int]] = {}
    for pk, ticket_id, author_id in sorted(rows, key=lambda row: place(week, row[0])):
        chosen.setdefault(ticket_id, (pk, author_id))
    picked = list(chosen.values())[: settings().sample_size]
    ReplyGrade.objects.bulk_create(
        [ReplyGrade(message_id=pk, week=week, author_id=author, drawn_at=clock.now()) for pk, author in picked],
        ignore_conflicts=True,
    )  # fmt: skip
    return list(ReplyGrade.objects.filter(week=week))


def open_for(staff: Staff) -> list[ReplyGrade]:
    """What this person may look at: never his own replies, nor those of tickets he answered too."""
    rows = (
        ReplyGrade.objects.filter(graded_at=None)
        .select_related("message__ticket", "author")
        .order_by("week", "pk")
    )
    own = Message.objects.filter(
        Q(direction=Direction.OUT) | Q(direction=Direction.CALL), by=staff, ticket__in=rows.values("message__ticket")
    ).values("ticket")  # fmt: skip
    return list(rows.exclude(message__ticket__in=own)[:100])


@transaction.atomic
def grade(row: ReplyGrade, sheet: Sheet, *, by: Staff) -> None:
    """点検する, once. Raises DomainError for one's own reply and for one that was looked at already."""
    if row.author_id == by.pk:
        raise DomainError("自分の返信は点検できません。", way_out="ほかの人に点検してもらってください。")
    if row.message.ticket.messages.filter(direction=Direction.OUT, by=by).exists():
        raise DomainError(
            "自分も返信した問い合わせです。", way_out="関わっていない人に点検してもらってください。"
        )
    if sheet.tone not in range(1, 6) or sheet.speed not in range(1, 6):
        raise DomainError("点は 1～5 です。", way_out="5 段階で選んでください。")
    done = ReplyGrade.objects.filter(pk=row.pk, graded_at=None).update(
        grader=by, graded_at=clock.now(), facts_right=sheet.facts_right, order_right=sheet.order_right, tone=sheet.tone,
        speed=sheet.speed, words=sheet.words.strip()[:2000],
    )  # fmt: skip
    if not done:
        raise DomainError("もう点検されています。", way_out="次の返信を点検してください。")
