"""需要の履歴: what counts as wanted, what is taken back, and what a sold-out day hides."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.purchasing.replenish import Sale, histories
from akinai.purchasing.replenish.history import completed
from akinai.purchasing.replenish.tests.shelves import FIRST, series

LAST = FIRST + timedelta(days=6)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def week(*sales: Sale) -> list[int]:
    history = histories(sales, sku_ids=[1], first_on=FIRST, last_on=LAST)
    return [int(pieces) for pieces in history.pieces[0]]


def test_days_without_a_sale_are_days_with_zero_pieces() -> None:
    assert week(Sale(1, day(1), 2), Sale(1, day(1), 3), Sale(1, day(4), 1)) == [0, 5, 0, 0, 1, 0, 0]


def test_a_cancellation_is_taken_off_the_day_it_undoes() -> None:
    sales = Sale(1, day(0), 4), Sale(1, day(2), 9), Sale(1, day(3), -4, undoes_on=day(0))
    assert week(*sales) == [0, 0, 9, 0, 0, 0, 0]


def test_a_return_of_unknown_origin_is_taken_off_the_latest_days_before_it() -> None:
    sales = Sale(1, day(0), 4), Sale(1, day(2), 3), Sale(1, day(5), 8), Sale(1, day(3), -5)
    assert week(*sales) == [2, 0, 0, 0, 0, 8, 0]


def test_what_was_sold_before_the_window_and_comes_back_makes_no_negative_demand() -> None:
    assert week(Sale(1, day(2), 1), Sale(1, day(4), -50)) == [0] * 7
    assert week(Sale(1, day(2), 1), Sale(1, day(4), -5, undoes_on=day(-30))) == [0, 0, 1, 0, 0, 0, 0]


def test_other_goods_and_other_days_are_passed_over() -> None:
    assert week(Sale(2, day(1), 5), Sale(1, day(-1), 5), Sale(1, day(7), 5)) == [0] * 7


def test_an_empty_window_is_refused() -> None:
    with pytest.raises(ValueError, match="empty window"):
        histories([], sku_ids=[1], first_on=LAST, last_on=FIRST)


def test_a_day_sold_out_from_morning_counts_like_the_mean_of_open_days() -> None:
    history = series([2, 4, 0, 6], closed=[(0, 2)])
    assert completed(history)[0].tolist() == [2, 4, 4, 6]


def test_a_day_sold_out_at_five_counts_like_the_days_that_sold_five_and_more() -> None:
    history = series([1, 5, 5, 9, 0], closed=[(0, 2)])
    assert completed(history)[0].tolist() == [1, 5, 7, 9, 0]


def test_a_day_sold_out_above_all_others_counts_as_sold() -> None:
    assert completed(series([1, 2, 30], closed=[(0, 2)]))[0].tolist() == [1, 2, 30]


def test_days_before_a_product_was_born_say_nothing() -> None:
    history = histories(
        [Sale(1, day(4), 3)], sku_ids=[1], first_on=FIRST, last_on=LAST, on_sale_from={1: day(3)},
        sold_out=[(1, day(0)), (1, day(5)), (9, day(5))],
    )  # fmt: skip
    assert history.known[0].tolist() == [False] * 3 + [True] * 4
    assert history.seen[0].tolist() == [False, False, False, True, True, False, True]
    assert completed(history)[0].tolist() == [0, 0, 0, 0, 3, 1, 0]


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(-9, 9).filter(bool))),
    st.lists(st.integers(0, 6)),
)
def test_demand_is_whole_never_negative_and_never_more_than_was_sold(
    rows: list[tuple[int, int]], out: list[int]
) -> None:
    sales = [Sale(1, day(n), pieces) for n, pieces in rows]
    history = histories(sales, sku_ids=[1], first_on=FIRST, last_on=LAST, sold_out=[(1, day(n)) for n in out])
    sold = sum(pieces for _, pieces in rows if pieces > 0)
    back = -sum(pieces for _, pieces in rows if pieces < 0)
    assert history.pieces.dtype == np.int64
    assert (history.pieces >= 0).all()
    assert max(sold - back, 0) <= history.pieces.sum() <= sold
    assert (completed(history) >= history.pieces).all()
