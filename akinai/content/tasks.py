"""コンテンツのジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.content.effect_tasks import look_at_pages, sum_views
from akinai.content.reviews import asking
from akinai.content.surveys import inviting

__all__ = ["ask_buyers", "draw_pictures", "look_at_pages", "publish_due", "sum_views"]


@app.periodic(cron="35 9-19 * * *")
@app.task(name="content.ask_buyers", queueing_lock="content.ask_buyers")
def ask_buyers(timestamp: int = 0) -> None:
    """依頼メール for surveys and reviews, in the hours in which nobody minds a mail."""
    inviting.invite_due()
    asking.ask_due()


@app.periodic(cron="* * * * *")
@app.task(name="content.publish_due", queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """公開の予約: bundles first, then single pages, then what is over."""
    from akinai.content.services import publishing, releases

    releases.apply_due()
    publishing.run_due()


@app.task(name="content.draw_pictures")
def draw_pictures(page_id: int) -> None:
    """画像を先に描く, when a page went out."""
    from akinai.content import drawing

    drawing.draw(page_id)
