"""ポイントのジョブ: found here by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.marketing.services import notices, points


@app.periodic(cron="20 15 * * *")  # 00:20 in Japan
@app.task(name="marketing.expire_points", queueing_lock="marketing.expire_points")
def expire_points(timestamp: int = 0) -> None:
    """期限切れのポイント."""
    points.expire_due()


@app.periodic(cron="30 0 * * *")  # 09:30 in Japan
@app.task(name="marketing.notify_points", queueing_lock="marketing.notify_points")
def notify_points(timestamp: int = 0) -> None:
    """ポイントの期限のお知らせ."""
    notices.notify()
