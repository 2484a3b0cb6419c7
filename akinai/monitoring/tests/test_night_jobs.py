"""定期処理: what a shop that runs for years throws away by itself at night."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from akinai.core import clock
from akinai.monitoring import jobs
from akinai.staff.models import Staff
from akinai.ui.models import Export, SpentToken


def test_every_job_of_the_clock_is_known_to_the_worker() -> None:
    known = {
        task.task.name.rsplit(".", 1)[-1]: task.cron for task in app.periodic_registry.periodic_tasks.values()
    }
    for name in ("forget_spent", "forget_exports", "forget_sessions", "forget_jobs"):
        assert known[name] == "20 18 * * *"  # UTC
    for name in ("retry_stalled", "sweep_events", "send_mail"):
        assert known[name] == "* * * * *"


@pytest.mark.django_db
def test_marks_of_forms_sent_more_than_a_week_ago_go() -> None:
    now = clock.now()
    SpentToken.objects.create(token="old", spent_at=now - timedelta(days=8))
    SpentToken.objects.create(token="young", spent_at=now - timedelta(days=6))
    jobs.forget_spent(0)
    assert [row.token for row in SpentToken.objects.all()] == ["young"]


@pytest.mark.django_db
def test_exports_past_their_days_go() -> None:
    now = clock.now()
    sato = Staff.objects.create(username="sato")
    for title, expires_at in (("old", now - timedelta(seconds=1)), ("young", now + timedelta(days=1))):
        Export.objects.create(
            owner=sato, title=title, address="/", columns=[], kind="xlsx", digest=title, total=0,
            state="finished", expires_at=expires_at,
        )  # fmt: skip
    jobs.forget_exports(0)
    assert [row.title for row in Export.objects.all()] == ["young"]


@pytest.mark.django_db
def test_logins_that_are_over_go() -> None:
    now = clock.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="young", session_data="", expire_date=now + timedelta(hours=1))
    jobs.forget_sessions(0)
    assert [row.session_key for row in Session.objects.all()] == ["young"]


def test_jobs_that_were_done_are_kept_for_a_week_and_what_failed_for_good() -> None:
    asked: list[dict[str, object]] = []

    async def delete_old_jobs(**given: object) -> None:
        asked.append(given)

    manager = SimpleNamespace(delete_old_jobs=delete_old_jobs)
    context = SimpleNamespace(app=SimpleNamespace(job_manager=manager))
    # Not by asyncio.run: a browser of another test may have a loop running in this thread.
    with pytest.raises(StopIteration):
        jobs.forget_jobs.func(context, 0).send(None)
    assert asked == [{"nb_hours": 168}]
