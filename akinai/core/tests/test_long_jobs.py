"""まとめて処理: in pieces, each kept whole, going on where the last worker stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from django.db import connection

from akinai.core import long_jobs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.long_jobs import Kind, Outcome
from akinai.core.models import Activity, LongJob
from tests.together import together


class Killed(BaseException):
    """The worker's process is gone."""


class Writer:
    """An act that writes one row per id, refuses 13, breaks at 99 and dies where it is told."""

    def __init__(self) -> None:
        self.dies_at: set[int] = set()

    def __call__(self, ids: Sequence[int], options: Mapping[str, Any], by: Any) -> Outcome:
        for pk in ids:
            if pk in self.dies_at:
                raise Killed
            if pk == 99:
                raise RuntimeError("bug")
            if pk == 13:
                raise DomainError("13 はできません。", way_out="ほかの数にしてください。")
            Activity.objects.create(subject_type="test", subject_id=pk, verb="done")
        return Outcome({"書いた": len(ids)})


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    made = Writer()
    kind = Kind("test", "試し書き", made, permission="core.view_event", piece=3)
    monkeypatch.setitem(long_jobs._kinds, "test", kind)
    yield made


def written() -> list[int]:
    return list(
        Activity.objects.filter(subject_type="test").order_by("pk").values_list("subject_id", flat=True)
    )


@pytest.mark.django_db
def test_all_rows_are_done_in_pieces_and_a_second_run_does_nothing(writer: Writer) -> None:
    job = long_jobs.start("test", range(1, 9), by=None)
    long_jobs.run(job.pk)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.counts["書いた"], job.refused) == ("finished", 8, 8, [])
    assert written() == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_whole_pieces_and_the_next_goes_on(writer: Writer) -> None:
    job = long_jobs.start("test", range(1, 9), by=None)
    writer.dies_at = {5}
    with pytest.raises(Killed):
        long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, written()) == ("running", 3, [1, 2, 3])
    writer.dies_at = set()
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.counts["書いた"], written()) == ("finished", 8, list(range(1, 9)))


@pytest.mark.django_db
def test_rows_that_stand_in_the_way_are_told_and_the_others_are_done(writer: Writer) -> None:
    job = long_jobs.start("test", [1, 13, 2, 3, 99, 4], by=None)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, written()) == ("finished", 6, [1, 2, 3, 4])
    assert job.counts == {"書いた": 4, "できなかったもの": 2}
    assert job.refused == [["13", "13 はできません。ほかの数にしてください。"], ["99", long_jobs.UNEXPECTED]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_job_do_each_row_once(writer: Writer) -> None:
    job = long_jobs.start("test", range(100, 160), by=None)
    together(*[lambda: long_jobs.run(job.pk)] * 3)
    long_jobs.run(job.pk)
    assert written() == list(range(100, 160))


@pytest.mark.django_db
def test_a_stopped_job_goes_no_further(writer: Writer) -> None:
    job = long_jobs.start("test", range(1, 9), by=None)
    long_jobs._piece(job.pk)
    job.refresh_from_db()
    long_jobs.stop(job, by=None)
    long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, written()) == ("stopped", 3, [1, 2, 3])
    with pytest.raises(ImpossibleMove):
        long_jobs.stop(job, by=None)


@pytest.mark.django_db
def test_starting_puts_one_job_into_the_queue(writer: Writer) -> None:
    job = long_jobs.start("test", [1], by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        rows = cursor.fetchall()
    assert [(name, json.loads(args)) for name, args in rows] == [("core.run_long_job", {"pk": job.pk})]
    assert LongJob.objects.get().total == 1
