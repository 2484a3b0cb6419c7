"""毎朝の検証: every proof runs by the clock, what it found is kept and told on the first screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app

from akinai.core import clock, seals
from akinai.core.models import LedgerSeal, ProofRun
from akinai.home import queries as home
from akinai.monitoring import jobs, queries
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_ledgers_are_proven_every_morning_and_sealed() -> None:
    known = {
        task.task.name.rsplit(".", 1)[-1]: task.cron for task in app.periodic_registry.periodic_tasks.values()
    }
    assert known["prove_ledgers"] == "40 18 * * *"
    cast.sku("TEA-1", pieces=3)
    jobs.prove_ledgers(0)
    run = ProofRun.objects.get()
    assert (run.is_ok, run.broken, run.by) == (True, [], None)
    assert run.checks > 30 and run.rows >= 1
    assert LedgerSeal.objects.filter(table="stock_stockentry").exists()
    assert queries.proof_alarm() is None


def test_a_contradiction_stands_on_the_first_screen_and_in_full_on_the_systems(
    client: Client, settings: Any
) -> None:
    pk = cast.sku("TEA-1", pieces=3)
    seals.seal_all()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE stock_stocklevel SET on_hand = 9 WHERE sku_id = %s", [pk])
        cursor.execute("SET session_replication_role = origin")
    boss = cast.staff("伊藤")
    jobs.prove_now(boss.pk)
    run = ProofRun.objects.get()
    assert (run.is_ok, run.by) == (False, boss)
    assert home.alarms()[0]["tone"] == "bad"
    client.force_login(boss)
    page = client.get(reverse("monitoring:index")).content.decode()
    assert "規則が合わない" in page and "TEA-1" in page
    assert "台帳の検証で合わなかった規則" in client.get("/office/").content.decode()


def test_days_without_a_proof_are_told_and_the_record_only_grows() -> None:
    ProofRun.objects.create(is_ok=True, checks=1, rows=1, milliseconds=1, at=clock.now() - timedelta(days=5))
    assert queries.proof_alarm() == {"title": "台帳の検証をしていない日数", "count": 5, "tone": "warn"}
    with pytest.raises(IntegrityError):
        ProofRun.objects.update(is_ok=False)


def test_the_boss_asks_for_a_proof_and_a_clerk_may_not(client: Client) -> None:
    client.force_login(cast.staff("佐藤"))
    assert client.post(reverse("monitoring:prove")).status_code == 403
    client.force_login(cast.staff("伊藤"))
    for _ in range(2):  # asked twice, queued once
        assert client.post(reverse("monitoring:prove")).status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%prove_now'")
        assert cursor.fetchone()[0] == 1
