"""お届けの間隔: the arithmetic, held against the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.business_days import month_end, shop_closed
from akinai.orders.intervals import Interval, order_day

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
DISTANCES = st.one_of(
    st.builds(Interval, st.just("days"), st.integers(1, 366)),
    st.builds(Interval, st.just("weeks"), st.integers(1, 52)),
)
MONTHLY = st.one_of(
    st.builds(Interval, st.just("month_day"), st.integers(1, 12), day=st.integers(1, 31)),
    st.builds(
        Interval, st.just("month_week"), st.integers(1, 12), week=st.integers(1, 5), weekday=st.integers(0, 6)
    ),
)


@given(DISTANCES, DAYS)
def test_a_distance_is_kept_to_the_day(interval: Interval, day: date) -> None:
    step = interval.after(day) - day
    assert step.days == interval.every * (1 if interval.kind == "days" else 7)
    assert interval.kind == "days" or interval.after(day).weekday() == day.weekday()


@given(MONTHLY, DAYS)
def test_a_monthly_day_is_the_named_one_in_every_month_it_names(interval: Interval, day: date) -> None:
    first = interval.on_or_after(day)
    assert first >= day
    row = list(interval.days(first, first + timedelta(days=800)))
    assert row == sorted(set(row))
    months = [one.year * 12 + one.month for one in row]
    assert {after - before for before, after in pairwise(months)} <= {interval.every}
    for one in row:
        if interval.kind == "month_day":
            assert one.day == min(interval.day, month_end(one).day)
            continue
        assert one.weekday() == interval.weekday
        is_last = (one + timedelta(days=7)).month != one.month
        assert (one.day - 1) // 7 + 1 == interval.week or (interval.week == 5 and is_last)


@given(MONTHLY, DAYS)
def test_no_earlier_day_would_have_done(interval: Interval, day: date) -> None:
    first = interval.on_or_after(day)
    assert (first - day).days <= 62
    assert interval.on_or_after(first) == first


@given(st.one_of(DISTANCES, MONTHLY), DAYS, st.integers(0, 400))
def test_what_was_missed_is_not_caught_up(interval: Interval, day: date, late: int) -> None:
    today = day + timedelta(days=late)
    found = interval.first_after(day, beyond=today)
    assert found > today and found in set(interval.days(interval.after(day), found))


@given(DAYS, st.integers(0, 10))
def test_an_order_is_made_so_many_open_days_before(day: date, before: int) -> None:
    found, closed = order_day(day, before), shop_closed()
    assert found <= day and (before == 0 or not closed(found))
    open_days = sum(not closed(found + timedelta(days=n)) for n in range((day - found).days))
    assert open_days == before


@pytest.mark.parametrize(
    ("interval", "words", "day", "after"),
    [
        (Interval("days", 30), "30日ごと", date(2026, 11, 24), date(2026, 12, 24)),
        (Interval("weeks", 2), "2週間ごと", date(2026, 11, 24), date(2026, 12, 8)),
        (Interval("month_day", 1, day=31), "毎月末日", date(2027, 1, 31), date(2027, 2, 28)),
        (Interval("month_day", 2, day=10), "2か月ごとの10日", date(2026, 12, 10), date(2027, 2, 10)),
        (
            Interval("month_week", 1, week=2, weekday=1),
            "毎月第2火曜日",
            date(2026, 11, 10),
            date(2026, 12, 8),
        ),
        (
            Interval("month_week", 1, week=5, weekday=4),
            "毎月最終金曜日",
            date(2026, 10, 30),
            date(2026, 11, 27),
        ),
    ],
)
def test_an_interval_says_itself_and_its_next_day(
    interval: Interval, words: str, day: date, after: date
) -> None:
    assert (interval.words, interval.after(day)) == (words, after)


def test_new_year_is_not_a_day_to_pack() -> None:
    assert order_day(date(2027, 1, 5), 1) == date(2027, 1, 4)
    assert order_day(date(2026, 11, 25), 2) == date(2026, 11, 20)  # 23rd is 勤労感謝の日


def test_impossible_intervals_say_why() -> None:
    assert Interval("days", 0).problem() == "間隔は 1 から 366 までです。"
    assert Interval("month_day", 1, day=0).problem() == "日は 1 から 31 までです（31 は月末）。"
    assert Interval("month_week", 1, week=6).problem() == "第何週の何曜日かを選んでください。"
    assert Interval("weeks", 2).problem() == ""
