"""Dates with and without a year."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.adapters.banks.dates import Period, find_period, read_date


@pytest.mark.parametrize(
    "text",
    [
        "2026/4/3",
        "2026-04-03",
        "2026.04.03",
        "2026年4月3日",
        "20260403",
        "２０２６／４／３",
        "令和8年4月3日",
        "R8.4.3",
        "2026/04/03 12:30",
    ],
)
def test_ways_to_write_one_day(text: str) -> None:
    assert read_date(text) == date(2026, 4, 3)


def test_the_first_year_of_an_era() -> None:
    assert read_date("令和元年5月1日") == date(2019, 5, 1)
    assert read_date("平成31年4月30日") == date(2019, 4, 30)


def test_a_date_without_year_takes_it_from_the_period() -> None:
    turn = Period(date(2025, 12, 20), date(2026, 1, 10))
    assert read_date("12月31日", period=turn) == date(2025, 12, 31)
    assert read_date("1/5", period=turn) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "period", "words"),
    [
        ("2026/2/30", None, "という日はありません"),
        ("26/4/3", None, "読めません"),
        ("46000", None, "読めません"),
        ("", None, "読めません"),
        ("4月30日", None, "取込のときに年を指定"),
        ("3月1日", Period(date(2026, 4, 1), date(2026, 4, 30)), "収まりません"),
        ("4月30日", Period(date(2025, 4, 1), date(2026, 4, 30)), "2通りの年"),
        ("2月29日", Period(date(2026, 1, 1), date(2026, 12, 31)), "収まりません"),
    ],
)
def test_refused(text: str, period: Period | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_date(text, period=period)


def test_the_period_is_found_above_the_header() -> None:
    assert find_period(["店名 本店", "照会期間 2026年4月1日～2026年4月30日"]) == Period(
        date(2026, 4, 1), date(2026, 4, 30)
    )
    assert find_period(["対象期間：令和8年4月1日 - 令和8年4月30日"]) == Period(
        date(2026, 4, 1), date(2026, 4, 30)
    )
    assert find_period(["期間 20260401 20260430"]) == Period(date(2026, 4, 1), date(2026, 4, 30))
    assert find_period(["作成日 2026年4月1日"]) is None
