"""曜日の波: how much of a week's demand falls on each weekday. Pure: numpy only."""

from __future__ import annotations

from datetime import date

import numpy as np

from akinai.purchasing.replenish.history import Flags, Floats

WEEK = 7
OWN_FROM_DAYS = 56
OWN_WEIGHT_DAYS = 60
FLOOR = 0.25


def weekdays(first_on: date, days: int) -> np.ndarray:
    """Weekday numbers (0 = Monday) of `days` days from `first_on`."""
    return (first_on.weekday() + np.arange(days)) % WEEK


def factors(pieces: Floats, known: Flags, first_on: date) -> Floats:
    """Factors [SKU, weekday] that average 1: the shop's own wave, leaned towards the SKU's the more days it sold on.

    Each SKU counts by the days it sold on, not by its pieces, so one large order is no season. Less than two weeks tell
    nothing: all 1. A day the shop hardly sells on keeps at least a quarter, so that dividing by it stays sane.
    """
    count, days = pieces.shape
    if days < 2 * WEEK or not pieces.any():
        return np.ones((count, WEEK))
    day = weekdays(first_on, days)
    sums = _by_weekday(np.where(known, pieces, 0.0), day)
    seen = _by_weekday(known.astype(np.float64), day)
    mean = sums.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    sold_days = ((pieces > 0) & known).sum(axis=1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where((seen > 0) & (mean > 0)[:, None], sums / np.maximum(seen, 1) / mean[:, None], 1.0)
    shop = _even(np.average(own, axis=0, weights=sold_days)[None, :])
    weight = np.where(known.sum(axis=1) >= OWN_FROM_DAYS, sold_days / (sold_days + OWN_WEIGHT_DAYS), 0.0)
    return _even(shop + weight[:, None] * (own - shop))


def _by_weekday(values: Floats, day: np.ndarray) -> Floats:
    return np.stack([values[:, day == n].sum(axis=1) for n in range(WEEK)], axis=1)


def _even(wave: Floats) -> Floats:
    floored = np.maximum(wave, FLOOR)
    even: Floats = floored / floored.mean(axis=1, keepdims=True)
    return even


def coming(wave: Floats, first_on: date, days: Floats) -> Floats:
    """Mean factor per SKU over its next `days` days (fractions of a day count in part), from `first_on` on."""
    longest = max(1, int(np.ceil(days.max(initial=1))))
    share = np.clip(days[:, None] - np.arange(longest)[None, :], 0.0, 1.0)
    total = share.sum(axis=1)
    mean = (wave[:, weekdays(first_on, longest)] * share).sum(axis=1) / np.maximum(total, 1e-9)
    return np.where(total > 0, mean, 1.0)
