"""商品の分類: how a SKU sells (型), how much it earns (ABC) and how steady it is (XYZ). Pure: numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from akinai.purchasing.replenish.history import Floats, Histories, completed

# Syntetos, Boylan, Croston (2005): where Croston's method begins to beat simple smoothing.
ADI_CUT, CV2_CUT = 1.32, 0.49
A_SHARE, B_SHARE = 0.80, 0.95
X_CUT, Y_CUT = 0.5, 1.0
WEEK = 7
FEWEST_SALES = 3


class Pattern(StrEnum):
    """売れ方の型."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"
    SPARSE = "sparse"
    NONE = "none"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Pattern.SMOOTH: "安定",
    Pattern.ERRATIC: "量が変わる",
    Pattern.INTERMITTENT: "ときどき",
    Pattern.LUMPY: "まれにまとめて",
    Pattern.SPARSE: "まだ少ない",
    Pattern.NONE: "売れていない",
}


def patterns(history: Histories) -> list[Pattern]:
    """型 per SKU from ADI (days between sales) and CV² (spread of the pieces of a day with sales).

    Fewer than three days with sales cannot be told apart and are SPARSE; none at all is NONE.
    """
    sold = (history.pieces > 0) & history.known
    times = sold.sum(axis=1)
    interval, spread = _interval(history, times), _spread(history, sold, times)
    rare, uneven = interval >= ADI_CUT, spread >= CV2_CUT
    names = np.where(
        rare,
        np.where(uneven, Pattern.LUMPY, Pattern.INTERMITTENT),
        np.where(uneven, Pattern.ERRATIC, Pattern.SMOOTH),
    )
    names = np.where(times < FEWEST_SALES, np.where(times == 0, Pattern.NONE, Pattern.SPARSE), names)
    return [Pattern(str(name)) for name in names]


def _interval(history: Histories, times: np.ndarray) -> Floats:
    """ADI: days on sale per day with a sale."""
    open_days = (history.seen | ((history.pieces > 0) & history.known)).sum(axis=1)
    return open_days / np.maximum(times, 1)


def _spread(history: Histories, sold: np.ndarray, times: np.ndarray) -> Floats:
    """CV²: (standard deviation ÷ mean)² of the pieces of days with a sale."""
    count = np.maximum(times, 1)
    pieces = np.where(sold, history.pieces, 0).astype(np.float64)
    mean = pieces.sum(axis=1) / count
    square = (pieces**2).sum(axis=1) / count
    return np.where(mean > 0, square / np.maximum(mean, 1e-12) ** 2 - 1, 0.0)


def abc(yen: Sequence[int]) -> list[str]:
    """ABC by yen (sales or margin of the window): A makes the first 80 %, B up to 95 %, C the rest.

    What brings in nothing is C. The SKU that crosses a line still belongs to the class it begins in.
    """
    values = np.maximum(np.array(yen, dtype=np.float64), 0.0)
    total = values.sum()
    order = np.argsort(-values, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(values[order])[:-1]]) if values.size else values
    letters = np.empty(values.size, dtype="<U1")
    share = before / total if total else np.ones_like(before)
    letters[order] = np.where(share < A_SHARE, "A", np.where(share < B_SHARE, "B", "C"))
    return [str(letter) for letter in letters]


def xyz(history: Histories) -> list[str]:
    """XYZ by steadiness: variation (σ ÷ mean) of whole weeks, X < 0.5 ≤ Y < 1.0 ≤ Z; "" with less than four weeks."""
    weeks = history.days // WEEK
    if weeks == 0:
        return [""] * len(history.sku_ids)
    start = history.days - weeks * WEEK
    sums = completed(history)[:, start:].reshape(len(history.sku_ids), weeks, WEEK).sum(axis=2)
    known = (start + np.arange(weeks) * WEEK)[None, :] >= history.born[:, None]
    count = known.sum(axis=1)
    mean = np.where(known, sums, 0).sum(axis=1) / np.maximum(count, 1)
    square = np.where(known, (sums - mean[:, None]) ** 2, 0).sum(axis=1) / np.maximum(count - 1, 1)
    variation = np.sqrt(square) / np.maximum(mean, 1e-12)
    letters = np.where(variation < X_CUT, "X", np.where(variation < Y_CUT, "Y", "Z"))
    letters = np.where(mean > 0, letters, "Z")
    return [str(letter) for letter in np.where(count >= 4, letters, "")]
