"""取込の途中で電源が落ちた: the real command, killed in the middle of its writing, leaves nothing and hinders nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from akinai.adapters.channels.generic.tests.realistic import colorme
from akinai.adapters.channels.tests.truth import Can, sales
from akinai.catalog.models import Sku
from akinai.core.models import IntakeFile
from akinai.orders.models import Order, OrderLine
from config.home import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def command(folder: Path) -> tuple[list[str], dict[str, str]]:
    """`akinai intake orders` as the operator calls it, on the database of this test."""
    url = urlsplit(database_url())._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    words = ["intake", "orders", str(folder / "orders.csv"), "--create-skus", "--json"]
    settings = {"DATABASE_URL": url, "AKINAI_HOME": str(folder / "home")}
    return [sys.executable, "-m", "config.cli", *words], os.environ | settings


def until(reached: Callable[[], bool], seconds: int = 120) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.1)


def waits_for_the_lines() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass",
            [OrderLine._meta.db_table],
        )
        return bool(cursor.fetchone()[0])


def strangers() -> int:
    """Other connections to this database: the lock of an intake goes with its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_a_killed_intake_leaves_nothing_and_the_next_one_takes_all_in(tmp_path: Path) -> None:
    truth = sales(12, Can())
    (tmp_path / "orders.csv").write_bytes(colorme(truth, encoding="utf-8-sig"))
    words, settings = command(tmp_path)
    here = strangers()
    with transaction.atomic():
        with connection.cursor() as cursor:  # it can write its orders, but not the lines after them
            cursor.execute(f"LOCK TABLE {OrderLine._meta.db_table} IN SHARE MODE")
        with subprocess.Popen(words, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as intake:
            until(waits_for_the_lines)
            intake.send_signal(signal.SIGKILL)
    until(lambda: strangers() <= here)
    assert (Order.objects.count(), OrderLine.objects.count(), Sku.objects.count()) == (0, 0, 0)
    assert set(IntakeFile.objects.values_list("state", flat=True)) <= {IntakeFile.State.PREVIEWED}

    again = subprocess.run(words, env=settings, capture_output=True, text=True, check=False)
    answer: dict[str, Any] = json.loads(again.stdout.strip().splitlines()[-1])
    assert (again.returncode, answer["ok"], answer["created"]) == (0, True, len(truth)), answer
    assert Order.objects.count() == len(truth)
