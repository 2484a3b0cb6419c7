"""おすすめ: orders a supplier accepts, numbers that agree with each other, and notices where a person must look."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.purchasing.replenish import (
    Aim,
    AimKind,
    Forecasts,
    Goods,
    Method,
    Notice,
    Recommendation,
    curve,
    prepare,
    recommend,
    total,
)
from akinai.purchasing.replenish.pace import pace
from akinai.purchasing.replenish.tests.shelves import one, rates, shelves

aims = st.sampled_from([Aim(), Aim(AimKind.CYCLE, 0.95), Aim(AimKind.FILL, 0.9), Aim(AimKind.OVERALL, 0.98)])


def only(forecasts: Forecasts, goods: Goods, aim: Aim | None = None) -> Recommendation:
    (row,) = recommend(forecasts, [goods], aim=aim)
    return row


@given(shelves(), aims)
@settings(max_examples=60)
def test_every_order_is_one_the_supplier_accepts(shelf: tuple[Forecasts, list[Goods]], aim: Aim) -> None:
    for row, goods in zip(recommend(*shelf, aim=aim), shelf[1], strict=True):
        level = row.level
        numbers = (level.reorder_point, level.safety, level.quantity, level.order, row.need.expected)
        assert all(isinstance(number, int) and number >= 0 for number in numbers)
        if level.order:
            assert level.order >= goods.moq
            assert level.order % goods.lot == 0
            assert level.position + level.order >= level.reorder_point
            assert level.position <= level.reorder_point
        else:
            assert level.position >= 0
            assert level.position > level.reorder_point or row.need.pace.pieces == 0
        assert 0 <= level.service <= 100 and 0 <= level.fill <= 100


@given(shelves(), aims)
@settings(max_examples=60)
def test_the_numbers_of_a_recommendation_agree_with_each_other(
    shelf: tuple[Forecasts, list[Goods]], aim: Aim
) -> None:
    for row in recommend(*shelf, aim=aim):
        need, level, yearly = row.need, row.level, row.yearly
        assert need.stretch == need.lead_days + need.wait
        assert need.expected == pace_over(need.pace.pieces * need.stretch / need.pace.days)
        assert level.safety == max(level.reorder_point - need.expected, 0)
        assert level.position == level.on_hand - level.promised + level.incoming
        assert yearly.total_yen == yearly.holding_yen + yearly.ordering_yen + yearly.lost_yen
        assert min(yearly.mean_stock, yearly.orders, yearly.lost, yearly.stockouts) >= 0


def pace_over(pieces: Decimal) -> int:
    return int(pieces + Decimal("0.5"))


def test_the_example_of_the_manual() -> None:
    """3.2 a day, 7 days + half of the 7 between looks: 34 pieces; 18 on the shelf, so two boxes of 24 and a bit."""
    row = only(rates([3.2]), one(on_hand=20, promised=2, lot=12, moq=12))
    assert (row.need.expected, row.need.stretch) == (34, Decimal("10.5"))
    assert row.level.reorder_point == 34 + row.level.safety
    assert row.level.position == 18
    assert row.level.order % 12 == 0


def test_twice_the_demand_and_twice_the_spread_need_about_twice_the_stock() -> None:
    """Pieces counted in halves are the same shop: lots, costs and stocks scale along."""
    single = only(rates([40], 20), one(moq=1, lot=1))
    double = only(
        rates([80], 40), one(moq=1, lot=1, price_yen=540, unit_cost=Decimal(300), storage_yen=Decimal("2.5"))
    )
    assert double.level.reorder_point == pytest.approx(2 * single.level.reorder_point, rel=0.02)
    assert double.level.quantity == pytest.approx(2 * single.level.quantity, rel=0.02)


def test_more_spread_a_longer_or_shakier_lead_time_and_a_less_sure_level_need_more_safety() -> None:
    for aim in (Aim(AimKind.CYCLE, 0.95), Aim(AimKind.FILL, 0.98), Aim()):
        plain = only(rates([5]), one(), aim).level.safety
        wide = dataclasses.replace(one().lead, spread=Decimal(5))
        assert only(rates([5], 12), one(), aim).level.safety > plain
        assert only(rates([5]), one(lead=wide), aim).level.safety > plain
        assert only(rates([5], level=0.5), one(), aim).level.safety > plain
        assert only(rates([5]), one(review_days=28), aim).level.safety > plain


def test_a_new_product_says_that_it_cannot_be_computed() -> None:
    new = dataclasses.replace(rates([0], days=0), method=(Method.NONE,))
    row = only(new, one())
    assert row.notices == (Notice.NO_HISTORY,)
    assert (row.level.reorder_point, row.level.order) == (0, 0)


def test_customers_who_wait_are_ordered_for_even_when_nothing_sells() -> None:
    row = only(rates([0]), one(on_hand=0, promised=7))
    assert row.level.order == 12
    assert Notice.NO_SALES in row.notices
    assert only(rates([0]), one(on_hand=7, promised=7)).level.order == 0


def test_what_a_person_must_look_at_is_noticed() -> None:
    def seen(forecasts: Forecasts, **changes: object) -> tuple[Notice, ...]:
        return only(forecasts, one(**changes)).notices

    big = dataclasses.replace(rates([3]), largest=np.array([0.6]))
    assert seen(rates([3])) == ()
    assert seen(rates([3], days=20)) == (Notice.SHORT_HISTORY,)
    assert seen(big) == (Notice.ONE_BIG_ORDER,)
    assert Notice.NO_MARGIN in seen(rates([3]), price_yen=600)
    assert Notice.NOT_WORTH in seen(rates([0.01]), moq=48)
    assert Notice.LARGE_MINIMUM in seen(rates([0.1]), moq=48)
    assert Notice.SHELF_LIFE in seen(rates([1]), moq=48, shelf_life_days=30)


def test_a_promise_is_cut_not_rounded_up() -> None:
    row = only(rates([3]), one(price_yen=90_000))
    assert row.level.fill < 100


def test_the_slider_runs_from_thin_to_thick_and_costs_least_where_nothing_is_demanded() -> None:
    ready = prepare(rates([3, 0.2, 40], [4, 9, 30]), [one(sku_id=n) for n in (1, 2, 3)])
    points = curve(ready)
    fills = [point.fill for point in points]
    assert fills == sorted(fills)
    assert [point.tied_up_yen for point in points] == sorted(point.tied_up_yen for point in points)
    assert fills[0] < 0.9 < 0.999 < fills[-1]
    cheapest = total(ready, ready.point)
    assert cheapest.total_yen <= min(point.total_yen for point in points) * 1.02


@pytest.mark.parametrize(
    ("per_day", "pieces", "days"),
    [
        (3.21987, "3.22", 1),
        (1234.56, "1235", 1),
        (0.0412, "1.24", 30),
        (0.1, "0.1", 1),
        (0, "0", 1),
        (1e-200, "0", 1),
    ],
)
def test_a_pace_has_three_digits(per_day: float, pieces: str, days: int) -> None:
    made = pace(per_day)
    assert (made.pieces, made.days) == (Decimal(pieces), days)
    assert made.per_day == pytest.approx(per_day, rel=0.005)
