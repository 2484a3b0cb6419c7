"""書式と図: what a number, a day and a chart look like."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from akinai.ui import charts, formats, icons, tones


def draw(text: str, **context: object) -> str:
    return Template("{% load akinai %}" + text).render(Context(context))


def test_yen_dates_and_numbers_look_as_japanese_users_write_them() -> None:
    at = datetime(2026, 11, 24, 5, 5, tzinfo=UTC)
    assert [formats.yen(12_340), formats.yen(-1_200), formats.yen(None)] == ["¥12,340", "▲¥1,200", "–"]
    assert [formats.signed_yen(n) for n in (1_200, -1_200, 0)] == ["+1,200", "▲1,200", "0"]
    assert [formats.jdate(date(2026, 11, 24)), formats.jdatetime(at)] == [
        "2026/11/24(火)",
        "2026/11/24(火) 14:05",
    ]
    assert formats.jdate(datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) == "2026/11/25(水)"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "たった今"), (3, "3分前"), (125, "2時間前"), (60 * 9, "今日 05:05"), (60 * 20, "昨日 18:05"), (60 * 72, "2026/11/21(土)")],
)  # fmt: skip
def test_times_gone_by_are_told_in_words(minutes: int, words: str) -> None:
    now = datetime(2026, 11, 24, 5, 5, tzinfo=UTC)
    assert formats.ago(now - timedelta(minutes=minutes), now) == words


def test_every_icon_is_well_formed() -> None:
    for name in icons.ICONS:
        assert ElementTree.fromstring(icons.svg(name)).get("viewBox") == "0 0 24 24"
    with pytest.raises(KeyError):
        icons.svg("nobody-drew-this")


def test_query_strings_are_edited_and_start_at_the_top(rf: RequestFactory) -> None:
    request = rf.get("/?q=山田&f.state=a&f.state=b&after=zzz&size=50")
    assert (
        draw('{% qs sort="-x" size=None %}', request=request)
        == "?q=%E5%B1%B1%E7%94%B0&amp;f.state=a&amp;f.state=b&amp;sort=-x"
    )


def test_texts_in_badges_tiles_and_charts_are_escaped() -> None:
    evil = "<script>"
    for tag in (
        "{% badge evil %}", "{% stat evil 1 %}", "{% fact evil evil %}", "{% empty_state title=evil text=evil %}",
        "{% notice 'info' title=evil %}{{ evil }}{% endnotice %}", "{% panel evil %}{{ evil }}{% endpanel %}",
        "{% bar_chart rows %}", "{% progress 1 2 label=evil %}", "{% crumb evil %}", "{% icon 'box' evil %}",
    ):  # fmt: skip
        assert "<script>" not in draw(tag, evil=evil, rows=[(evil, 3)]), tag


def test_chart_scales_end_on_round_numbers() -> None:
    assert [(s.top, s.step) for s in map(charts.scale_for, (0, 3, 7, 42, 367_100))] == [
        (1, 1), (3, 1), (8, 2), (50, 10), (400_000, 100_000)
    ]  # fmt: skip
    assert [charts.short(n) for n in (900, 50_000, 230_000_000)] == ["900", "5万", "2.3億"]


def test_a_chart_without_rows_draws_nothing_and_shares_stay_within_the_bar() -> None:
    assert (charts.bar_chart([]), charts.spark([1])) == ("", "")
    assert 'width="100.0"' in charts.progress(5, 3) and 'width="0.0"' in charts.progress(1, 0)


def test_a_tone_nobody_knows_is_a_mistake_told_at_start() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        tones.register("x.y.z", {"a": "pink"})


def test_what_only_the_command_line_needs_is_left_out_on_screen() -> None:
    told = (
        "円単位の整数にするか、指定「四捨五入する」（--option round_prices=1）を選んでください（前の行も）。"
    )
    assert (
        draw("{{ told|on_screen }}", told=told)
        == "円単位の整数にするか、指定「四捨五入する」を選んでください（前の行も）。"
    )
