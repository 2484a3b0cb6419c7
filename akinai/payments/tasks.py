"""入金のジョブ: found here by the worker; safe to run twice."""

from __future__ import annotations

from procrastinate.contrib.django import app

from akinai.payments import services


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
