"""効果のジョブ; `tasks` brings them before the worker's eyes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.content import effect_audit, effect_services


@app.periodic(cron="*/10 * * * *")
@app.task(name="content.sum_views", queueing_lock="content.sum_views")
def sum_views(timestamp: int = 0) -> None:
    """閲覧の集計, and what orders were seen before."""
    effect_services.refresh()


@app.periodic(cron="25 * * * *")
@app.task(name="content.look_at_pages", queueing_lock="content.look_at_pages")
def look_at_pages(timestamp: int = 0) -> None:
    """ページの問題を探す; hits and salts whose time is over go."""
    effect_services.forget_old()
    effect_audit.look()
