"""封印: what a superuser does behind the triggers' back comes to light."""

from __future__ import annotations

import pytest
from django.db import connection

from akinai.core import activity, proofs, seals
from akinai.core.models import Activity, LedgerSeal
from tests.cast import staff
from tests.planting import behind_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def broken() -> list[tuple[str, str, int, int]]:
    (found,) = proofs.run_all("ledgers_are_as_sealed")
    return [(b["table"], b["rows"], b["sealed_rows"], b["rows_now"]) for b in found.broken]


def write(*texts: str) -> None:
    person = staff("佐藤")
    for text in texts:
        activity.record(person, "note", by=None, summary=text)


@pytest.fixture
def sealed() -> list[int]:
    """Three sealed rows of history."""
    write("一", "二", "三")
    seals.seal_all()
    return list(Activity.objects.order_by("id").values_list("pk", flat=True))


def test_an_untouched_ledger_is_as_it_was_sealed(sealed: list[int]) -> None:
    assert broken() == []
    assert seals.seal_all() == 0


@pytest.mark.parametrize(
    ("act", "rows_now"),
    [
        ("UPDATE core_activity SET summary = '二！' WHERE summary = '二'", 0),
        ("UPDATE core_activity SET at = at + interval '1 second' WHERE summary = '三'", 0),
        ("DELETE FROM core_activity WHERE summary = '二'", -1),
    ],
)
def test_a_row_changed_by_a_superuser_is_found(sealed: list[int], act: str, rows_now: int) -> None:
    with behind_the_triggers("core_activity"), connection.cursor() as cursor:
        cursor.execute(act)
    count = len(sealed)
    assert broken() == [("core_activity", f"〜{sealed[-1]}", count, count + rows_now)]


def test_a_row_slipped_in_below_the_seal_is_found(sealed: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_activity (id, at, subject_type, subject_id, subject_number, verb, summary, from_state, "
            "to_state, data, actor_name) OVERRIDING SYSTEM VALUE "
            "SELECT -id, at, subject_type, subject_id, subject_number, verb, summary, from_state, to_state, data, actor_name "
            "FROM core_activity LIMIT 1"
        )
        cursor.execute("SELECT count(*) FROM core_activity WHERE id < 0")
        assert cursor.fetchone()[0] == 1
    assert [table for table, *_ in broken()] == ["core_activity"]


def test_rewriting_a_seal_breaks_the_chain(sealed: list[int]) -> None:
    """Whoever edits a row and its seal would have to rewrite every later seal as well."""
    write("四")
    seals.seal_all()
    first = LedgerSeal.objects.filter(table="core_activity").earliest("to_id")
    with (
        behind_the_triggers("core_activity"),
        behind_the_triggers("core_ledgerseal"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE core_activity SET summary = 'x' WHERE summary = '一'")
        _, content = seals._content(first.table, first.columns, first.from_id, first.to_id)
        cursor.execute(
            "UPDATE core_ledgerseal SET digest = %s WHERE id = %s", [seals._chained("", content), first.pk]
        )
    assert len(broken()) == 1


def test_a_new_column_breaks_no_seal(sealed: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_activity ADD COLUMN later text DEFAULT 'new'")
        try:
            assert broken() == []
        finally:
            cursor.execute("ALTER TABLE core_activity DROP COLUMN later")
