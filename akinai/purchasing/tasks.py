"""仕入のジョブ: found here by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.purchasing.services import proposing


@app.periodic(cron="30 18 * * *")  # 03:30 in Japan
@app.task(name="purchasing.propose", queueing_lock="purchasing.propose")
def propose(timestamp: int = 0) -> None:
    """補充の提案 for the morning."""
    proposing.propose()
