"""When script/server opens the demo company: on the first run on each database, unless a real shop moves in."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import serve


@pytest.fixture(autouse=True)
def fresh_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(serve, "home", lambda: tmp_path)
    monkeypatch.setattr(serve, "database_url", lambda: "postgresql://shop:geheim@db/akinai")
    monkeypatch.delenv("AKINAI_DEMO", raising=False)
    return tmp_path


def test_the_first_run_opens_the_demo_company_and_the_second_does_not(fresh_home: Path) -> None:
    assert serve._wants_demo()
    (fresh_home / "demo").write_text(serve._database_mark())
    assert not serve._wants_demo()
    assert "geheim" not in (fresh_home / "demo").read_text()


def test_another_database_has_a_first_run_of_its_own(
    fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fresh_home / "demo").write_text(serve._database_mark())
    monkeypatch.setattr(serve, "database_url", lambda: "postgresql://shop@other/akinai")
    assert serve._wants_demo()


def test_a_real_shop_is_not_given_the_demo_company_nor_shown_its_passwords(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AKINAI_DEMO", "0")
    assert not serve._wants_demo()
    serve._welcome(8000, shows_logins=False)
    assert "akinai-demo" not in capsys.readouterr().out
