"""漏れチェックのジョブ: found here by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.insights import services


@app.periodic(cron="10 22 * * *")  # 07:10 in Japan: before the day's work
@app.task(name="insights.tell_late", queueing_lock="insights.tell_late")
def tell_late(timestamp: int = 0) -> None:
    """The day's record, and a mail to whose limit has passed."""
    services.tell_late(services.take_snapshot())


@app.periodic(cron="55 14 * * *")  # 23:55 in Japan: what the day left behind
@app.task(name="insights.take_snapshot", queueing_lock="insights.take_snapshot")
def take_snapshot(timestamp: int = 0) -> None:
    """漏れの日次記録."""
    services.take_snapshot()
