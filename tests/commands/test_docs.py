"""The documents keep up with the code: a page for every room, links that lead somewhere, proofs under their true names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from akinai.core import proofs
from config.home import REPOSITORY

ROOMS = sorted(path.parent.name for path in (REPOSITORY / "akinai").glob("*/__init__.py"))
PAGES = sorted([REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")], key=lambda path: str(path))
LINK = re.compile(r"\]\(([^)#:]+?)(?:#[^)]*)?\)")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_page_that_the_index_names(room: str) -> None:
    page = REPOSITORY / "docs/rooms" / f"{room}.md"
    assert page.is_file(), f"docs/rooms/{room}.md を書いてください"
    assert len(page.read_text().splitlines()) >= 5
    assert f"(rooms/{room}.md)" in (REPOSITORY / "docs/README.md").read_text()


def test_no_page_is_left_of_a_room_that_went() -> None:
    assert {path.stem for path in (REPOSITORY / "docs/rooms").glob("*.md")} == set(ROOMS)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_to_what_is_there(page: Path) -> None:
    wanted = [one for one in LINK.findall(page.read_text()) if not one.startswith("/")]
    assert [one for one in wanted if not (page.parent / one).exists()] == []


def test_proofs_stand_in_the_pages_under_their_true_names() -> None:
    known = {*proofs._proofs, *proofs._checks}
    for page in (REPOSITORY / "docs/rooms").glob("*.md"):
        told = page.read_text().partition("## Proofs\n")[2].partition("\n## ")[0]
        assert set(re.findall(r"`([a-z_]+)`", told)) <= known, page.name
