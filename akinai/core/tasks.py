"""Background jobs of the cellar (共通基盤のジョブ): found here by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.core import long_jobs
from akinai.core.intake.tasks import apply_intake

__all__ = ["apply_intake", "run_long_job"]


@app.task(name="core.run_long_job")
def run_long_job(pk: int) -> None:
    """まとめて処理. Started again after a worker died, it goes on where the work stopped."""
    long_jobs.run(pk)
