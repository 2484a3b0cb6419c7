"""応対の時計: promises in business minutes, running only while it is our turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from akinai.core.business_minutes import Hours, Span, add, minutes_between
from akinai.support.models import ServiceRule, SupportHours, Ticket

USUAL = (240, 1440)  # without a rule: first reply in four hours of business, solved in three days of eight


@dataclass(frozen=True, slots=True)
class Promise:
    """応対の約束 of one ticket. Minutes count only while the shop is open."""

    first_reply_minutes: int
    resolution_minutes: int
    first_reply_due: datetime
    resolution_due: datetime


def settings() -> SupportHours:
    """応対の時間. The row stands from the first migration on."""
    return SupportHours.objects.get_or_create(pk=1)[0]


def hours(kept: SupportHours | None = None) -> Hours:
    """営業時間 as the clock reads them."""
    row = kept or settings()
    return Hours(
        [_spans(day) for day in row.weekly],
        {date.fromisoformat(day): _spans(spans) for day, spans in row.special.items()},
        row.closed_on_holidays,
    )


def _spans(told: Sequence[Sequence[str]]) -> list[Span]:
    return [(time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in told]


def promise(
    source: str, priority: int, category: str, at: datetime, *, clock: Hours | None = None
) -> Promise:
    """The first rule that fits: its minutes, and when they end."""
    here, found = timezone.localtime(at), clock or hours()
    first, last = USUAL
    for rule in ServiceRule.objects.filter(is_active=True):
        fits = (
            rule.source in ("", source)
            and rule.priority in (None, priority)
            and rule.category in ("", category)
        )
        if fits:
            first, last = rule.first_reply_minutes, rule.resolution_minutes
            break
    return Promise(first, last, add(here, first, found), add(here, last, found))


def stopped(ticket: Ticket, at: datetime) -> Mapping[str, Any]:
    """Columns of a ticket whose clock stops now; one that stands already stays as it is."""
    return {"paused_at": ticket.paused_at or at}


def running(ticket: Ticket, at: datetime) -> Mapping[str, Any]:
    """Columns of a ticket whose clock goes on: what was left of the resolution is left still. What was late stays late."""
    if ticket.paused_at is None or ticket.resolution_due is None:
        return {"paused_at": None}
    clock = hours()
    left = minutes_between(
        timezone.localtime(ticket.paused_at), timezone.localtime(ticket.resolution_due), clock
    )
    due = add(timezone.localtime(at), left, clock) if left else ticket.resolution_due
    return {"paused_at": None, "resolution_due": due}
