"""Jobs that run by the clock (定期処理): rescue stalled jobs, handle left-over events, send mail, tidy up at night."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from akinai.core import clock, events, job_files, mail, seals, verification
from akinai.ui import forms
from akinai.ui.exports import services as exports

EARLY = "40 18 * * *"  # 3:40 in Japan
NIGHT = "20 18 * * *"  # procrastinate reads UTC: 3:20 in Japan
JOBS_KEPT_HOURS = 7 * 24
TOKENS_KEPT = timedelta(days=7)


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


@app.periodic(cron=NIGHT)
@app.task(queueing_lock="forget_spent")
def forget_spent(timestamp: int) -> None:
    """送信済みの印: nobody sends a form again after a week."""
    forms.forget_spent(clock.now() - TOKENS_KEPT)


@app.periodic(cron=NIGHT)
@app.task(queueing_lock="forget_exports")
def forget_exports(timestamp: int) -> None:
    """書き出したファイル past their days."""
    exports.forget_expired(clock.now())
    job_files.forget_old(clock.now())


@app.periodic(cron=NIGHT)
@app.task(queueing_lock="forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Logins that are over."""
    call_command("clearsessions")


@app.periodic(cron=NIGHT)
@app.task(queueing_lock="forget_jobs", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that were done: thousands a day. What failed stays, to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT_HOURS)


@app.periodic(cron=EARLY)
@app.task(queueing_lock="prove_ledgers")
def prove_ledgers(timestamp: int) -> None:
    """整合性検証: every proof once a day, before the shop opens."""
    verification.verify(by=None)


@app.task(queueing_lock="prove_now")
def prove_now(by: int) -> None:
    """The same, because somebody asked."""
    verification.verify(by=get_user_model().objects.filter(pk=by).first())
