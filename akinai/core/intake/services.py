"""Verbs of the intake (取込の操作): preview, read_again, apply, queue, undo."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction

from akinai.core import clock, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.intake import store
from akinai.core.intake.deciding import NeedsMapping, apply_all, names_of, plan_of
from akinai.core.intake.kind import Kind, Plan, Upload, kind_of
from akinai.core.intake.record import SHOWN_ERRORS, counts_of, error_json, result_json, seen
from akinai.core.tables import FileRefused, RowError, shorten

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.intake")
BACKGROUND_ROWS = 2_000  # above this the office applies in a job, because a request should not wait so long


def preview(
    kind: Kind,
    uploads: Sequence[Upload],
    *,
    format: str | None = None,
    options: Mapping[str, Any] | None = None,
    by: Staff | None,
) -> tuple[IntakeFile, Plan]:
    """Dry run: keep the originals, plan, and record what was seen. Nothing else is written, whatever the kind does.

    A file that cannot be taken in gives a refused plan and an IntakeFile in state refused; nothing is raised for it.
    """
    row, plan = look(kind, uploads, format=format, options=options)
    row.files = [store.keep(file) for file in plan.files]
    row.created_by = by
    row.save(force_insert=True)
    return row, plan


def look(
    kind: Kind,
    uploads: Sequence[Upload],
    *,
    format: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> tuple[IntakeFile, Plan]:
    """What a preview would show, and not a trace of it kept: the record is not saved, the originals are not stored."""
    from akinai.core.intake.models import IntakeFile

    files = [Upload(name, upload.data) for name, upload in zip(_names(uploads), uploads, strict=True)]
    wanted = {**(options or {}), **({"format": format} if format else {})}
    plan, used = _look(kind, files, wanted)
    row = IntakeFile(
        kind=kind.code,
        filename=names_of(files)[:500],
        sha256=_digest(files),
        size=sum(len(file.data) for file in files),
        options=wanted,
        state=IntakeFile.State.REFUSED if plan.refused else IntakeFile.State.PREVIEWED,
        **seen(plan, used, files),
    )
    return row, plan


def _names(uploads: Sequence[Upload]) -> list[str]:
    """Names fit to be shown. Two files of one name are told apart by a number."""
    names: list[str] = []
    for upload in uploads:
        name = store.clean_name(upload.filename)
        again = sum(1 for other in uploads[: len(names)] if store.clean_name(other.filename) == name)
        names.append(f"{name}（{again + 1}）" if again else name)
    return names


def read_again(intake_file: IntakeFile, *, options: Mapping[str, Any], by: Staff | None) -> Plan:
    """Plan once more from the stored originals with other options (形式, 列の対応, tick boxes)."""
    kind = _kind(intake_file)
    wanted = {name: value for name, value in options.items() if value not in ("", None)}
    files, plan, used = _plan_stored(kind, intake_file, wanted, planner=_look)
    verb = "read_again" if not plan.refused else "refuse"
    if not (plan.refused and intake_file.state == intake_file.State.REFUSED):
        transitions.apply(intake_file, verb, by=by)
    _write(intake_file, options=wanted, **seen(plan, used, files))
    return plan


def apply(
    intake_file: IntakeFile, *, by: Staff | None, report: bool = False, files: Sequence[Upload] = ()
) -> Plan:
    """Take it in: plan again from the originals and write everything in one transaction, or nothing.

    Applies of one kind wait for each other (advisory lock), so two clerks with the same file cannot both find its
    orders new. `report` tells the progress to other connections. A refused plan leaves only the record of it.
    `files` are the originals where the caller has them at hand, read already (`plan.files` of the preview).
    Raises ImpossibleMove when it was applied already, ChangedMeanwhile when other work came in between.
    """
    kind = _kind(intake_file)
    try:
        with transaction.atomic():
            return _apply_locked(kind, intake_file, by=by, report=report, at_hand=files)
    except FileRefused as refusal:
        plan = Plan.refusal(refusal.errors)
    except DomainError:
        raise
    except (IntegrityError, OperationalError) as error:
        log.warning("intake %s met other work: %s", intake_file.pk, type(error).__name__)
        raise ChangedMeanwhile(
            "取り込みの途中で、ほかの操作と重なりました。何も登録されていません。",
            way_out="もう一度取り込んでください。",
        ) from error
    except Exception as error:
        log.exception("intake %s: apply failed", intake_file.pk)
        raise DomainError(_UNEXPECTED, code="unexpected") from error
    _refuse(intake_file, plan, by=by)
    return plan


def queue(intake_file: IntakeFile, *, by: Staff | None) -> None:
    """Take it in by a background job; the page asks for the progress. The job may be started twice."""
    from akinai.core.intake.tasks import defer_apply

    with transaction.atomic():
        transitions.apply(
            intake_file,
            "queue",
            by=by,
            set_fields={"progress_done": 0, "progress_total": intake_file.rows, "applied_by": by},
        )
        defer_apply(intake_file.pk)


def give_back(intake_file: IntakeFile, *, reason: str, by: Staff | None) -> None:
    """From the queue back to the preview, with the reason, so that a person can look and try again."""
    intake_file.refresh_from_db()
    if transitions.can(intake_file, "give_back"):
        error = error_json(RowError(intake_file.filename, 0, "", "", reason))
        fields = {"errors": [error, *intake_file.errors], "error_count": intake_file.error_count + 1}
        transitions.apply(intake_file, "give_back", by=by, note=reason, set_fields=fields)


def undo(intake_file: IntakeFile, *, by: Staff | None) -> str:
    """取込の取消: the kind reverses what it wrote, in one transaction. Raises DomainError where it may not."""
    kind = _kind(intake_file)
    if not kind.can_undo:
        raise DomainError(
            f"{kind.title}の取り込みは取り消せません。", way_out="登録された内容を個別に直してください。"
        )
    with transaction.atomic():
        _lock(kind)
        transitions.apply(intake_file, "undo", by=by, set_fields={"undone_at": clock.now(), "undone_by": by})
        return kind.undo(intake_file, by)


def _apply_locked(
    kind: Kind, intake_file: IntakeFile, *, by: Staff | None, report: bool, at_hand: Sequence[Upload]
) -> Plan:
    _lock(kind)
    intake_file.refresh_from_db()
    if not transitions.can(intake_file, "apply"):
        transitions.apply(intake_file, "apply", by=by)  # raises, with the present state in the message
    files, plan, used = _plan_stored(
        kind, intake_file, intake_file.options, planner=_decide_and_plan, at_hand=at_hand
    )
    if plan.refused:
        _refuse(intake_file, plan, by=by)
        return plan
    plan.record = intake_file
    with _progress(intake_file.pk, report) as plan.progress:
        result = apply_all(kind, plan, by)
    kept = seen(plan, used, files) | counts_of(plan, result) | {"result": result_json(result)}
    transitions.apply(
        intake_file,
        "apply",
        by=by,
        note=result.message or f"{plan.rows:,}行を取り込みました。",
        set_fields=kept | {"applied_at": clock.now(), "applied_by": by},
    )
    return plan


def _kind(intake_file: IntakeFile) -> Kind:
    kind = kind_of(intake_file.kind)
    if kind is None:
        raise DomainError(f"取込の種類「{intake_file.kind}」は使われていません。")
    return kind


def _lock(kind: Kind) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"akinai.intake:{kind.code}"])


Planner = Callable[[Kind, Sequence[Upload], Mapping[str, Any]], tuple[Plan, dict[str, Any]]]


def _plan_stored(
    kind: Kind,
    intake_file: IntakeFile,
    options: Mapping[str, Any],
    *,
    planner: Planner,
    at_hand: Sequence[Upload] = (),
) -> tuple[list[Upload], Plan, dict[str, Any]]:
    read = {(file.filename, file.sha256): file for file in at_hand}
    try:
        files = [
            read.get((entry["filename"], entry["sha256"])) or store.load(entry) for entry in intake_file.files
        ]
    except FileRefused as refusal:
        return [], Plan.refusal(refusal.errors), dict(options)
    plan, used = planner(kind, files, options)
    return files, plan, used


def _look(kind: Kind, files: Sequence[Upload], options: Mapping[str, Any]) -> tuple[Plan, dict[str, Any]]:
    """Plan inside a read-only savepoint that is rolled back: a preview cannot write, even by mistake."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            try:
                return _decide_and_plan(kind, files, options)
            finally:
                transaction.set_rollback(True)
    except DatabaseError:
        log.exception("intake %s: plan failed in the database", kind.code)
        return Plan.refusal([RowError(names_of(files), 0, "", "", _UNEXPECTED)]), dict(options)


