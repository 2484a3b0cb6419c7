"""受け皿フォルダー: each .eml is taken by one process, put away with its reason, and never lost."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from akinai.adapters.mailbox import drop


def put(folder: Path, name: str, raw: bytes = b"From: a@b.jp\r\n\r\nx", *, age: int = 60) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_files_come_oldest_first_and_are_put_away(tmp_path: Path) -> None:
    put(tmp_path, "b.eml", b"2", age=60)
    put(tmp_path, "a.EML", b"3", age=30)
    put(tmp_path, "c.eml", b"1", age=90)
    put(tmp_path, "memo.txt")
    taken = list(drop.claim(tmp_path))
    assert [mail.raw for mail in taken] == [b"1", b"2", b"3"]
    taken[0].done()
    taken[1].refuse("メールではありません。")
    assert (tmp_path / "done" / "c.eml").read_bytes() == b"1"
    assert (tmp_path / "refused" / "b.eml.txt").read_text("utf-8-sig") == "メールではありません。\n"
    assert (tmp_path / "memo.txt").exists()


def test_two_processes_never_take_the_same_file(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    put(tmp_path, "b.eml")
    first, second = drop.claim(tmp_path), drop.claim(tmp_path)
    taken = [
        next(first).name,
        next(second).name,
        *(mail.name for mail in first),
        *(mail.name for mail in second),
    ]
    assert sorted(taken) == ["a.eml", "b.eml"]


def test_files_still_being_written_and_links_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "new.eml", age=0)
    (tmp_path / "link.eml").symlink_to("/etc/passwd")
    (tmp_path / "folder.eml").mkdir()
    for name in ("link.eml", "folder.eml"):  # as old as any that is taken
        os.utime(tmp_path / name, (1, 1), follow_symlinks=False)
    assert list(drop.claim(tmp_path)) == []


def test_what_a_dead_process_had_claimed_comes_again(tmp_path: Path) -> None:
    put(tmp_path, "a.eml", age=3600)
    assert len(list(drop.claim(tmp_path))) == 1
    assert list(drop.claim(tmp_path, now=time.time() + 60)) == [], "the process is at it"
    later = time.time() + 16 * 60
    assert [mail.name for mail in drop.claim(tmp_path, now=later)] == ["a.eml"]


def test_a_second_file_of_the_same_name_does_not_cover_the_first(tmp_path: Path) -> None:
    for raw in (b"1", b"2"):
        put(tmp_path, "a.eml", raw)
        next(drop.claim(tmp_path)).done()
    assert sorted(path.read_bytes() for path in (tmp_path / "done").iterdir()) == [b"1", b"2"]


def test_a_file_of_the_name_of_one_that_is_being_taken_waits(tmp_path: Path) -> None:
    put(tmp_path, "a.eml", b"1")
    taken = next(drop.claim(tmp_path))
    put(tmp_path, "a.eml", b"2")
    assert list(drop.claim(tmp_path)) == []
    assert taken.path.read_bytes() == b"1"
    taken.done()
    assert [mail.raw for mail in drop.claim(tmp_path)] == [b"2"]


def test_of_a_file_over_the_limit_only_so_much_is_read_that_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop, "MOST_BYTES", 3)
    put(tmp_path, "a.eml", b"123456")
    assert [mail.raw for mail in drop.claim(tmp_path)] == [b"1234"]
