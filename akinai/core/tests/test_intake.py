"""取込の流れ: preview, apply, undo, mappings, originals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from akinai.core import intake
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.intake import mappings, store
from akinai.core.models import Activity, IntakeFile, IntakeMapping, NumberSeries
from akinai.core.tests.intake_kind import CSV, YEAR, SeriesKind, registered

pytestmark = pytest.mark.django_db
S = IntakeFile.State


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> Path:
    settings.AKINAI_HOME = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def kind() -> Iterator[SeriesKind]:
    kind = SeriesKind()
    with registered(kind):
        yield kind


def look(kind: SeriesKind, data: bytes = CSV, **options: object) -> IntakeFile:
    row, _ = intake.preview(kind, [intake.Upload("a.csv", data)], options=options, by=None)
    return row


def series() -> dict[str, int]:
    return dict(NumberSeries.objects.filter(year=YEAR).values_list("series", "last"))


def test_a_preview_counts_and_shows_and_writes_nothing(kind: SeriesKind) -> None:
    row, plan = intake.preview(kind, [intake.Upload("dir\\a.csv", CSV)], by=None)
    assert (row.state, row.format, row.encoding, row.filename) == (
        S.PREVIEWED,
        "series_csv",
        "utf-8",
        "a.csv",
    )
    assert (row.rows, row.created, row.changed, row.unchanged, row.total_yen) == (2, 2, 0, 0, 3)
    assert row.preview["columns"] == ["系列", "番号"] and row.preview["rows"] == [["A", "1"], ["B", "2"]]
    assert not plan.refused and series() == {}


def test_a_preview_cannot_write_even_if_the_kind_tries(kind: SeriesKind) -> None:
    kind.write_in_plan = True
    row = look(kind)
    assert row.state == S.REFUSED and "想定していない問題" in row.errors[0]["message"]
    assert series() == {}


def test_applying_writes_everything_and_records_who_and_what(kind: SeriesKind) -> None:
    row = look(kind)
    plan = intake.apply(row, by=None)
    assert (plan.refused, row.state, row.result["message"]) == (False, S.APPLIED, "2件の採番を登録しました。")
    assert series() == {"A": 1, "B": 2} and row.applied_at is not None
    history = Activity.objects.get(subject_type="core.intakefile", subject_id=row.pk)
    assert (history.verb, history.to_state, history.summary) == (
        "apply",
        S.APPLIED,
        "2件の採番を登録しました。",
    )


def test_the_same_file_again_finds_everything_unchanged(kind: SeriesKind) -> None:
    intake.apply(look(kind), by=None)
    again = look(kind)
    assert (again.state, again.created, again.changed, again.unchanged) == (S.PREVIEWED, 0, 0, 2)
    intake.apply(again, by=None)
    assert series() == {"A": 1, "B": 2}


def test_a_difference_is_shown_before_it_is_applied(kind: SeriesKind) -> None:
    intake.apply(look(kind), by=None)
    row = look(kind, "系列,番号\nA,1\nB,5\n".encode())
    assert (row.changed, row.unchanged) == (1, 1)
    (change,) = row.preview["changes"]
    assert (change["record"], change["before"], change["after"], change["line"]) == ("B", "2", "5", 3)


def test_applying_plans_again_from_the_original(kind: SeriesKind) -> None:
    row = look(kind)
    NumberSeries.objects.create(series="A", year=YEAR, last=1)
    intake.apply(row, by=None)
    assert (row.created, row.unchanged) == (1, 1)


def test_errors_refuse_the_whole_file_by_line_column_and_value(kind: SeriesKind) -> None:
    row = look(kind, "系列,番号\nA,1\nB,-2\nC,x\n".encode())
    assert row.state == S.REFUSED and row.error_count == 2
    assert [(e["line"], e["column"], e["value"]) for e in row.errors] == [(3, "番号", "-2"), (4, "番号", "x")]
    with pytest.raises(ImpossibleMove):
        intake.apply(row, by=None)
    assert series() == {}


def test_a_file_that_cannot_be_read_is_recorded_as_refused(kind: SeriesKind) -> None:
    row = look(kind, b"")
    assert (row.state, row.errors[0]["message"].startswith("ファイルが空です。")) == (S.REFUSED, True)


def test_applying_twice_is_refused(kind: SeriesKind) -> None:
    row = look(kind)
    intake.apply(row, by=None)
    with pytest.raises(ImpossibleMove, match="取込済"):
        intake.apply(IntakeFile.objects.get(pk=row.pk), by=None)


def test_a_failure_in_the_middle_leaves_nothing(kind: SeriesKind) -> None:
    def fail() -> None:
        raise RuntimeError("a bug")

    kind.after_apply = fail
    row = look(kind)
    with pytest.raises(DomainError, match="何も登録されていません"):
        intake.apply(row, by=None)
    row.refresh_from_db()
    assert (series(), row.state) == ({}, S.PREVIEWED)


def test_other_work_in_between_is_told_and_may_be_tried_again(kind: SeriesKind) -> None:
    def twice() -> None:
        NumberSeries.objects.create(series="A", year=YEAR)

    kind.after_apply = twice
    row = look(kind)
    with pytest.raises(ChangedMeanwhile):
        intake.apply(row, by=None)
    kind.after_apply = None
    intake.apply(row, by=None)
    assert series() == {"A": 1, "B": 2}


def test_a_file_that_went_bad_meanwhile_becomes_refused(kind: SeriesKind, home: Path) -> None:
    row = look(kind)
    (home / "files" / "intake" / row.sha256).write_bytes(b"other")
    assert intake.apply(row, by=None).refused
    row.refresh_from_db()
    assert row.state == S.REFUSED and "保管した元のファイル" in row.errors[0]["message"]


def test_undo_reverses_and_is_recorded(kind: SeriesKind) -> None:
    row = look(kind)
    intake.apply(row, by=None)
    assert intake.undo(row, by=None) == "2件を取り消しました。"
    assert (series(), row.state) == ({}, S.UNDONE) and row.undone_at is not None
    with pytest.raises(ImpossibleMove):
        intake.undo(row, by=None)


def test_a_refused_undo_changes_nothing(kind: SeriesKind) -> None:
    row = look(kind, "系列,番号\nlocked,1\n".encode())
    intake.apply(row, by=None)
    with pytest.raises(DomainError, match="使われています"):
        intake.undo(row, by=None)
    row.refresh_from_db()
    assert (row.state, series()) == (S.APPLIED, {"locked": 1})


def test_the_original_is_kept_byte_for_byte(kind: SeriesKind, home: Path) -> None:
    row = look(kind, CSV)
    assert (home / "files" / "intake" / row.sha256).read_bytes() == CSV
    assert store.load(row.files[0]).data == CSV


def test_several_files_are_one_intake(kind: SeriesKind) -> None:
    uploads = [intake.Upload("a.csv", CSV), intake.Upload("b.csv", "系列,番号\nC,3\n".encode())]
    row, _ = intake.preview(kind, uploads, by=None)
    other, _ = intake.preview(kind, uploads[::-1], by=None)
    assert (row.filename, row.rows, len(row.files)) == ("a.csv、b.csv", 3, 2)
    assert row.sha256 == other.sha256


def test_no_file_is_refused(kind: SeriesKind) -> None:
    row, plan = intake.preview(kind, [], by=None)
    assert plan.refused and "選ばれていません" in row.errors[0]["message"]


def test_unknown_columns_ask_for_a_mapping(kind: SeriesKind) -> None:
    row = look(kind, "なまえ,すうじ\nA,1\n".encode())
    assert row.state == S.REFUSED
    assert "必須の項目 「系列」、「番号」 がどの列か分かりません" in row.errors[0]["message"]


def test_columns_called_by_another_known_name_need_no_mapping(kind: SeriesKind) -> None:
    row = look(kind, "シリーズ,番号\nA,1\n".encode())
    assert (row.format, row.preview["mapped"]) == (intake.GENERIC, {"series": "シリーズ", "last": "番号"})


def test_a_saved_mapping_is_found_again_by_its_columns(kind: SeriesKind) -> None:
    data = "なまえ,すうじ\nA,1\n".encode()
    row = look(kind, data)
    columns = {"series": "なまえ", "last": "すうじ"}
    mappings.save(kind, name="うちの表", columns=columns, headers=("なまえ", "すうじ"), by=None)
    intake.read_again(row, options={}, by=None)
    assert (row.state, row.format, row.created) == (S.PREVIEWED, intake.GENERIC, 1)
    assert look(kind, "すうじ,なまえ\n7,Z\n".encode()).preview["rows"] == [["Z", "7"]]
    assert look(kind, data, mapping="うちの表").state == S.PREVIEWED


def test_a_mapping_that_is_not_saved_is_called_by_name(kind: SeriesKind) -> None:
    assert "「ない表」は保存されていません" in look(kind, CSV, mapping="ない表").errors[0]["message"]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"series": "a"}, "必須の項目 「番号」"),
        ({"series": "a", "last": "z"}, "列「z」がファイルにありません"),
        ({"series": "a", "last": "a"}, "2つの項目に選ばれています"),
    ],
)
def test_a_bad_mapping_is_refused(kind: SeriesKind, columns: dict[str, str], reason: str) -> None:
    with pytest.raises(DomainError, match=reason):
        mappings.save(kind, name="x", columns=columns, headers=("a", "b"), by=None)
    assert not IntakeMapping.objects.exists()


def test_an_unknown_format_is_refused_with_those_known(kind: SeriesKind) -> None:
    row, _ = intake.preview(kind, [intake.Upload("a.csv", CSV)], format="nothing", by=None)
    assert "series_csv（採番CSV）" in row.errors[0]["message"]


def test_reading_again_with_other_options_is_remembered(kind: SeriesKind) -> None:
    row = look(kind)
    intake.read_again(row, options={"create_skus": True, "format": ""}, by=None)
    row.refresh_from_db()
    assert (row.options, row.state) == ({"create_skus": True}, S.PREVIEWED)


def test_texts_that_the_database_cannot_hold_are_made_harmless(kind: SeriesKind) -> None:
    row = look(kind, "系列,番号\nA,\ufffe\n".encode())
    assert row.errors[0]["line"] == 2
    row, _ = intake.preview(kind, [intake.Upload("bad\udcff\x00\n名.csv", CSV)], by=None)
    assert row.filename == "bad?名.csv"


def test_queueing_puts_one_job_into_the_queue_with_the_state(kind: SeriesKind) -> None:
    row = look(kind)
    intake.queue(row, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        (job,) = cursor.fetchall()
    assert job[0] == "core.apply_intake" and f"{row.pk}" in str(job[1])
    assert (row.state, row.progress_total) == (S.APPLYING, 2)


def test_the_job_applies_once_however_often_it_runs(kind: SeriesKind) -> None:
    from akinai.core.intake.tasks import apply_intake

    row = look(kind)
    intake.queue(row, by=None)
    apply_intake(row.pk)
    apply_intake(row.pk)
    row.refresh_from_db()
    assert (row.state, series()) == (S.APPLIED, {"A": 1, "B": 2})
    assert Activity.objects.filter(subject_id=row.pk, verb="apply").count() == 1


def test_a_job_that_fails_gives_the_file_back_with_the_reason(kind: SeriesKind) -> None:
    from akinai.core.intake.tasks import apply_intake

    def fail() -> None:
        raise RuntimeError("a bug")

    kind.after_apply = fail
    row = look(kind)
    intake.queue(row, by=None)
    apply_intake(row.pk)
    row.refresh_from_db()
    assert (row.state, series()) == (S.PREVIEWED, {})
    assert "想定していない問題" in row.errors[0]["message"]
