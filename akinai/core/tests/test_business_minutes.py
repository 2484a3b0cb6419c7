"""営業分: against a model that counts every minute."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core.business_minutes import Hours, add, check, is_open, minutes_between

TOKYO = ZoneInfo("Asia/Tokyo")
NINE_TO_SIX = [(time(9), time(18))]
SHOP = Hours([NINE_TO_SIX] * 5 + [[], []])
FRIDAY = datetime(2026, 11, 20, 17, 30, tzinfo=TOKYO)  # Monday the 23rd is 勤労感謝の日


def test_a_promise_of_friday_evening_goes_on_after_weekend_and_holiday() -> None:
    assert add(FRIDAY, 120, SHOP) == datetime(2026, 11, 24, 10, 30, tzinfo=TOKYO)
    assert minutes_between(FRIDAY, datetime(2026, 11, 24, 10, 30, tzinfo=TOKYO), SHOP) == 120


def test_a_promise_can_end_at_the_last_minute_of_the_day() -> None:
    assert add(FRIDAY, 30, SHOP) == datetime(2026, 11, 20, 18, 0, tzinfo=TOKYO)


def test_a_question_of_the_night_counts_from_the_opening() -> None:
    night = datetime(2026, 11, 25, 2, 0, tzinfo=TOKYO)
    assert add(night, 0, SHOP) == datetime(2026, 11, 25, 9, 0, tzinfo=TOKYO)
    assert not is_open(night, SHOP)
    assert is_open(datetime(2026, 11, 25, 9, 0, tzinfo=TOKYO), SHOP)
    assert not is_open(datetime(2026, 11, 25, 18, 0, tzinfo=TOKYO), SHOP)


def test_a_special_day_has_hours_of_its_own() -> None:
    special = Hours(SHOP.weekly, {date(2026, 11, 23): [(time(10), time(12))], date(2026, 11, 24): []})
    assert add(FRIDAY, 90, special) == datetime(2026, 11, 23, 11, 0, tzinfo=TOKYO)
    assert add(FRIDAY, 210, special) == datetime(2026, 11, 25, 10, 0, tzinfo=TOKYO)


def test_hours_that_never_open_are_refused() -> None:
    with pytest.raises(ValueError, match="never open"):
        add(FRIDAY, 1, Hours([[]] * 7))


def test_spans_must_be_in_order() -> None:
    assert check([(time(9), time(12)), (time(13), time(0))]) == ""
    assert "後" in check([(time(9), time(9))])
    assert "重な" in check([(time(9), time(12)), (time(11), time(13))])
    assert "重な" in check([(time(9), time(0)), (time(11), time(13))])


SPANS = st.sampled_from(
    [[], [(time(9), time(18))], [(time(0), time(0))], [(time(8, 15), time(12)), (time(13), time(17, 45))], [(time(22), time(0))]]
)  # fmt: skip


@given(
    weekly=st.lists(SPANS, min_size=7, max_size=7),
    begin=st.datetimes(datetime(2026, 4, 25), datetime(2026, 5, 8)),
    length=st.integers(0, 4000),
)
def test_minutes_are_those_that_a_clerk_with_a_stopwatch_counts(
    weekly: list[list[tuple[time, time]]], begin: datetime, length: int
) -> None:
    hours = Hours(weekly)
    start = begin.replace(second=0, microsecond=0, tzinfo=TOKYO)
    end = start + timedelta(minutes=length)
    counted = sum(is_open(start + timedelta(minutes=at), hours) for at in range(length))
    assert minutes_between(start, end, hours) == counted
    if counted:
        assert minutes_between(start, add(start, counted, hours), hours) == counted
        assert add(start, counted, hours) <= end
