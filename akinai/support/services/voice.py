"""問い合わせの履歴と所要時間: rows of other systems' tickets, and what our own took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from akinai.core.business_minutes import Hours, minutes_between
from akinai.support.models import ImportedTicket, Ticket, TicketMeasure, VoiceSettings
from akinai.support.services import clocks
from akinai.support.states import CLOSED_TO_ALL

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile

type Row = dict[str, Any]
COLUMNS = (
    "number", "opened_at", "solved_at", "channel", "category", "priority", "agent", "team", "state", "first_reply_minutes",
    "resolution_hours", "first_reply_kept", "resolution_kept", "score", "more",
)  # fmt: skip
TITLES = {field.name: str(field.verbose_name) for field in ImportedTicket._meta.concrete_fields}
AT_ONCE = 2000


def settings() -> VoiceSettings:
    """お客様の声の設定."""
    return VoiceSettings.objects.get_or_create(pk=1)[0]


def compare_imported(told: Sequence[Row]) -> tuple[list[Row], list[tuple[Row, Row]], list[Row]]:
    """(new, (as it is, as told) of those that differ, the same). One query in 2,000 rows; writes nothing."""
    known: dict[str, Row] = {}
    numbers = [row["number"] for row in told]
    for begin in range(0, len(numbers), AT_ONCE):
        part = numbers[begin : begin + AT_ONCE]
        known |= {
            row["number"]: row for row in ImportedTicket.objects.filter(number__in=part).values(*COLUMNS)
        }
    fresh = [row for row in told if row["number"] not in known]
    changed = [
        (known[row["number"]], row) for row in told if row["number"] in known and known[row["number"]] != row
    ]
    same = [row for row in told if known.get(row["number"]) == row]
    return fresh, changed, same


def differences(changed: Iterable[tuple[Row, Row]]) -> list[tuple[str, str, Any, Any]]:
    """(number, field, before, after) of what differs."""
    return [
        (after["number"], name, before[name], after[name])
        for before, after in changed
        for name in COLUMNS
        if name != "more" and before[name] != after[name]
    ]


@transaction.atomic
def keep_imported(
    fresh: Sequence[Row], changed: Sequence[tuple[Row, Row]], *, intake_file: IntakeFile | None
) -> None:
    """履歴を登録する: new rows, and known ones as the file tells them now. A row stays that of the intake that brought it."""
    ImportedTicket.objects.bulk_create(
        [ImportedTicket(**row, intake_file=intake_file) for row in fresh], batch_size=AT_ONCE
    )
    ImportedTicket.objects.bulk_create(
        [ImportedTicket(**after, intake_file=intake_file) for _, after in changed],
        batch_size=AT_ONCE, update_conflicts=True, unique_fields=["number"], update_fields=[name for name in COLUMNS if name != "number"],
    )  # fmt: skip


def count_imported(intake_file: IntakeFile) -> int:
    return ImportedTicket.objects.filter(intake_file=intake_file).count()


def remove_imported(intake_file: IntakeFile) -> int:
    """取込の取消: the rows that this intake brought. Out: how many."""
    return ImportedTicket.objects.filter(intake_file=intake_file).delete()[0]


def measure_due(*, most: int = 5000) -> int:
    """所要時間を測る: tickets that were answered or solved since they were last measured. Out: how many."""
    moved = (
        Ticket.objects.exclude(state__in=CLOSED_TO_ALL)
        .filter(Q(first_replied_at__isnull=False) | Q(solved_at__isnull=False) | Q(measure__isnull=False))
        .exclude(
            (Q(first_replied_at=F("measure__first_replied_at")) | Q(first_replied_at=None, measure__first_replied_at=None))
            & (Q(solved_at=F("measure__solved_at")) | Q(solved_at=None, measure__solved_at=None))
            & Q(measure__isnull=False)
        )
        .select_related("measure")
        .order_by("pk")[:most]
    )  # fmt: skip
    hours = clocks.hours()
    rows = [_measured(ticket, hours) for ticket in moved]
    TicketMeasure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["ticket"],
        update_fields=["first_replied_at", "first_reply_minutes", "solved_at", "resolution_minutes"],
    )  # fmt: skip
    return len(rows)


def _measured(ticket: Ticket, hours: Hours) -> TicketMeasure:
    return TicketMeasure(
        ticket=ticket, first_replied_at=ticket.first_replied_at, solved_at=ticket.solved_at,
        first_reply_minutes=_between(ticket.opened_at, ticket.first_replied_at, hours),
        resolution_minutes=resolution_minutes(ticket, hours),
    )  # fmt: skip


def _between(begin: datetime, end: datetime | None, hours: Hours) -> int | None:
    if end is None:
        return None
    return minutes_between(timezone.localtime(begin), timezone.localtime(end), hours)


def resolution_minutes(ticket: Ticket, hours: Hours) -> int | None:
    """Business minutes in which it was our turn: what was promised, less what was left, or more what was late."""
    if ticket.solved_at is None:
        return None
    stood = ticket.paused_at or ticket.solved_at
    if ticket.resolution_due is None or ticket.resolution_minutes is None:
        return _between(ticket.opened_at, stood, hours)
    left = _between(stood, ticket.resolution_due, hours) or 0
    late = _between(ticket.resolution_due, stood, hours) or 0
    return max(ticket.resolution_minutes - left + late, 0)


def minutes_in_words(minutes: float | None) -> str:
    """95 → 1時間35分."""
    if minutes is None:
        return "–"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:,}時間{rest:02}分" if hours else f"{rest}分"


def shares(row: Mapping[str, Any]) -> float | None:
    """約束を守った割合, None where nothing was promised."""
    total = (row["kept"] or 0) + (row["broken"] or 0)
    return row["kept"] / total if total else None
