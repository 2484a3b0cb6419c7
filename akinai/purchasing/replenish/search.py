"""整数の水準をさがす: the smallest whole number from which a falling quantity is small enough, for many SKUs at once."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from akinai.purchasing.replenish.history import Flags, Floats, Ints

TINY = 1e-300
TURNS = 200


class Falling(Protocol):
    """A quantity that falls with the pieces: values at `pieces` for the SKUs numbered `rows`."""

    def __call__(self, pieces: Floats, rows: Ints) -> Floats: ...


class _Ends:
    """Per SKU two whole numbers with value(low) > target ≥ value(high), and the logarithms of the values there."""

    def __init__(self, target: Floats) -> None:
        self.target = target
        self.low, self.high = np.full(target.size, -1.0), np.full(target.size, np.inf)
        self.low_log, self.high_log = np.full(target.size, np.nan), np.full(target.size, np.nan)

    def put(self, rows: Ints, pieces: Floats, found: Floats) -> Flags:
        """Move one end of each row to `pieces`, where the value is `found`; True where that was small enough."""
        small, logs = found <= self.target[rows], np.log(found + TINY)
        for chosen, ends, ends_log in (
            (small, self.high, self.high_log),
            (~small, self.low, self.low_log),
        ):
            ends[rows[chosen]] = pieces[chosen]
            ends_log[rows[chosen]] = logs[chosen]
        return small

    def between(self, rows: Ints, turn: int) -> Floats:
        """Where to look next: on the straight line through both logarithms, every third time in the middle."""
        low, high = self.low[rows], self.high[rows]
        middle = (low + high) / 2
        if turn % 3 != 2:
            fall = self.low_log[rows] - self.high_log[rows]
            with np.errstate(divide="ignore", invalid="ignore"):
                place = low + (high - low) * (self.low_log[rows] - np.log(self.target[rows] + TINY)) / fall
            middle = np.where(np.isfinite(place) & (fall > 0), np.ceil(place), middle)
        return np.clip(np.rint(middle), low + 1, high - 1)


def lowest(value: Falling, target: Floats, start: Floats) -> Ints:
    """Smallest whole s ≥ 0 with value(s) ≤ target per SKU. `start` is a guess; a good one saves time, not correctness.

    Tails fall about exponentially, so a straight line through the logarithms hits the place in few turns.
    """
    ends = _Ends(target)
    _bracket(value, ends, np.maximum(np.floor(np.nan_to_num(start)), 0.0))
    rows = np.flatnonzero(ends.high - ends.low > 1)
    for turn in range(TURNS):
        if not rows.size:
            break
        middle = ends.between(rows, turn)
        ends.put(rows, middle, value(middle, rows))
        rows = rows[ends.high[rows] - ends.low[rows] > 1]
    return ends.high.astype(np.int64)


def _bracket(value: Falling, ends: _Ends, at: Floats) -> None:
    """Widening steps from the guess, down where it is enough, up where it is not, until both ends are known."""
    rows = np.arange(at.size)
    good = ends.put(rows, at, value(at, rows))
    step = np.maximum(np.ceil(0.08 * at), 1.0)
    for _ in range(TURNS):
        rows = rows[~good[rows] | (ends.high[rows] > 0)]
        if not rows.size:
            return
        at[rows] = np.maximum(at[rows] + np.where(good[rows], -step[rows], step[rows]), 0.0)
        step[rows] = np.ceil(step[rows] * 2.5)
        small = ends.put(rows, at[rows], value(at[rows], rows))
        rows = rows[small == good[rows]]
