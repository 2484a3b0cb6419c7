"""Two connections, one file: applies of one kind wait for each other; progress is seen from outside."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from akinai.core import intake
from akinai.core.intake import kind as kinds
from akinai.core.models import IntakeFile
from akinai.core.tests.intake_kind import CSV, SeriesKind, registered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def test_two_clerks_with_the_same_file_do_not_both_find_it_new() -> None:
    kind = SeriesKind()
    kind.before_apply = lambda: time.sleep(0.3)
    rows = [intake.preview(kind, [intake.Upload("a.csv", CSV)], by=None)[0] for _ in range(2)]
    created: list[int] = []

    def work(row: IntakeFile) -> None:
        try:
            intake.apply(row, by=None)
            created.append(row.created)
        finally:
            connections.close_all()

    with registered(kind):
        threads = [threading.Thread(target=work, args=(row,)) for row in rows]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(created) == [0, 2]


def test_the_progress_of_a_job_is_seen_while_its_transaction_is_open() -> None:
    kind = SeriesKind()
    seen: list[int] = []

    def peek() -> None:
        outside = connections.create_connection("default")
        with outside.cursor() as cursor:
            cursor.execute("SELECT progress_done FROM core_intakefile")
            seen.append(cursor.fetchone()[0])
            cursor.execute("SELECT count(*) FROM core_numberseries")
            seen.append(cursor.fetchone()[0])
        outside.close()

    kind.after_apply = peek
    with registered(kind):
        row, _ = intake.preview(kind, [intake.Upload("a.csv", CSV)], by=None)
        intake.apply(row, by=None, report=True)
    assert seen == [2, 0]
    assert kinds.kind_of("series") is None and connection.in_atomic_block is False
