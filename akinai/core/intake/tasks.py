"""Background jobs of the intake (取込のジョブ): safe to run twice, because applying is one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from akinai.core import transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.tables import RowError

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile

MAX_TRIES = 3


def defer_apply(pk: int) -> None:
    """Put the job into the queue, in the caller's transaction."""
    apply_intake.configure(queueing_lock=f"intake-{pk}").defer(pk=pk)


@app.task(name="core.apply_intake", retry=MAX_TRIES, pass_context=False)
def apply_intake(pk: int) -> None:
    """Apply a queued intake. A worker that died left nothing behind; the next one starts from the originals."""
    from akinai.core.intake.models import IntakeFile
    from akinai.core.intake.services import apply

    intake_file = IntakeFile.objects.select_related("applied_by").filter(pk=pk).first()
    if intake_file is None or intake_file.state != IntakeFile.State.APPLYING:
        return
    try:
        apply(intake_file, by=intake_file.applied_by, report=True)
    except ChangedMeanwhile:
        raise  # procrastinate tries again
    except DomainError as refusal:
        _give_back(intake_file, f"{refusal.message}{refusal.way_out}")


def _give_back(intake_file: IntakeFile, message: str) -> None:
    """Back to the preview with the reason, so that a person can look and try again."""
    from akinai.core.intake.services import error_json

    intake_file.refresh_from_db()
    if transitions.can(intake_file, "give_back"):
        reason = error_json(RowError(intake_file.filename, 0, "", "", message))
        fields = {"errors": [reason, *intake_file.errors], "error_count": intake_file.error_count + 1}
        transitions.apply(
            intake_file, "give_back", by=intake_file.applied_by, note=message, set_fields=fields
        )
