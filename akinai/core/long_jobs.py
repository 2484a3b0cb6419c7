"""まとめて処理: an act on hundreds of rows that no request should wait for, done in pieces by a worker.

A piece and the note that it is done are committed together, so a worker that dies leaves nothing half-done and the
next one goes on where it stopped. The acts themselves must be safe to repeat all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import clock, transitions
from akinai.core.errors import DomainError, spoken_by_database

if TYPE_CHECKING:
    from akinai.core.models import LongJob
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.long_jobs")
SHOWN_REFUSALS = 1000
UNEXPECTED = "想定していない問題が起きました。もう一度試し、続くときはシステム担当者に伝えてください。"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one piece: counts by word (発行 → 12), and (number, reason) of what could not be done."""

    counts: Mapping[str, int] = field(default_factory=dict)
    refused: Sequence[tuple[str, str]] = ()


type Work = Callable[[Sequence[int], Mapping[str, Any], Staff | None], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """One act: `work(ids, options, by)` does a piece of `piece` rows. `permission`: who may look at the job.

    `finish(job)` joins what the pieces kept under `job_files.folder(job)` into one file and returns its name. In `options`
    a piece finds the job's number as "job" and how many rows are behind it as "at". `notes_download`: who takes the file is
    written into the history of the job.
    """

    code: str
    title: str
    work: Work
    permission: str
    piece: int = 20
    finish: Callable[[LongJob], str] | None = None
    notes_download: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Bring an act into use (called from a room's AppConfig.ready)."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    return _kinds.get(code)


@transaction.atomic
def start(
    code: str,
    ids: Sequence[int],
    *,
    by: Staff | None,
    options: Mapping[str, Any] | None = None,
    back: str = "",
) -> LongJob:
    """Note what is to be done and put the job into the queue. `options` are JSON values; `back` leads home."""
    from akinai.core.models import LongJob
    from akinai.core.tasks import run_long_job

    kind = _kinds[code]
    job = LongJob.objects.create(
        kind=code, title=kind.title, ids=list(ids), options=dict(options or {}), total=len(ids), back=back,
        created_by=by,
    )  # fmt: skip
    run_long_job.configure(queueing_lock=f"long-job-{job.pk}").defer(pk=job.pk)
    return job


def waiting(code: str) -> LongJob | None:
    """A job of this kind that no worker has begun, so that asking once more changes nothing."""
    from akinai.core.models import LongJob

    return LongJob.objects.filter(kind=code, state=LongJob.State.WAITING).order_by("pk").first()


def stop(job: LongJob, *, by: Staff | None) -> None:
    """中止: what is done stays done. Raises ImpossibleMove when it is over."""
    transitions.apply(job, "stop", by=by, set_fields={"finished_at": clock.now()})


def run(pk: int) -> None:
    """Do the job from where it stands to its end. A second runner finds the row taken and leaves."""
    while _piece(pk):
        pass


def _piece(pk: int) -> bool:
    """One piece. False when there is nothing (more) to do here."""
    from akinai.core.models import LongJob

    with transaction.atomic():
        open_states = [LongJob.State.WAITING, LongJob.State.RUNNING]
        job = (
            LongJob.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("created_by")
            .filter(pk=pk, state__in=open_states)
            .first()
        )
        if job is None:
            return False
        kind = _kinds[job.kind]
        ids = job.ids[job.done : job.done + kind.piece]
        if ids:
            _note(
                job,
                len(ids),
                _done(kind, ids, {**job.options, "job": job.pk, "at": job.done}, job.created_by),
            )
        is_over = job.done >= job.total
        if is_over and kind.finish is not None:
            _finish(job, kind.finish)
        job.state = LongJob.State.FINISHED if is_over else LongJob.State.RUNNING
        job.finished_at = clock.now() if is_over else None
        job.save(
            update_fields=[
                "state",
                "done",
                "counts",
                "refused",
                "finished_at",
                *(["options"] if is_over else []),
            ]
        )
    return not is_over


def _finish(job: LongJob, finish: Callable[[LongJob], str]) -> None:
    """The file of the job; a reason beside what could not be done where there is none."""
    try:
        job.options = {**job.options, "file": finish(job)}
    except DomainError as refusal:
        job.refused = [["", f"{refusal.message}{refusal.way_out}"], *job.refused][:SHOWN_REFUSALS]
    except Exception:
        log.exception("long job %s: its file could not be made", job.kind)
        job.refused = [["", UNEXPECTED], *job.refused][:SHOWN_REFUSALS]


def _note(job: LongJob, rows: int, outcome: Outcome) -> None:
    job.done += rows
    for word, count in outcome.counts.items():
        job.counts[word] = job.counts.get(word, 0) + count
    job.counts["できなかったもの"] = job.counts.get("できなかったもの", 0) + len(outcome.refused)
    job.refused = [*job.refused, *([number, reason] for number, reason in outcome.refused)][:SHOWN_REFUSALS]


def _done(kind: Kind, ids: Sequence[int], options: Mapping[str, Any], by: Staff | None) -> Outcome:
    """The piece, or row by row when something in it stands in the way of the others."""
    try:
        with transaction.atomic():
            return kind.work(ids, options, by)
    except Exception as error:
        if len(ids) == 1:
            return Outcome(refused=[(str(ids[0]), _reason(error, kind))])
    outcomes = [_done(kind, [pk], options, by) for pk in ids]
    counts: dict[str, int] = {}
    for outcome in outcomes:
        for word, count in outcome.counts.items():
            counts[word] = counts.get(word, 0) + count
    return Outcome(counts, [refusal for outcome in outcomes for refusal in outcome.refused])


def _reason(error: Exception, kind: Kind) -> str:
    error = spoken_by_database(error) or error
    if isinstance(error, DomainError):
        return f"{error.message}{error.way_out}"
    log.exception("long job %s: a row failed", kind.code)
    return UNEXPECTED
