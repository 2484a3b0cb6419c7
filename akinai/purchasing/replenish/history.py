"""需要の履歴: pieces wanted per SKU and day, with empty days, without what came back, and which days could not tell.

Pure: numpy only. A day on which the SKU was sold out says "at least so many"; it is kept as a closed day and
completed by `completed` (Kaplan–Meier's rule: what a cut-off day hides is spread over the larger days seen).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sale:
    """売れた 1 行: pieces on a day. Negative = キャンセル・返品; `undoes_on` is the day it was ordered, where known."""

    sku_id: int
    on: date
    quantity: int
    undoes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Histories:
    """日別の需要 of many SKUs, one row each.

    `pieces[i, d]` net pieces of SKU i on day `first_on + d` (≥ 0); `is_open[i, d]` False when it was sold out at some
    time of that day; `born[i]` the first day it was on sale at all (days before it say nothing). Days in whole days.
    """

    sku_ids: tuple[int, ...]
    first_on: date
    pieces: Ints
    is_open: Flags
    born: Ints

    @property
    def days(self) -> int:
        """Length of the window in days."""
        return int(self.pieces.shape[1])

    @property
    def last_on(self) -> date:
        """The last day of the window. Nothing later is known to a forecast made from it."""
        return self.first_on + timedelta(days=self.days - 1)

    @property
    def known(self) -> Flags:
        """True from the day a SKU was first on sale."""
        return np.arange(self.days)[None, :] >= self.born[:, None]

    @property
    def seen(self) -> Flags:
        """True on days that tell the whole demand: on sale and never sold out."""
        return self.is_open & self.known

    def until(self, day: int) -> Histories:
        """The same SKUs as known at the end of day number `day` (for back-tests: nothing later is passed on)."""
        end = day + 1
        return Histories(
            self.sku_ids,
            self.first_on,
            self.pieces[:, :end],
            self.is_open[:, :end],
            np.minimum(self.born, end),
        )


def histories(
    sales: Iterable[Sale],
    *,
    sku_ids: Sequence[int],
    first_on: date,
    last_on: date,
    sold_out: Iterable[tuple[int, date]] = (),
    on_sale_from: Mapping[int, date] | None = None,
) -> Histories:
    """Order lines → daily series, `first_on` to `last_on` inclusive, one row per id of `sku_ids` in that order.

    `sold_out`: (SKU, day) pairs on which nothing was left at some time. `on_sale_from`: first day on sale; without it a
    SKU counts as on sale all the time. Lines of other SKUs and days are passed over. ValueError: an empty window.
    """
    days = (last_on - first_on).days + 1
    if days < 1:
        raise ValueError(f"empty window: {first_on} – {last_on}")
    row = {sku: n for n, sku in enumerate(sku_ids)}
    pieces = np.zeros((len(row), days), dtype=np.int64)
    undone = _add(sales, row, pieces, first_on)
    for sale in sorted(undone, key=lambda one: one.on):
        _take_back(pieces[row[sale.sku_id]], sale, first_on)
    is_open = np.ones_like(pieces, dtype=bool)
    for sku, day in sold_out:
        column = (day - first_on).days
        if sku in row and 0 <= column < days:
            is_open[row[sku], column] = False
    return Histories(tuple(sku_ids), first_on, pieces, is_open, _born(sku_ids, first_on, days, on_sale_from))


def _add(sales: Iterable[Sale], row: Mapping[int, int], pieces: Ints, first_on: date) -> list[Sale]:
    """Add what was sold to `pieces`; what was taken back is returned, to be netted when all is there."""
    rows, columns, numbers, undone = [], [], [], []
    for sale in sales:
        column = (sale.on - first_on).days
        if sale.sku_id not in row or not 0 <= column < pieces.shape[1]:
            continue
        if sale.quantity < 0:
            undone.append(sale)
            continue
        rows.append(row[sale.sku_id])
        columns.append(column)
        numbers.append(sale.quantity)
    places = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    np.add.at(pieces, places, np.array(numbers, dtype=np.int64))
    return undone


def _take_back(line: Ints, sale: Sale, first_on: date) -> None:
    """Net a cancellation against its own day where known, else against the latest days before it.

    What is left over was sold before the window and is forgotten: demand never gets negative.
    """
    left, column = -sale.quantity, (sale.on - first_on).days
    if sale.undoes_on is not None:
        own = (sale.undoes_on - first_on).days
        days = [own] if 0 <= own < line.size else []
    else:
        days = np.flatnonzero(line[: column + 1])[::-1].tolist()
    for day in days:
        taken = min(left, int(line[day]))
        line[day] -= taken
        left -= taken
        if not left:
            return


def _born(sku_ids: Sequence[int], first_on: date, days: int, on_sale_from: Mapping[int, date] | None) -> Ints:
    starts = on_sale_from or {}
    born = [(starts.get(sku, first_on) - first_on).days for sku in sku_ids]
    return np.clip(np.array(born, dtype=np.int64), 0, days)


def completed(history: Histories) -> Floats:
    """Daily demand with sold-out days completed: the mean of the open days that sold at least as much, in pieces.

    A day sold out from morning (0 sold) gets the mean of all open days; a day sold out at 5 the mean of the days with 5
    and more; without such a day, what was sold. Days before a SKU was born stay 0.
    """
    pieces: Floats = history.pieces.astype(np.float64)
    hidden = history.known & ~history.is_open
    seen = history.seen
    for i in np.flatnonzero(hidden.any(axis=1)):
        days = np.flatnonzero(hidden[i])
        pieces[i, days] = _at_least(history.pieces[i, days], history.pieces[i, seen[i]])
    return pieces


def _at_least(sold: Ints, open_days: Ints) -> Floats:
    """For each number sold: the mean of the open days that sold as much or more."""
    ordered = np.sort(open_days)
    above = np.append(np.cumsum(ordered[::-1])[::-1], 0.0)
    start = np.searchsorted(ordered, sold, side="left")
    count = ordered.size - start
    return np.where(count > 0, above[start] / np.maximum(count, 1), sold).astype(np.float64)
