"""店舗のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.core import clock
from akinai.shop import cookies
from akinai.shop.services import carts, orders


@app.periodic(cron="*/10 * * * *")
@app.task(name="shop.free_left", queueing_lock="shop.free_left")
def free_left(timestamp: int = 0) -> None:
    """カードの手続きがないまま過ぎたご注文の取消."""
    orders.free_left()


@app.periodic(cron="40 18 * * *")
@app.task(name="shop.forget_carts", queueing_lock="shop.forget_carts")
def forget_carts(timestamp: int = 0) -> None:
    """60 日使われていないカート, once a night."""
    carts.forget_old(clock.now() - cookies.AGE)
