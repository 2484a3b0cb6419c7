"""負の二項分布: the same as scipy's, where scipy's own would be too slow to ask."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from akinai.purchasing.replenish.demand import NegativeBinomial

means = st.floats(0.01, 400)
ratios = st.floats(1.01, 200)


def law(mean: float, ratio: float) -> NegativeBinomial:
    return NegativeBinomial(np.array([mean]), np.array([mean * ratio]))


def chances(mean: float, ratio: float, until: int) -> np.ndarray:
    return stats.nbinom.pmf(np.arange(until), mean / (ratio - 1), 1 / ratio)


@given(means, ratios, st.integers(0, 600))
@settings(max_examples=60)
def test_tail_and_shortage_agree_with_the_sum_over_all_outcomes(
    mean: float, ratio: float, pieces: int
) -> None:
    outcomes = np.arange(60_000)
    chance = chances(mean, ratio, outcomes.size)
    at = np.array([float(pieces)])
    beyond = np.maximum(outcomes - pieces, 0)
    assert law(mean, ratio).exceeds(at)[0] == pytest.approx(chance[pieces + 1 :].sum(), abs=1e-8)
    assert law(mean, ratio).short(at)[0] == pytest.approx((beyond * chance).sum(), rel=1e-5, abs=1e-6)
    second = (beyond * np.maximum(beyond - 1, 0) / 2 * chance).sum()
    assert law(mean, ratio).short_beyond(at)[0] == pytest.approx(second, rel=1e-4, abs=1e-4)


@given(means, ratios, st.floats(0.5, 0.9995))
@settings(max_examples=60)
def test_the_quantile_is_the_fewest_pieces_that_suffice(mean: float, ratio: float, chance: float) -> None:
    found = int(law(mean, ratio).quantile(np.array([chance]))[0])
    enough = law(mean, ratio).exceeds(np.array([float(found)]))[0]
    assert enough <= 1 - chance + 1e-12
    if found:
        assert law(mean, ratio).exceeds(np.array([float(found - 1)]))[0] > 1 - chance


def test_without_spread_it_is_poisson_and_without_demand_nothing() -> None:
    both = NegativeBinomial(np.array([3.0, 0.0]), np.array([2.0, 0.0]))
    five = np.array([5.0, 5.0])
    assert both.exceeds(five).tolist() == [pytest.approx(stats.poisson.sf(5, 3)), 0]
    assert both.quantile(np.array([0.99, 0.99])).tolist() == [stats.poisson.ppf(0.99, 3), 0]
    beyond = sum((n - 5) * stats.poisson.pmf(n, 3) for n in range(6, 60))
    assert both.short(five).tolist() == [pytest.approx(beyond), 0]
