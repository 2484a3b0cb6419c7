"""Activity history (操作履歴): who did what to which paper, when. Append-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from akinai.core import bulk, clock

if TYPE_CHECKING:
    from akinai.core.models import Activity
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Subject:
    """A row by its table, key and number, where thousands were written and no model instance was made for them."""

    model: type[models.Model]
    pk: int
    number: str = ""

    @property
    def _meta(self) -> Any:
        return self.model._meta


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was done to `subject`, to be recorded together with others."""

    subject: models.Model | Subject
    verb: str
    summary: str = ""
    from_state: str = ""
    to_state: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def _row(fact: Fact, by: Staff | None, at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "subject_type": fact.subject._meta.label_lower,
        "subject_id": fact.subject.pk,
        "subject_number": str(getattr(fact.subject, "number", "") or ""),
        "verb": fact.verb,
        "summary": fact.summary,
        "from_state": str(fact.from_state),
        "to_state": str(fact.to_state),
        "data": dict(fact.data),
        "actor_id": by.pk if by else None,
        "actor_name": str(by) if by else "システム",
        "erased_at": None,
    }


def record(
    subject: models.Model,
    verb: str,
    *,
    by: Staff | None,
    summary: str = "",
    from_state: str = "",
    to_state: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write one history row. `summary` is Japanese and holds no personal data beyond what the paper shows."""
    record_many([Fact(subject, verb, summary, from_state, to_state, data or {})], by=by)


def record_many(facts: Sequence[Fact], *, by: Staff | None) -> None:
    """Write many history rows in one statement."""
    from akinai.core.models import Activity

    now = clock.now()
    bulk.insert(Activity, [_row(fact, by, now) for fact in facts])


def of(subject: models.Model) -> models.QuerySet[Activity]:
    """History of one object, newest first."""
    from akinai.core.models import Activity

    return Activity.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by(
        "-at", "-id"
    )
