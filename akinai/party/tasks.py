"""取引先のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.party import retention


@app.periodic(cron="10 17 * * *")  # 02:10 in Japan
@app.task(name="party.forget_due", queueing_lock="party.forget_due", lock="party.forget_due")
def forget_due(timestamp: int = 0) -> None:
    """保存期間の過ぎたもの, of every room."""
    retention.run_all()
