"""`akinai intake`: answers, JSON and exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from akinai.core.models import IntakeFile, NumberSeries
from akinai.core.tests.intake_kind import CSV, SeriesKind, registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(tmp_path: Path, settings: Any) -> Iterator[SeriesKind]:
    settings.AKINAI_HOME = tmp_path / "home"
    kind = SeriesKind()
    with registered(kind):
        yield kind


def run(*words: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("intake", *words, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def answer(*words: str) -> tuple[int, dict[str, Any]]:
    status, text = run(*words, "--json")
    return status, json.loads(text.strip().splitlines()[-1])


def file(tmp_path: Path, data: bytes = CSV, name: str = "a.csv") -> str:
    path = tmp_path / name
    path.write_bytes(data)
    return str(path)


def test_a_file_is_taken_in_and_told_as_json(tmp_path: Path) -> None:
    status, told = answer("series", file(tmp_path))
    row = IntakeFile.objects.get()
    assert status == 0
    assert told == {
        "rows": 2, "created": 2, "changed": 0, "unchanged": 0, "exceptions": 0, "total_yen": 3, "errors": [],
        "format": "series_csv", "encoding": "utf-8", "dry_run": False, "ok": True, "intake": row.pk,
        "message": "2件の採番を登録しました。", "files": [{"file": "a.csv", "encoding": "utf-8"}], "parts": [], "notes": [],
    }  # fmt: skip
    assert NumberSeries.objects.count() == 2


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    status, told = answer("series", file(tmp_path), "--dry-run")
    assert (status, told["created"], told["dry_run"], NumberSeries.objects.count()) == (0, 2, True, 0)
    assert (told["intake"], IntakeFile.objects.count()) == (None, 0)
    assert not list((tmp_path / "home").rglob("*"))


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    answer("series", file(tmp_path))
    status, told = answer("series", file(tmp_path))
    assert (status, told["created"], told["changed"], told["unchanged"]) == (0, 0, 0, 2)


def test_a_refused_file_ends_with_one(tmp_path: Path) -> None:
    status, told = answer("series", file(tmp_path, "系列,番号\nA,-1\n".encode()))
    assert (status, told["ok"]) == (1, False)
    assert told["errors"] == [
        {"file": "a.csv", "line": 2, "column": "番号", "value": "-1", "message": "数量「-1」がマイナスです。"}
    ]
    assert NumberSeries.objects.count() == 0


def test_what_cannot_be_read_is_told_and_ends_with_one(tmp_path: Path) -> None:
    status, told = answer("series", str(tmp_path / "none.csv"), str(tmp_path))
    assert status == 1
    assert [error["file"] for error in told["errors"]] == ["none.csv", tmp_path.name]
    assert [error["message"][:10] for error in told["errors"]] == [
        "ファイルがありません",
        "フォルダーです。中の",
    ]
    assert told["rows"] == 0 and not IntakeFile.objects.exists()


@pytest.mark.parametrize(
    "words", [("series",), ("nothing", "x.csv"), ("series", "\x00"), ("series", "/dev/null")]
)
def test_a_wrong_call_is_told_as_json_too(words: tuple[str, ...]) -> None:
    status, told = answer(*words)
    assert (status, told["ok"], len(told["errors"])) == (1, False, 1)


def test_options_reach_the_kind(tmp_path: Path) -> None:
    answer(
        "series",
        file(tmp_path),
        "--channel",
        "a",
        "--create-skus",
        "--accept-changes",
        "--option",
        "location=main",
    )
    assert IntakeFile.objects.get().options == {
        "channel": "a",
        "create_skus": True,
        "accept_changes": True,
        "location": "main",
    }


LINES = b"name,last\nE,1\nC,3\n"


def test_files_of_two_formats_are_sorted_and_summed(tmp_path: Path, kind: SeriesKind) -> None:
    kind.mixes = True
    files = [
        file(tmp_path),
        file(tmp_path, LINES, "b.csv"),
        file(tmp_path, "系列,番号\nD,4\n".encode(), "c.csv"),
    ]
    status, told = answer("series", *files)
    assert (status, told["rows"], told["created"], told["total_yen"]) == (0, 5, 5, 11)
    assert told["format"] == "series_csv、generic"
    assert [(part["format"], part["files"], part["rows"]) for part in told["parts"]] == [
        ("series_csv", ["a.csv", "c.csv"], 3),
        ("generic", ["b.csv"], 2),
    ]


def test_one_bad_file_among_many_refuses_all_of_them_and_is_named(tmp_path: Path, kind: SeriesKind) -> None:
    kind.mixes = True
    files = [file(tmp_path), file(tmp_path, b"name,last\nX,-1\n", "b.csv"), file(tmp_path, b"", "c.csv")]
    status, told = answer("series", *files)
    assert (status, told["ok"], told["created"], told["total_yen"]) == (1, False, 0, 0)
    assert [error["file"] for error in told["errors"]] == ["c.csv"]  # shapes first
    status, told = answer("series", *files[:2])
    assert [(error["file"], error["line"], error["value"]) for error in told["errors"]] == [
        ("b.csv", 2, "-1")
    ]
    assert (status, told["message"]) == (1, "取り込めませんでした。何も登録されていません。")
    assert NumberSeries.objects.count() == 0


def test_formats_that_do_not_go_together_are_named(tmp_path: Path) -> None:
    status, told = answer("series", file(tmp_path), file(tmp_path, LINES, "b.csv"))
    assert status == 1
    assert "「a.csv」は採番CSV、「b.csv」はそのほかの表" in told["errors"][0]["message"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    status, told = answer("series", file(tmp_path), file(tmp_path), file(tmp_path, name="copy.csv"))
    assert (status, told["rows"], told["created"]) == (0, 2, 2)
    assert told["notes"] == [
        "「a.csv（2）」は「a.csv」と同じ内容なので、1回だけ読みました。",
        "「copy.csv」は「a.csv」と同じ内容なので、1回だけ読みました。",
    ]


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    other = file(tmp_path / "x", "系列,番号\nB,?\n".encode())
    _status, told = answer("series", file(tmp_path), other)
    assert [error["file"] for error in told["errors"]] == ["a.csv（2）"]


def test_a_wrong_word_is_refused_in_japanese_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    from akinai.core.management.commands.intake import Command

    with pytest.raises(SystemExit) as leaving:
        Command().run_from_argv(["akinai", "intake", "series", "--nonsense", "--json"])
    told = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert (leaving.value.code, told["ok"], told["rows"]) == (1, False, 0)
    assert told["errors"][0]["message"].startswith("「--nonsense」という指定はありません。")


def test_help_is_japanese_and_says_the_rule(capsys: pytest.CaptureFixture[str]) -> None:
    from akinai.core.management.commands.intake import Command

    with pytest.raises(SystemExit) as leaving:
        Command().run_from_argv(["akinai", "intake", "--help"])
    text = capsys.readouterr().out
    assert leaving.value.code == 0 and text.startswith("使い方: akinai intake")
    assert "1回の実行は全部か無かです" in text and "show this help" not in text and "--pythonpath" not in text


def test_people_are_told_in_japanese(tmp_path: Path) -> None:
    status, text = run("series", file(tmp_path))
    assert status == 0 and "新規" in text and text.endswith("2件の採番を登録しました。\n")
    status, text = run("series", file(tmp_path, "系列,番号\nA,x\n".encode()))
    assert status == 1
    assert "a.csv 2行目 番号「x」: 数量「x」を数として読めません。" in text
    assert text.endswith("取り込めませんでした。何も登録されていません。\n")
