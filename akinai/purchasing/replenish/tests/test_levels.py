"""発注点: monotone in what is promised, and the cheapest when nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akinai.purchasing.replenish import Aim, AimKind, Forecasts, Goods, Rates, points, prepare
from akinai.purchasing.replenish.plan import overall_fill, weighted
from akinai.purchasing.replenish.tests.shelves import lead, one, rates, shelves

level = st.floats(0.80, 0.999)


@given(shelves(), st.tuples(level, level), st.sampled_from([AimKind.CYCLE, AimKind.FILL, AimKind.OVERALL]))
@settings(max_examples=40)
def test_a_higher_service_level_never_asks_for_less(
    shelf: tuple[Forecasts, list[Goods]], levels: tuple[float, float], kind: AimKind
) -> None:
    ready = prepare(*shelf)
    low, high = (points(ready, Aim(kind, at)) for at in sorted(levels))
    assert low.dtype == high.dtype == np.int64
    assert (low >= 0).all()
    assert (low <= high).all()


@given(shelves(), st.floats(0.05, 20), st.floats(1, 10))
@settings(max_examples=40)
def test_a_dearer_stock_out_never_asks_for_less(
    shelf: tuple[Forecasts, list[Goods]], weight: float, more: float
) -> None:
    ready = prepare(*shelf)
    assert (weighted(ready, weight) <= weighted(ready, weight * more)).all()


@given(shelves(), level)
@settings(max_examples=40)
def test_the_promised_fill_rate_is_reached_by_the_fewest_pieces(
    shelf: tuple[Forecasts, list[Goods]], fill: float
) -> None:
    ready = prepare(*shelf)
    found = points(ready, Aim(AimKind.FILL, fill))
    free = (ready.cycle.per_day > 0) & (found < np.floor(np.minimum(ready.highest, 1e15)))
    reached = ready.cycle.fill_rate(found, ready.quantity)
    assert (reached[free] >= fill - 1e-9).all()
    fewer = free & (found > 0)
    assert (ready.cycle.fill_rate(np.maximum(found - 1, 0), ready.quantity)[fewer] < fill).all()


prices = st.integers(500, 9000)


@given(
    st.floats(0.05, 40),
    st.floats(1, 60),
    prices,
    st.integers(1, 90),
    st.integers(1, 28),
    st.sampled_from([1, 60]),
)
@settings(max_examples=60)
def test_no_other_reorder_point_is_cheaper_than_the_cheapest(
    per_day: float, ratio: float, price: int, days: int, review: int, moq: int
) -> None:
    """Holding what lies on the shelf and losing margin, for every point from 0 on; also with long lead times."""
    goods = one(price_yen=price + 700, lead=lead(str(days), "1"), review_days=review, moq=moq, lot=1)
    ready = prepare(rates([per_day], ratio), [goods])
    best = int(ready.point[0])
    others = {*range(max(best - 3, 0), best + 4), *(int(n) - 1 for n in np.geomspace(1, 4 * best + 50, 60))}
    every = np.array(sorted(others))
    alone = ready.cycle.take(np.zeros(every.size, dtype=int))
    yen = ready.columns.holding_yen * alone.on_hand(every, ready.quantity)
    yen += 365 * ready.columns.lost_yen * alone.lost_per_day(every, ready.quantity)
    assert yen[every == best][0] <= yen.min() * (1 + 1e-7) + 1e-6


def test_no_margin_needs_no_stock_and_a_large_one_needs_much() -> None:
    forecasts = rates([3, 3, 3])
    goods = [one(sku_id=1, price_yen=500), one(sku_id=2, price_yen=700), one(sku_id=3, price_yen=9000)]
    nothing, little, much = (int(point) for point in prepare(forecasts, goods).point)
    assert nothing == 0
    assert 0 < little < much


@given(shelves(), level)
@settings(max_examples=25)
def test_the_overall_aim_is_reached_unless_the_shelf_life_forbids(
    shelf: tuple[Forecasts, list[Goods]], fill: float
) -> None:
    ready = prepare(*shelf)
    reached = overall_fill(ready, points(ready, Aim(AimKind.OVERALL, fill)))
    most = overall_fill(ready, weighted(ready, 300.0))
    assert reached >= min(fill, most) - 1e-6


def test_the_same_fill_rate_costs_less_when_it_is_spread_by_yen_than_evenly() -> None:
    """A cheap quick product and a dear slow one: serving both alike ties up more yen for the same pieces."""
    forecasts = rates([20, 0.3], [2, 12])
    ready = prepare(
        forecasts, [one(sku_id=1), one(sku_id=2, price_yen=90_000, unit_cost=50_000, moq=1, lot=1)]
    )
    mixed, even = (points(ready, Aim(kind, 0.97)) for kind in (AimKind.OVERALL, AimKind.FILL))
    holding = ready.columns.holding_yen
    assert overall_fill(ready, mixed) >= 0.97
    assert float((mixed * holding).sum()) < float((even * holding).sum())


def test_a_short_shelf_life_keeps_stock_low_whatever_is_promised() -> None:
    long, short = one(sku_id=1), one(sku_id=2, shelf_life_days=14)
    ready = prepare(rates([5, 5], 30), [long, short])
    plenty, capped = points(ready, Aim(AimKind.CYCLE, 0.999))
    assert capped == int(5 * (7 + 0.3 * 14)) < plenty
    assert ready.quantity[1] <= 5 * 0.7 * 14 < ready.quantity[0]


def test_aims_outside_the_slider_and_mixed_up_goods_are_refused() -> None:
    for wrong in (0.79, 0.9995):
        with pytest.raises(ValueError, match="level"):
            Aim(AimKind.FILL, wrong)
    with pytest.raises(ValueError, match="needs a level"):
        Aim(AimKind.CYCLE)
    with pytest.raises(ValueError, match="needs a level"):
        Aim(AimKind.CHEAPEST, 0.9)
    with pytest.raises(ValueError, match="another order"):
        prepare(rates([1, 2]), [one(sku_id=2), one(sku_id=1)])
    with pytest.raises(ValueError, match="impossible rates"):
        Rates(interest=-Rates().interest)
