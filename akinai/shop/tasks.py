"""店舗のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.shop import bestsellers, member_links, sessions
from akinai.shop.services import orders, wishes


@app.periodic(cron="*/5 * * * *")
@app.task(name="shop.tell_arrivals", queueing_lock="shop.tell_arrivals")
def tell_arrivals(timestamp: int = 0) -> None:
    """再入荷のお知らせ."""
    wishes.tell_arrivals()


@app.periodic(cron="35 3 * * *")
@app.task(name="shop.forget_members_traces", queueing_lock="shop.forget_members_traces")
def forget_members_traces(timestamp: int = 0) -> None:
    """期限の過ぎたリンク・ログインを忘れる, and wishes of guests who never confirmed them."""
    member_links.forget_old()
    sessions.forget_old()
    wishes.forget_unconfirmed()


@app.periodic(cron="*/10 * * * *")
@app.task(name="shop.free_left", queueing_lock="shop.free_left")
def free_left(timestamp: int = 0) -> None:
    """カードの手続きがないまま過ぎたご注文の取消."""
    orders.free_left()


@app.periodic(cron="20 * * * *")
@app.task(name="shop.refresh_bestsellers", queueing_lock="refresh_bestsellers")
def refresh_bestsellers(timestamp: int) -> None:
    """おすすめ順."""
    bestsellers.refresh()
