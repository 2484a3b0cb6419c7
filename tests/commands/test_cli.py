"""The `akinai` command before any of its commands begins: words, homes and databases that cannot be used."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from akinai.core import answers
from config import cli, home, prepare
from config.postgres import PostgresUnavailable


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return answer


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_without_words_it_tells_what_it_can_do(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    text = capsys.readouterr().out
    for command in (*cli.OPERATORS, "serve", "stop-db", "AKINAI_HOME", "DATABASE_URL"):
        assert command in text


@pytest.mark.parametrize("command", ["serve", "stop-db"])
def test_help_of_the_shop_explains_and_starts_nothing(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"使い方: akinai {command}")


def test_an_unknown_command_is_refused_in_japanese_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["intaek", "orders", "--json"]) == 1
    assert "「intaek」というコマンドはありません" in last_line(capsys)["errors"][0]["message"]


@pytest.mark.parametrize("command", cli.OPERATORS)
def test_a_failure_before_the_command_begins_has_the_keys_of_its_answer(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("a secret that nobody should read")

    monkeypatch.setattr(prepare, "prepare", fail)
    assert cli.main([command, "--json"]) == 1
    told = capsys.readouterr()
    answer = json.loads(told.out.strip().splitlines()[-1])
    assert set(answers.EMPTY[command.replace("-", "_")]) <= set(answer) and answer["ok"] is False
    assert "RuntimeError" in answer["errors"][0]["message"]
    assert "secret" not in told.out + told.err and "Traceback" not in told.out + told.err


@pytest.mark.parametrize("url", ["mysql://u:geheim@x/y", "sqlite:///geheim", "geheim"])
def test_another_database_is_refused_without_showing_its_password(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "database_url", lambda: url)
    assert cli.main(["leaks", "--json"]) == 1
    told = capsys.readouterr()
    assert "postgresql:// で始めてください" in told.out and "geheim" not in told.out + told.err


def test_a_server_that_does_not_answer_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "database_url", lambda: "postgresql://shop:geheim@127.0.0.1:1/akinai")
    with pytest.raises(PostgresUnavailable, match="つながりません.*port 1.*DATABASE_URL") as refusal:
        prepare.prepare()
    assert "geheim" not in str(refusal.value)


def test_a_server_that_is_too_old_is_refused_with_the_version_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "OLDEST", 99)
    with pytest.raises(PostgresUnavailable, match=r"PostgreSQL \d+ は古すぎます。99 以上が必要です"):
        prepare.prepare()


def test_a_home_that_cannot_be_made_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("AKINAI_HOME", str(blocked / "home"))
    home.home.cache_clear()
    try:
        with pytest.raises(home.HomeUnusable, match="を使えません.*AKINAI_HOME"):
            home.home()
    finally:
        monkeypatch.undo()
        home.home.cache_clear()


def test_of_many_who_begin_at_once_one_writes_the_key_and_all_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    gate, read = threading.Barrier(8), []

    def begin(text: str) -> None:
        gate.wait()
        home._write_once(path, text * 50)
        read.append(path.read_text())

    threads = [threading.Thread(target=begin, args=(str(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(read)) == 1 and len(read[0]) == 50 and len(read) == 8
    assert (path.stat().st_mode & 0o777, len(list(tmp_path.iterdir()))) == (0o600, 1)


def test_one_process_at_a_time_prepares_a_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(prepare, "home", lambda: tmp_path)
    inside: list[int] = []
    most: list[int] = []

    def migrate(*_args: object, **_how: object) -> None:
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.2)
        inside.pop()

    monkeypatch.setattr("django.core.management.call_command", migrate)
    threads = [threading.Thread(target=prepare.prepare) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]  # the others found it done