def _decide_and_plan(
    kind: Kind, files: Sequence[Upload], options: Mapping[str, Any]
) -> tuple[Plan, dict[str, Any]]:
    """The plan, and the options it was made with (format and columns decided)."""
    used = dict(options)
    try:
        plan = plan_of(kind, files, used)
    except FileRefused as refusal:
        plan = Plan.refusal(refusal.errors)
        used["needs_mapping"] = isinstance(refusal, NeedsMapping)
    except DatabaseError:
        raise  # the transaction is lost; the caller ends it
    except DomainError as refusal:
        plan = Plan.refusal([RowError(names_of(files), 0, "", "", f"{refusal.message}{refusal.way_out}")])
    except Exception:
        log.exception("intake %s: plan failed", kind.code)
        plan = Plan.refusal([RowError(names_of(files), 0, "", "", _UNEXPECTED)])
    plan.files = files
    plan.format = plan.format or str(used.get("format", ""))[:60]
    return plan, used


_UNEXPECTED = (
    "読み取り中に想定していない問題が起きました。何も登録されていません。"
    "ファイルを変えずに、もう一度取り込んでください。続くときはシステム担当者に伝えてください。"
)


def _digest(files: Sequence[Upload]) -> str:
    """One file: its own digest. Several: the digest of their digests, in any order, each once."""
    digests = sorted({file.sha256 for file in files})
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def _refuse(intake_file: IntakeFile, plan: Plan, *, by: Staff | None) -> None:
    note = shorten(plan.errors[0].message, 200) if plan.errors else ""
    shown = {
        "error_count": len(plan.errors),
        "errors": [error_json(error) for error in plan.errors[:SHOWN_ERRORS]],
    }
    transitions.apply(intake_file, "refuse", by=by, note=note, set_fields=shown)


def _write(intake_file: IntakeFile, **values: Any) -> None:
    type(intake_file)._default_manager.filter(pk=intake_file.pk).update(**values)
    for name, value in values.items():
        setattr(intake_file, name, value)


@contextmanager
def _progress(pk: int, report: bool) -> Iterator[Callable[[int, int], None]]:
    """A function that tells other connections how far we are, at most twice a second.

    It writes through a connection of its own, because nobody sees into our transaction before its end.
    """
    if not report:
        yield lambda done, total: None
        return
    outside = connections.create_connection("default")
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < 0.5 and done < total:
            return
        last = time.monotonic()
        with outside.cursor() as cursor:
            cursor.execute(
                "UPDATE core_intakefile SET progress_done = %s, progress_total = %s WHERE id = %s",
                [done, total, pk],
            )

    try:
        yield tell
    finally:
        outside.close()
