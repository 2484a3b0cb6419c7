"""PDF by typst: text is never markup, the same data give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from akinai.core import typeset


@pytest.fixture
def template() -> Iterator[Path]:
    path = typeset.ROOT / "core" / "typst" / "of_a_test.typ"
    path.write_text('#let d = json(bytes(sys.inputs.data))\n#set text(font: "Noto Sans CJK JP")\n#d.name\n')
    yield path
    path.unlink()
    typeset._compilers.pop(path, None)


def text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", ["髙橋 﨑 𠮷野家 ① ㈱", '#emph[x] $y$ \\ "z" /* */', "葛󠄀城"])
def test_names_are_drawn_as_they_are(template: Path, name: str) -> None:
    drawn = text(typeset.render(template, {"name": name}))
    assert drawn.replace(" ", "")[:4] == name.replace(" ", "")[:4]


def test_the_same_data_give_the_same_bytes(template: Path) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    first, other, again = (
        typeset.render(template, {"name": name}, at=at) for name in ("佐藤", "鈴木", "佐藤")
    )
    assert first == again != other


def test_what_no_font_has_is_dropped_or_marked() -> None:
    assert typeset.printable("🎁ギフト\u200b\x00\ufe0f ❤ 外字\ue000") == "ギフト ❤ 外字〓"
    assert typeset.printable("二行\nです") == "二行\nです"


def test_many_pages_are_drawn_apart_with_the_same_text(template: Path) -> None:
    assert text(typeset.render_apart(template, {"name": "高橋"})) == text(
        typeset.render(template, {"name": "高橋"})
    )
    with pytest.raises(RuntimeError):
        typeset.render_apart(template.with_name("nowhere.typ"), {})
