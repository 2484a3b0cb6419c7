"""入金のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.payments import services
from akinai.payments.services import settlements


# Each working hour, because a statement of the bank may be taken in late: what was done is not done again.
@app.periodic(cron="10 1-8 * * *")
@app.task(name="payments.run_dunning", queueing_lock="payments.run_dunning")
def run_dunning(timestamp: int = 0) -> None:
    """督促: 10:10 to 17:10 in Japan."""
    services.run_dunning(by=None)


@app.periodic(cron="20 15 * * *")
@app.task(name="payments.expire_requests", queueing_lock="payments.expire_requests")
def expire_requests(timestamp: int = 0) -> None:
    """与信・支払の期限切れ: just after midnight in Japan."""
    services.expire_due()


@app.periodic(cron="* * * * *")
@app.task(name="payments.talk_to_providers", queueing_lock="payments.talk_to_providers")
def talk_to_providers(timestamp: int = 0) -> None:
    """決済会社: notices that are not handled yet, and acts that wait for an answer."""
    services.handle_webhooks()
    services.run_due()


@app.periodic(cron="5,35 * * * *")
@app.task(name="payments.follow_orders", queueing_lock="payments.follow_orders")
def follow_orders(timestamp: int = 0) -> None:
    """売上確定・与信の取消 that no event has asked for."""
    services.follow_orders()


# Statements of the bank and payout files come in at any time of the day, in either order.
@app.periodic(cron="25 * * * *")
@app.task(name="payments.tie_settlements", queueing_lock="payments.tie_settlements")
def tie_settlements(timestamp: int = 0) -> None:
    """精算と入金明細の照合."""
    settlements.tie_all()


@app.periodic(cron="*/10 * * * *")
@app.task(name="payments.charge_turns", queueing_lock="payments.charge_turns")
def charge_turns(timestamp: int = 0) -> None:
    """定期便の請求: turns that are due, cards that are asked for or leave."""
    services.charge_due()
    services.tidy_cards()


@app.periodic(cron="40 1 * * *")
@app.task(name="payments.tell_expiring_cards", queueing_lock="payments.tell_expiring_cards")
def tell_expiring_cards(timestamp: int = 0) -> None:
    """定期便のカードの有効期限: 10:40 in Japan."""
    services.tell_expiring()
