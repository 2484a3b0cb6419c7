"""店舗のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.shop import member_links, sessions, tries
from akinai.shop.services import wishes


@app.periodic(cron="*/5 * * * *")
@app.task(name="shop.tell_arrivals", queueing_lock="shop.tell_arrivals")
def tell_arrivals(timestamp: int = 0) -> None:
    """再入荷のお知らせ."""
    wishes.tell_arrivals()


@app.periodic(cron="35 3 * * *")
@app.task(name="shop.forget_members_traces", queueing_lock="shop.forget_members_traces")
def forget_members_traces(timestamp: int = 0) -> None:
    """期限の過ぎたリンク・ログイン・試行の記録を忘れる, and wishes of guests who never confirmed them."""
    member_links.forget_old()
    sessions.forget_old()
    tries.forget_old()
    wishes.forget_unconfirmed()
