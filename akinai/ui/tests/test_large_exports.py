"""大きな書き出し: asked for on the list, made by a worker, for the owner alone, gone after its days."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from akinai.core.errors import DomainError
from akinai.core.models import Activity
from akinai.staff.models import Staff
from akinai.ui.exports import making, services, store
from akinai.ui.models import Export, SavedView
from akinai.ui.tests.mails import NOON, mail
from akinai.ui.tests.people import logged_in, sato, stranger
from akinai.ui.worklist import Worklist, view
from tests.together import together

pytestmark = pytest.mark.django_db
ROWS = 7


class Killed(BaseException):
    """The worker's process is gone."""


@pytest.fixture(autouse=True)
def shop(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILES_ROOT = tmp_path
    settings.ROOT_URLCONF = "akinai.ui.tests.mails"
    monkeypatch.setattr(view, "JOB_FROM", 5)
    monkeypatch.setattr(making, "NOTED_EACH", 2)


def seven_mails() -> None:
    for number in range(ROWS):
        mail(number, state="failed" if number % 2 else "sent")


def asked(office: Client, query: str = "export=csv") -> Export:
    seven_mails()
    assert office.get(f"/office/mails/?{query}")["Location"] == "/office/exports/"
    return Export.objects.get()


def made(export: Export) -> Export:
    services.make(export.pk)
    export.refresh_from_db()
    return export


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'ui.make_export'")
        return int(cursor.fetchone()[0])


def downloaded(office: Client, export: Export) -> bytes:
    answer = office.get(reverse("exports:download", args=[export.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def dying_after(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(pk: int, done: int) -> None:
        if done >= rows:
            raise Killed

    monkeypatch.setattr(services, "_note", die)


def test_a_small_list_is_a_file_at_once(office: Client) -> None:
    mail(1)
    answer = office.get("/office/mails/?export=csv")
    assert "attachment" in answer["Content-Disposition"]
    assert not Export.objects.exists()


def test_a_large_list_goes_to_a_worker_and_the_person_to_its_page(office: Client) -> None:
    export = asked(office, "export=xlsx&f.state=failed&f.state=sent&q=件名&after=x&size=50")
    assert (export.owner.username, export.kind, export.state, export.total) == (
        "sato",
        "xlsx",
        "waiting",
        ROWS,
    )
    assert "after" not in export.address and "export" not in export.address
    assert export.note == "「件名」、状態: 送信済、状態: 送信失敗"
    assert queued() == 1
    page = office.get("/office/exports/").content.decode()
    assert "7 件あるので、ファイルを裏で作っています" in page and "作成中" in page


def test_asking_twice_for_the_same_makes_one_file(office: Client) -> None:
    export = asked(office)
    office.get("/office/mails/?export=csv&encoding=utf8&size=100")
    assert Export.objects.get() == export
    assert queued() == 1
    office.get("/office/mails/?export=xlsx")
    assert Export.objects.count() == 2


@pytest.mark.parametrize(("query", "encoding"), [("", "utf-8-sig"), ("&encoding=sjis", "cp932")])
def test_the_file_is_what_the_screen_would_have_given(
    office: Client, monkeypatch: pytest.MonkeyPatch, query: str, encoding: str
) -> None:
    export = asked(office, f"export=csv{query}&sort=subject&columns=all")
    monkeypatch.setattr(view, "JOB_FROM", 5000)
    at_once = office.get(f"/office/mails/?export=csv{query}&sort=subject&columns=all")
    content = downloaded(office, made(export))
    assert content == b"".join(at_once.streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content.decode(encoding))))
    assert [row[0] for row in rows] == ["件名", *(f"件名 {number:04}" for number in range(ROWS))]


def test_excel_holds_the_rows_of_the_conditions_and_the_columns_of_that_moment(office: Client) -> None:
    own = SavedView.objects.create(
        owner=Staff.objects.get(), page="tests.mails", columns=["subject", "tries"]
    )
    export = asked(office, "export=xlsx&f.created=2026-11-24~2026-11-24&sort=-subject")
    own.delete()
    sheet = load_workbook(io.BytesIO(downloaded(office, made(export)))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("件名", "失敗回数")
    assert [row[0] for row in rows[1:]] == [f"件名 {number:04}" for number in reversed(range(ROWS))]
    assert (export.state, export.done, export.total, export.size > 1000) == ("finished", ROWS, ROWS, True)


def test_another_person_neither_sees_nor_gets_the_file(office: Client) -> None:
    export = made(asked(office))
    other = Staff.objects.create(username="suzuki", display_name="鈴木")
    other.user_permissions.set(Permission.objects.filter(codename="view_outgoingmail"))
    theirs = logged_in(other)
    assert theirs.get(reverse("exports:download", args=[export.pk])).status_code == 404
    page = theirs.get("/office/exports/").content.decode()
    assert "書き出したファイルはありません" in page
    theirs.post("/office/exports/", {"action": "discard", "pk": [export.pk]})
    assert Export.objects.filter(pk=export.pk).exists() and store.path_of(export.pk).exists()


def test_who_lost_the_permission_gets_neither_a_new_file_nor_the_old_one(office: Client) -> None:
    export = made(asked(office))
    export.owner.user_permissions.clear()
    answer = office.get(reverse("exports:download", args=[export.pk]), follow=True)
    assert "この一覧を書き出す権限がありません" in answer.content.decode()
    assert not Activity.objects.filter(verb="download").exists()
    services.make_again(export, by=export.owner)
    assert (made(export).state, store.path_of(export.pk).exists()) == ("failed", False)
    assert "権限がありません" in export.reason


def test_a_download_stands_in_the_history(office: Client) -> None:
    export = made(asked(office))
    downloaded(office, export)
    entry = Activity.objects.get(verb="download")
    assert (entry.actor_name, entry.summary) == ("佐藤", f"{export.filename}（7 件）")


def test_a_killed_worker_leaves_no_file_and_the_next_one_writes_all_of_it(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = asked(office)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        dying_after(4, patch)
        services.make(export.pk)
    export.refresh_from_db()
    assert (export.state, store.path_of(export.pk).exists()) == ("running", False)
    assert len(downloaded(office, made(export)).splitlines()) == 1 + ROWS
    before = store.path_of(export.pk).stat().st_mtime_ns
    services.make(export.pk)
    assert store.path_of(export.pk).stat().st_mtime_ns == before


def test_what_breaks_is_told_and_can_be_made_again(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise RuntimeError("disk of 山田")

    export = asked(office)
    with monkeypatch.context() as patch:
        patch.setattr(making, "write_csv", broken)
        assert made(export).state == "failed"
    assert "山田" not in export.reason and "もう一度作る" in export.reason
    assert export.reason in office.get("/office/exports/").content.decode()
    office.post("/office/exports/", {"action": "again", "pk": [export.pk]})
    assert made(export).state == "finished"


def test_excel_refuses_more_rows_than_a_sheet_has(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "XLSX_ROWS", ROWS - 1)
    export = made(asked(office, "export=xlsx"))
    assert export.state == "failed"
    assert export.reason.endswith("条件で絞るか、CSV で書き出してください。")


def test_one_thrown_away_while_it_is_made_leaves_nothing(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = asked(office)
    told = services._note

    def thrown_away(pk: int, done: int) -> None:
        office.post("/office/exports/", {"action": "discard", "pk": [pk]})
        told(pk, done)

    monkeypatch.setattr(services, "_note", thrown_away)
    services.make(export.pk)
    assert not Export.objects.exists()
    assert list(store.path_of(export.pk).parent.iterdir()) == []


def test_files_go_when_their_days_are_over(office: Client) -> None:
    export = made(asked(office))
    assert export.expires_at is not None
    assert services.forget_expired(export.expires_at - timedelta(seconds=1)) == 0
    assert store.path_of(export.pk).exists()
    assert services.forget_expired(export.expires_at) == 1
    assert not Export.objects.exists() and not store.path_of(export.pk).exists()


def test_an_old_file_is_refused_before_the_night_job_comes(office: Client) -> None:
    export = made(asked(office))
    Export.objects.update(expires_at=NOON)
    answer = office.get(reverse("exports:download", args=[export.pk]), follow=True)
    assert "このファイルはもうありません" in answer.content.decode()


def test_the_page_costs_five_queries_however_many_exports(
    office: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    export = asked(office)
    made(export)
    for number in range(60):
        Export.objects.create(
            owner=export.owner,
            title="受注",
            address="/",
            columns=[],
            kind="xlsx",
            digest=str(number),
            total=1,
        )
    office.get("/office/exports/")
    with django_assert_num_queries(5):
        office.get("/office/exports/")


def test_the_progress_reloads_the_page_when_one_is_over(office: Client) -> None:
    export = asked(office)
    waiting = office.get(f"/office/exports/progress/?open={export.pk}")
    assert "0 / 7" in waiting.content.decode() and "HX-Refresh" not in waiting
    made(export)
    assert office.get(f"/office/exports/progress/?open={export.pk}")["HX-Refresh"] == "true"


def test_an_outsider_exports_nothing(outsider: Client) -> None:
    seven_mails()
    assert outsider.get("/office/mails/?export=csv").status_code == 403
    assert not Export.objects.exists()


def addresses(patterns: Any, prefix: str = "/") -> Iterator[str]:
    for one in patterns:
        where = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, where)
        elif issubclass(getattr(one.callback, "view_class", object), Worklist) and "<" not in where:
            yield where


def test_a_worker_finds_every_list_of_the_office() -> None:
    person = stranger()
    found = list(addresses(get_resolver("config.urls").url_patterns))
    assert "/office/orders/" in found
    assert [where for where in found if making.list_of(where, person) is None] == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_export_write_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    export = asked(logged_in(sato()))
    written: list[int] = []
    write = making.write

    def counted(one: Export, **given: Any) -> int:
        written.append(one.pk)
        connection.cursor().execute("SELECT pg_sleep(0.5)")
        return write(one, **given)

    monkeypatch.setattr(making, "write", counted)
    together(lambda: services.make(export.pk), lambda: services.make(export.pk))
    assert written == [export.pk]
    assert Export.objects.get().state == "finished"


def test_what_is_being_made_is_not_begun_anew(office: Client) -> None:
    with pytest.raises(DomainError, match="いま作っています"):
        services.make_again(asked(office), by=None)
