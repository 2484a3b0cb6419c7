"""需要予測: right on plain histories, careful on short ones, silent about the future it has not seen."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.purchasing.replenish import Method, forecast, gather
from akinai.purchasing.replenish.tests.shelves import FIRST, series


def test_a_steady_product_is_forecast_exactly() -> None:
    made = forecast(series([4] * 60)).row(0)
    assert (made.method, made.per_day, made.days) == (Method.AVERAGE, pytest.approx(4), 60)
    assert made.level_variance == pytest.approx(made.day_variance / 60)


def test_no_history_says_so_and_forecasts_nothing() -> None:
    made = forecast(series([0] * 30, [1] * 30, born=[30, 0])).row(0)
    assert made.is_new
    assert (made.per_day, made.day_variance, made.days) == (0, 0, 0)


@pytest.mark.parametrize("days", [1, 2, 3, 5, 8, 13, 14, 27, 56])
def test_short_histories_are_forecast_by_their_mean_with_a_wide_level(days: int) -> None:
    made = forecast(
        series([6, 0, 3][:days] * (days // 3 + 1), [0, 2, 1][:days] * (days // 3 + 1)).until(days - 1)
    )
    for row in (made.row(0), made.row(1)):
        assert row.method is Method.AVERAGE or days >= 28
        assert np.isfinite([row.per_day, row.day_variance, row.level_variance]).all()
        assert row.level_variance >= row.day_variance / days - 1e-9
    if days <= 14:
        assert made.row(0).per_day == pytest.approx(np.mean(([6, 0, 3] * days)[:days]))


def test_a_product_that_doubles_is_followed_by_smoothing() -> None:
    made = forecast(series([4] * 60 + [8] * 60)).row(0)
    assert made.method is not Method.AVERAGE
    assert 7.5 < made.per_day <= 8.01


def test_a_product_that_no_longer_sells_fades() -> None:
    made = forecast(series([0, 3, 0] * 30 + [0] * 60)).row(0)
    assert made.method in {Method.TSB, Method.SMOOTHING}, "methods that only learn on sales never hear of it"
    assert made.per_day < 0.1


def test_a_product_that_sells_every_tenth_day_is_forecast_by_its_rate() -> None:
    made = forecast(series([0, 0, 0, 5, 0, 0, 0, 0, 0, 0] * 18)).row(0)
    assert made.per_day == pytest.approx(0.5, rel=0.1)


def test_saturdays_are_seen_in_the_week() -> None:
    """FIRST is a Monday; three times as much on Saturdays."""
    made = forecast(series([2, 2, 2, 2, 2, 6, 2] * 10)).row(0)
    assert made.weekday[5] / made.weekday[0] == pytest.approx(3, rel=0.01)
    assert sum(made.weekday) == pytest.approx(7)
    assert made.per_day == pytest.approx(18 / 7, rel=0.01)
    flat = forecast(series([2, 2, 2, 2, 2, 6, 2] * 10)).row(0)
    assert flat.day_variance < 18 / 7 * 1.5, "the wave is no uncertainty"


def test_a_product_leans_from_the_shops_week_to_its_own_the_longer_it_sells() -> None:
    """Five flat products, one that sells on Saturdays: at first it is taken for flat, after half a year hardly."""
    wave = [2, 2, 2, 2, 2, 8, 2]
    young, old = (forecast(series(wave * weeks, *[[3] * 7 * weeks] * 5)).row(0) for weeks in (7, 26))
    assert young.weekday[5] < 1.5
    assert 2 < old.weekday[5] < 8 / (20 / 7)


def test_days_sold_out_do_not_pull_the_forecast_down() -> None:
    closed = [(0, day) for day in range(10, 30)]
    assert forecast(series([4] * 10 + [0] * 20 + [4] * 30, closed=closed)).row(0).per_day == pytest.approx(4)


def test_days_before_birth_do_not_pull_the_forecast_down() -> None:
    assert forecast(series([0] * 40 + [4] * 20, born=[40])).row(0).per_day == pytest.approx(4)


def test_a_spread_fades_with_the_product_it_belongs_to() -> None:
    """Nothing between 0 and 900 can vary by more than 900 × its mean; an old wild time must not order thousands."""
    for past in ([900] + [0] * 99, [900, 0] * 10 + [0] * 80, [0] * 50 + [900] + [0] * 49):
        made = forecast(series(past)).row(0)
        assert made.day_variance <= made.per_day * 900 + 1e-9


rows = st.lists(st.integers(0, 20), min_size=40, max_size=80)


@given(rows, st.lists(st.integers(0, 500), min_size=1, max_size=40))
@settings(max_examples=30)
def test_the_future_never_leaks_into_a_forecast(past: list[int], future: list[int]) -> None:
    today = len(past) - 1
    known = forecast(series(past))
    seen_later = forecast(series(past + future).until(today))
    assert known.row(0) == seen_later.row(0)
    assert known.next_on == FIRST + timedelta(days=len(past))


@given(rows, st.integers(2, 9))
@settings(max_examples=30)
def test_selling_k_times_as_much_is_forecast_k_times_as_high(past: list[int], k: int) -> None:
    """With the method the same: what is large enough to choose one is chosen by shape, not by size."""
    small = forecast(series(past)).row(0)
    large = forecast(series([pieces * k for pieces in past])).row(0)
    assert large.method is small.method
    assert large.per_day == pytest.approx(small.per_day * k)
    assert large.day_variance >= small.day_variance


@given(rows)
@settings(max_examples=30)
def test_a_forecast_is_finite_and_not_negative(past: list[int]) -> None:
    made = forecast(series(past, past[::-1]))
    for numbers in (made.per_day, made.day_variance, made.level_variance):
        assert (np.isfinite(numbers) & (numbers >= 0)).all()
    assert (made.day_variance >= made.per_day - 1e-9).all()


def test_stored_rows_gather_to_the_same_forecasts() -> None:
    made = forecast(series([1, 2, 3] * 20, [0, 0, 5] * 20))
    again = gather([made.row(0), made.row(1)], made.next_on)
    assert [again.row(n) for n in range(2)] == [made.row(n) for n in range(2)]
