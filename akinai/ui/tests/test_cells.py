"""一覧の行: what a cell shows for each kind of value, and that nothing from outside becomes markup."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.html import format_html

from akinai.ui.worklist import Column, pill
from akinai.ui.worklist.drawing import rows_html

EVIL = '<script>"x"</script>'
ESCAPED = "&lt;script&gt;&quot;x&quot;&lt;/script&gt;"


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    request = rf.get("/office/")
    request.user = SimpleNamespace(has_perm=lambda _: False)  # type: ignore[assignment]
    return request


@pytest.mark.parametrize(
    ("kind", "value", "html"),
    [
        ("text", "りんご", "りんご"), ("text", "", '<span class="blank" aria-label="なし">–</span>'), ("text", EVIL, ESCAPED),
        ("yen", -1_200, '<span class="neg">▲¥1,200</span>'), ("number", 12_340, "12,340"), ("percent", 10, "10%"),
        ("signed_yen", 1_200, "+1,200"), ("date", date(2026, 11, 24), "2026/11/24(火)"),
        ("datetime", datetime(2026, 11, 24, 5, 5, tzinfo=UTC), '2026/11/24(火) <span class="time">14:05</span>'),
        ("bool", True, '<span class="tick" aria-label="はい"></span>'), ("bool", False, '<span class="blank" aria-label="なし">–</span>'),
        ("badge", (EVIL, "warn"), f'<span class="badge" data-tone="warn">{ESCAPED}</span>'),
    ],
)  # fmt: skip
def test_each_kind_of_value_has_one_look(request_: HttpRequest, kind: str, value: object, html: str) -> None:
    column = Column("x", "列", format=kind, value=lambda row: row.x)
    assert column.html(SimpleNamespace(x=value), request_) == html


def test_a_long_text_is_clipped_with_the_whole_in_the_tooltip(request_: HttpRequest) -> None:
    row = SimpleNamespace(x="あ" * 31)
    assert (
        Column("x", "列").html(row, request_) == f'<span class="clip" title="{"あ" * 31}">{"あ" * 31}</span>'
    )


def test_a_cell_that_draws_itself_is_escaped_unless_it_is_markup_already(request_: HttpRequest) -> None:
    row = SimpleNamespace(x=EVIL)
    bare = Column("x", "列", value="x", draw=lambda _row, value, _request: value)
    marked = Column("x", "列", draw=lambda row, _value, _request: format_html("<b>{}</b>", row.x))
    assert bare.html(row, request_) == ESCAPED
    assert marked.html(row, request_) == f"<b>{ESCAPED}</b>"


def test_titles_addresses_tones_and_names_of_a_row_are_escaped(request_: HttpRequest) -> None:
    class Row(SimpleNamespace):
        def __str__(self) -> str:
            return EVIL

    columns = [Column("x", EVIL, link=True), Column("y", "値", format="number", card="amount")]
    html = rows_html(
        [Row(pk=7, x="A", y=None)],
        columns,
        request_,
        url=lambda _: f"/{EVIL}",
        tone=lambda _: EVIL,
        select=True,
    )
    assert "<script>" not in html
    assert f'<tr data-tone="{ESCAPED}" data-url="/{ESCAPED}" data-row>' in html
    assert f'name="pk" value="7" aria-label="{ESCAPED}を選択"' in html
    assert f'data-label="{ESCAPED}"><a class="row-link" href="/{ESCAPED}">A</a></td>' in html


def test_a_pill_shows_its_word_and_its_tone() -> None:
    assert pill("要確認", "warn") == '<span class="badge" data-tone="warn">要確認</span>'
