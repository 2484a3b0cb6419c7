"""整数の水準をさがす."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from akinai.purchasing.replenish.search import lowest


@given(
    st.lists(
        st.tuples(st.floats(0.0005, 3), st.floats(1e-9, 2), st.floats(0, 90_000)), min_size=1, max_size=8
    )
)
def test_it_is_found_from_any_guess_and_nothing_smaller_will_do(
    cases: list[tuple[float, float, float]],
) -> None:
    slope, target, guess = (np.array(column) for column in zip(*cases, strict=True))

    def value(pieces: np.ndarray, rows: np.ndarray) -> np.ndarray:
        assert (pieces == np.floor(pieces)).all()
        return np.exp(-slope[rows] * pieces)

    every = np.arange(slope.size)
    found = lowest(value, target, guess)
    assert (found >= 0).all()
    assert (value(found, every) <= target).all()
    assert ((found == 0) | (value(found - 1.0, every) > target)).all()


def test_steps_are_jumped_to_exactly() -> None:
    edge = np.array([0, 1, 7, 1000, 123_456])
    found = lowest(
        lambda pieces, rows: (pieces < edge[rows]) * 1.0, np.full(5, 0.5), np.array([3.0, 0, 7, 900, 1])
    )
    assert found.tolist() == edge.tolist()
