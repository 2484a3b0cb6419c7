"""Background jobs of the intake (取込のジョブ): safe to run twice, because applying is one transaction."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.core.errors import ChangedMeanwhile, DomainError

MAX_TRIES = 3


def defer_apply(pk: int) -> None:
    """Put the job into the queue, in the caller's transaction."""
    apply_intake.configure(queueing_lock=f"intake-{pk}").defer(pk=pk)


@app.task(name="core.apply_intake")
def apply_intake(pk: int) -> None:
    """Apply a queued intake. A worker that died left nothing behind; the next one starts from the originals."""
    from akinai.core.intake.models import IntakeFile
    from akinai.core.intake.services import apply, give_back

    intake_file = IntakeFile.objects.select_related("applied_by").filter(pk=pk).first()
    if intake_file is None or intake_file.state != IntakeFile.State.APPLYING:
        return
    for tries in range(1, MAX_TRIES + 1):
        try:
            apply(intake_file, by=intake_file.applied_by, report=True)
            return
        except ChangedMeanwhile as refusal:
            if tries == MAX_TRIES:
                give_back(
                    intake_file, reason=f"{refusal.message}{refusal.way_out}", by=intake_file.applied_by
                )
        except DomainError as refusal:
            give_back(intake_file, reason=f"{refusal.message}{refusal.way_out}", by=intake_file.applied_by)
            return
