"""取込の画面: 佐藤 (受注) brings files; 部外者 is refused everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from akinai.core import intake
from akinai.core.models import Activity, IntakeFile, IntakeMapping, NumberSeries
from akinai.core.tests.intake_kind import CSV, SeriesKind, registered
from akinai.staff.models import Staff

pytestmark = pytest.mark.django_db
S = IntakeFile.State


@pytest.fixture(autouse=True)
def kind(tmp_path: Path, settings: Any) -> Iterator[SeriesKind]:
    settings.AKINAI_HOME = tmp_path
    kind = SeriesKind()
    with registered(kind):
        yield kind


@pytest.fixture
def sato(client: Client) -> Client:
    client.force_login(Staff.objects.create_superuser("sato", password="x" * 12, display_name="佐藤"))
    return client


def bring(client: Client, data: bytes = CSV, name: str = "採番.csv", **more: Any) -> IntakeFile:
    answer = client.post("/office/intake/new/series/", {"files": [SimpleUploadedFile(name, data)], **more})
    assert answer.status_code == 302, answer.content.decode()[:500]
    return IntakeFile.objects.latest("pk")


def test_a_file_is_looked_at_first_and_then_taken_in(sato: Client) -> None:
    row = bring(sato)
    page = sato.get(f"/office/intake/{row.pk}/").content.decode()
    assert "まだ登録されていません" in page and "採番.csv" in page
    assert NumberSeries.objects.count() == 0
    answer = sato.post(f"/office/intake/{row.pk}/apply/", follow=True)
    assert "2件の採番を登録しました。" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, str(row.created_by), str(row.applied_by)) == (S.APPLIED, "佐藤", "佐藤")
    assert NumberSeries.objects.count() == 2


def test_errors_are_shown_by_line_and_the_button_is_off(sato: Client) -> None:
    row = bring(sato, "系列,番号\nA,-5\n=HYPERLINK(1),x\n".encode())
    page = sato.get(f"/office/intake/{row.pk}/").content.decode()
    assert "数量「-5」がマイナスです。" in page and "取り込めません" in page and " disabled" in page
    listed = sato.get(f"/office/intake/{row.pk}/errors/").content.decode("utf-8-sig")
    assert listed.splitlines()[1] == "採番.csv,2,番号,-5,数量「-5」がマイナスです。"


def test_an_empty_file_is_told_not_a_form_error(sato: Client) -> None:
    row = bring(sato, b"")
    assert row.errors[0]["message"].startswith("ファイルが空です。")


def test_no_file_is_a_form_error(sato: Client) -> None:
    answer = sato.post("/office/intake/new/series/", {})
    assert answer.status_code == 422 and "ファイルを選んでください。" in answer.content.decode()


def test_a_huge_file_is_refused_by_size(sato: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("akinai.ui.intake.forms.MAX_BYTES", 10)
    answer = sato.post("/office/intake/new/series/", {"files": [SimpleUploadedFile("a.csv", CSV)]})
    assert answer.status_code == 422 and "大きすぎます" in answer.content.decode()
    assert not IntakeFile.objects.exists()


def test_options_of_the_kind_are_asked_and_may_be_changed(sato: Client) -> None:
    page = sato.get("/office/intake/new/series/").content.decode()
    assert "未登録の系列を作成する" in page and "本店" in page and "採番CSV" in page
    row = bring(sato, option_create_skus="on", option_channel="a")
    assert row.options == {"create_skus": True, "channel": "a"}
    sato.post(f"/office/intake/{row.pk}/again/", {"option_channel": "", "format": "series_csv"})
    row.refresh_from_db()
    assert row.options == {"format": "series_csv"}


def test_unknown_columns_are_mapped_saved_and_found_again(sato: Client) -> None:
    data = "なまえ,すうじ,めも\nA,1,x\nB,2,y\n".encode()
    row = bring(sato, data)
    assert "列の対応を選ぶ" in sato.get(f"/office/intake/{row.pk}/").content.decode()
    page = sato.get(f"/office/intake/{row.pk}/mapping/").content.decode()
    assert all(text in page for text in ("なまえ", "系列（必須）", "A", "y"))
    url = f"/office/intake/{row.pk}/mapping/"
    twice = sato.post(url, {"column_0": "series", "column_1": "series"})
    assert twice.status_code == 422 and "2つ以上の列" in twice.content.decode()
    sato.post(url, {"column_0": "series", "column_1": "last", "column_2": "", "name": "うちの表"})
    row.refresh_from_db()
    assert (row.state, row.created, IntakeMapping.objects.get().name) == (S.PREVIEWED, 2, "うちの表")
    assert bring(sato, data).state == S.PREVIEWED


def test_a_mapping_without_a_name_serves_this_file_only(sato: Client) -> None:
    row = bring(sato, "なまえ,すうじ\nA,1\n".encode())
    sato.post(f"/office/intake/{row.pk}/mapping/", {"column_0": "series", "column_1": "last", "name": ""})
    sato.post(f"/office/intake/{row.pk}/apply/")
    row.refresh_from_db()
    assert (row.state, IntakeMapping.objects.count()) == (S.APPLIED, 0)


def test_a_mapping_without_required_fields_is_refused_with_the_reason(sato: Client) -> None:
    row = bring(sato, "なまえ,すうじ\nA,1\n".encode())
    url = f"/office/intake/{row.pk}/mapping/"
    answer = sato.post(
        url, {"column_0": "series"}, headers={"referer": f"http://testserver{url}"}, follow=True
    )
    assert "必須の項目 「番号」 に列が選ばれていません。" in answer.content.decode()


def test_many_rows_are_taken_in_by_a_job_with_progress(sato: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BACKGROUND_ROWS", 1)
    row = bring(sato)
    page = sato.post(f"/office/intake/{row.pk}/apply/", follow=True).content.decode()
    assert "取り込んでいます" in page and "hx-get" in page
    assert "every 2s" in sato.get(f"/office/intake/{row.pk}/progress/").content.decode()
    from akinai.core.intake.tasks import apply_intake

    apply_intake(row.pk)
    assert sato.get(f"/office/intake/{row.pk}/progress/").headers["HX-Refresh"] == "true"
    assert NumberSeries.objects.count() == 2


def test_a_waiting_intake_may_be_stopped_and_tried_again(
    sato: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BACKGROUND_ROWS", 1)
    row = bring(sato)
    sato.post(f"/office/intake/{row.pk}/apply/")
    assert "止めて確認に戻す" in sato.get(f"/office/intake/{row.pk}/").content.decode()
    sato.post(f"/office/intake/{row.pk}/stop/")
    row.refresh_from_db()
    assert (row.state, row.errors[0]["message"][:7]) == (S.PREVIEWED, "取込を止めて、")


def test_taking_in_twice_is_refused_in_words(sato: Client) -> None:
    row = bring(sato)
    sato.post(f"/office/intake/{row.pk}/apply/")
    answer = sato.post(
        f"/office/intake/{row.pk}/apply/",
        headers={"referer": f"http://testserver/office/intake/{row.pk}/"},
        follow=True,
    )
    assert "「取込済」なので" in answer.content.decode()


def test_the_same_file_says_when_it_came_before(sato: Client) -> None:
    first = bring(sato)
    sato.post(f"/office/intake/{first.pk}/apply/")
    page = sato.get(f"/office/intake/{bring(sato).pk}/").content.decode()
    assert "同じファイルです。" in page and f"/office/intake/{first.pk}/" in page


def test_undo_is_offered_and_works(sato: Client) -> None:
    row = bring(sato)
    sato.post(f"/office/intake/{row.pk}/apply/")
    assert "取込を取り消す" in sato.get(f"/office/intake/{row.pk}/").content.decode()
    sato.post(f"/office/intake/{row.pk}/undo/")
    row.refresh_from_db()
    assert (row.state, NumberSeries.objects.count()) == (S.UNDONE, 0)


def test_the_original_comes_back_byte_for_byte_and_is_noted(sato: Client) -> None:
    row = bring(sato)
    answer = sato.get(f"/office/intake/{row.pk}/original/0/")
    assert b"".join(answer.streaming_content) == CSV  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Activity.objects.get(subject_id=row.pk, verb="download").actor_name == "佐藤"
    assert sato.get(f"/office/intake/{row.pk}/original/1/").status_code == 404


def test_the_history_lists_every_intake(sato: Client) -> None:
    bring(sato)
    page = sato.get("/office/intake/").content.decode()
    assert "採番.csv" in page and "確認中" in page
    assert "採番.csv" not in sato.get("/office/intake/?q=ない").content.decode()


def test_an_unknown_kind_is_not_found(sato: Client) -> None:
    assert sato.get("/office/intake/new/nothing/").status_code == 404


def test_a_stranger_sees_and_changes_nothing(sato: Client, client: Client) -> None:
    row = bring(sato)
    stranger = Client()
    stranger.force_login(Staff.objects.create_user("bugaisha", password="x" * 12, display_name="部外者"))
    for path in ("", "mapping/", "errors/", "progress/", "original/0/"):
        assert stranger.get(f"/office/intake/{row.pk}/{path}").status_code == 403, path
    for path in ("apply/", "again/", "undo/", "stop/"):
        assert stranger.post(f"/office/intake/{row.pk}/{path}").status_code == 403, path
    assert stranger.get("/office/intake/new/series/").status_code == 403
    assert "採番.csv" not in stranger.get("/office/intake/").content.decode()
    assert "取り込める種類がありません" in stranger.get("/office/intake/new/").content.decode()
    row.refresh_from_db()
    assert (row.state, NumberSeries.objects.count(), IntakeFile.objects.count()) == (S.PREVIEWED, 0, 1)
    assert Client().get(f"/office/intake/{row.pk}/").status_code == 302


@pytest.mark.parametrize("path", ["apply/", "again/", "undo/", "stop/"])
def test_changes_are_asked_by_post_only(sato: Client, path: str) -> None:
    assert sato.get(f"/office/intake/{bring(sato).pk}/{path}").status_code == 405
