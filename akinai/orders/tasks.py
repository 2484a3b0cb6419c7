"""受注のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.orders import services
from akinai.orders.services import turns
from akinai.orders.services.advance import release_preorders as release


@app.periodic(cron="5 * * * *")
@app.task(name="orders.release_preorders", queueing_lock="orders.release_preorders")
def release_preorders(timestamp: int = 0) -> None:
    """発売: what comes out today may be shipped."""
    release()


@app.periodic(cron="*/3 * * * *")
@app.task(name="orders.release_due_holds", queueing_lock="orders.release_due_holds")
def release_due_holds(timestamp: int = 0) -> None:
    """保留の自動解除."""
    services.release_due_holds()


@app.periodic(cron="10 0 * * *")
@app.task(name="orders.expire_quotes", queueing_lock="orders.expire_quotes")
def expire_quotes(timestamp: int = 0) -> None:
    """見積の期限切れ, once a day after midnight."""
    services.expire_quotes()


@app.periodic(cron="25 * * * *")
@app.task(name="orders.renew_ship_by", queueing_lock="orders.renew_ship_by")
def renew_ship_by(timestamp: int = 0) -> None:
    """出荷期限 of the orders that wait, should the calendar have changed."""
    services.renew_ship_by()


@app.periodic(cron="20 6-20 * * *")
@app.task(name="orders.run_subscriptions", queueing_lock="orders.run_subscriptions")
def run_subscriptions(timestamp: int = 0) -> None:
    """定期購入: notices of what comes soon, orders for what is due."""
    turns.run()
