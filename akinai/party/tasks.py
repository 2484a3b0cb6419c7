"""取引先のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.party import openings


@app.periodic(cron="10 17 * * *")  # 02:10 in Japan
@app.task(name="party.forget_openings", queueing_lock="party.forget_openings")
def forget_openings(timestamp: int = 0) -> None:
    """閲覧記録の保存期間."""
    while openings.forget_old():
        pass
