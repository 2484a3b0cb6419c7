"""Jobs that run by the clock (定期処理): rescue stalled jobs, handle left-over events, send mail."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from akinai.core import events, mail, seals


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A job whose worker died is run again (procrastinate leaves it in `doing`)."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep_events")
def sweep_events(timestamp: int) -> None:
    """Events whose process died before handling them."""
    events.drain(older_than=timedelta(seconds=30))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_mail")
def send_mail(timestamp: int) -> None:
    """The mail outbox."""
    mail.send_due()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="seal_ledgers")
def seal_ledgers(timestamp: int) -> None:
    """New rows of the ledgers go under a seal."""
    seals.seal_all()
