"""Background jobs of the screens (画面のジョブ): found here by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.ui.exports import services


@app.task(name="ui.make_export")
def make_export(pk: int) -> None:
    """大きな書き出し. Started again after a worker died, it writes the file anew."""
    services.make(pk)
