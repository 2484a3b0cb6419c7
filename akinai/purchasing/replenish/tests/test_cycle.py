"""めぐりの計算: what it promises is what a shop's life, played day by day, brings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from akinai.purchasing.replenish.cycle import Cycle, cycle

Draw = Callable[[int], np.ndarray]


def turning(mean: float, variance: float, *, lead: float, spread: float, review: int) -> Cycle:
    def column(value: float) -> np.ndarray:
        return np.array([float(value)])

    return cycle(
        column(mean), column(variance), column(0), lead_days=column(lead), lead_spread=column(spread), review=column(review)
    )  # fmt: skip


def life(draw: Draw, dice: np.random.Generator, *, lead: float, spread: float, review: int, point: int, quantity: int) -> tuple[float, float]:  # fmt: skip
    """Fill rate and mean stock of 300 shops over 900 days: lost sales, random lead times, whole lots of `quantity`."""
    shops = 300
    on_hand, on_order = np.full(shops, point + quantity // 2), np.zeros(shops, dtype=int)
    coming = np.zeros((90, shops), dtype=int)
    wanted = sold = held = 0
    for day in range(900):
        arrived = coming[day % 90].copy()
        coming[day % 90] = 0
        on_hand, on_order = on_hand + arrived, on_order - arrived
        demand = draw(shops)
        gone = np.minimum(on_hand, demand)
        on_hand = on_hand - gone
        if day >= 100:
            wanted, sold, held = wanted + demand.sum(), sold + gone.sum(), held + on_hand.sum()
        if day % review == review - 1:
            missing = np.maximum(point + 1 - on_hand - on_order, 0)
            ordered = -(-missing // quantity) * quantity
            on_order = on_order + ordered
            days = np.clip(np.rint(dice.gamma((lead / spread) ** 2, spread**2 / lead, shops)), 1, 89).astype(
                int
            )
            for shop in np.flatnonzero(ordered):
                coming[(day + days[shop]) % 90, shop] += ordered[shop]
    return sold / wanted, held / (800 * shops)


@pytest.mark.parametrize(
    ("name", "review", "quantity", "point"),
    [("even", 7, 84, 57), ("even", 7, 84, 70), ("uneven", 7, 84, 85), ("uneven", 1, 84, 58), ("slow", 7, 6, 1), ("slow", 7, 2, 2)],
)  # fmt: skip
def test_the_promised_fill_rate_and_stock_are_what_a_simulated_shop_gets(
    name: str, review: int, quantity: int, point: int
) -> None:
    dice = np.random.default_rng(7)
    draws: dict[str, tuple[Draw, float, float]] = {
        "even": (lambda n: dice.poisson(3, n), 3, 3),
        "uneven": (lambda n: dice.negative_binomial(0.3, 0.3 / 3.3, n), 3, 33),
        "slow": (lambda n: dice.poisson(0.05, n), 0.05, 0.05),
    }
    draw, mean, variance = draws[name]
    fill, stock = life(draw, dice, lead=12, spread=3, review=review, point=point, quantity=quantity)
    promised = turning(mean, variance, lead=12, spread=3, review=review)
    at = np.array([point]), np.array([quantity])
    assert float(promised.fill_rate(*at)[0]) == pytest.approx(fill, abs=0.015)
    assert float(promised.on_hand(*at)[0]) == pytest.approx(stock, rel=0.05, abs=0.3)


def test_goods_that_sell_in_bulk_lie_far_below_the_point_when_it_is_noticed() -> None:
    """3 % of days a customer takes 2,000: the step is about half such an order, not half a week's mean."""
    mean, variance = 60.0, 0.03 * 0.97 * 2000**2
    step = turning(mean, variance, lead=12, spread=3, review=7).step[0]
    assert 1000 < step < 1400


def test_what_does_not_sell_is_never_short() -> None:
    nothing = turning(0, 0, lead=12, spread=3, review=7)
    at = np.array([0]), np.array([6])
    assert float(nothing.fill_rate(*at)[0]) == 1
    assert float(nothing.lost_per_day(*at)[0]) == 0
    assert int(nothing.sunk.quantile(np.array([0.999]))[0]) == 0
