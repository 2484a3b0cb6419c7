"""発注数: never below the supplier's minimum, always in whole lots, the cheapest of what is allowed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.purchasing.replenish.quantity import Packs, economic, order, yearly_cost


def packs(moq: int, lot: int, case: int = 0) -> Packs:
    return Packs(np.array([moq]), np.array([lot]), np.array([case]))


small = st.integers(1, 60)


@given(st.floats(0, 5_000), small, small)
def test_what_is_ordered_is_at_least_what_is_wanted_in_whole_lots(wanted: float, moq: int, lot: int) -> None:
    up = int(packs(moq, lot).up(np.array([wanted]))[0])
    assert up >= max(wanted - 1e-6, moq)
    assert up % lot == 0
    assert up - lot < max(wanted, moq), "one lot less would be too little"
    down = int(packs(moq, lot).down(np.array([wanted]))[0])
    assert down % lot == 0
    assert down >= moq


@given(st.floats(0.5, 50_000), st.floats(1, 5_000), st.floats(0.5, 3_000), small, small)
def test_no_allowed_quantity_is_cheaper(
    yearly: float, order_yen: float, holding: float, moq: int, lot: int
) -> None:
    allowed = packs(moq, lot)
    y, k, h = (np.array([one]) for one in (yearly, order_yen, holding))
    best = economic(y, k, h, allowed, fewest=np.zeros(1), most=np.array([1e12]))
    least = int(allowed.least[0])
    others = np.array([max(int(best[0]) + step * lot, least) for step in (-3, -2, -1, 1, 2, 3)])
    assert float(yearly_cost(best, y, k, h)[0]) <= yearly_cost(others, y, k, h).min() * (1 + 1e-9)


def test_the_textbook_quantity() -> None:
    """1,200 a year, 300 yen an order, 80 yen to hold one: √(2 × 1200 × 300 ÷ 80) = 94.9."""
    one = np.array([1200.0]), np.array([300.0]), np.array([80.0])
    free = {"fewest": np.zeros(1), "most": np.array([1e9])}
    assert economic(*one, packs(1, 1), **free).tolist() == [95]
    assert economic(*one, packs(1, 12), **free).tolist() == [96]
    assert economic(*one, packs(144, 12), **free).tolist() == [144]
    assert economic(*one, packs(1, 12), fewest=np.array([110.0]), most=np.array([1e9])).tolist() == [120]
    assert economic(*one, packs(1, 12), fewest=np.zeros(1), most=np.array([50.0])).tolist() == [48]
    assert economic(*one, packs(60, 12), fewest=np.zeros(1), most=np.array([50.0])).tolist() == [60]


@pytest.mark.parametrize(("position", "expected"), [(32, 0), (31, 24), (18, 24), (8, 24), (7, 36), (-20, 60)])
def test_an_order_gets_above_the_point_or_takes_the_cheapest_quantity(position: int, expected: int) -> None:
    made = order(np.array([position]), np.array([31]), np.array([24]), packs(12, 12), most=np.array([1e9]))
    assert made.tolist() == [expected]


@pytest.mark.parametrize(
    ("quantity", "case", "most", "expected"),
    [(42, 48, 1e9, 48), (36, 48, 1e9, 36), (42, 48, 47, 42), (42, 7, 1e9, 42), (42, 44, 1e9, 42), (96, 48, 1e9, 96)],
)  # fmt: skip
def test_a_nearly_full_carton_is_filled(quantity: int, case: int, most: float, expected: int) -> None:
    """48 for 42 is 14 % more: taken. 48 for 36 is a third more: not. 44 is no multiple of the lot of 6."""
    assert packs(6, 6, case).to_case(np.array([quantity]), np.array([most])).tolist() == [expected]
