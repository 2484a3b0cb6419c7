"""ある期間の需要: how likely it is that more than s pieces are wanted in a stretch of days, and how many more.

A negative binomial fitted to mean and variance: most days little, some days much. Pure: numpy and scipy. Questions and
answers are arrays, one entry per SKU, in pieces or chances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from akinai.purchasing.replenish.history import Floats, Ints
from akinai.purchasing.replenish.search import lowest

POISSON_UNTIL = 1e-6
SURE = 1 - 1e-12


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """負の二項分布 by mean and variance; Poisson where the variance is not above the mean; all 0 for mean 0."""

    mean: Floats
    variance: Floats

    def exceeds(self, pieces: Floats) -> Floats:
        """Chance that more than `pieces` are wanted."""
        return self._tail(np.floor(pieces))

    def short(self, pieces: Floats) -> Floats:
        """Expected pieces wanted beyond `pieces` (whole, ≥ 0)."""
        tail, point, over, _ = self._parts(pieces)
        return np.maximum((self.mean - pieces) * tail + point * (pieces * over + self.mean), 0.0)

    def short_beyond(self, pieces: Floats) -> Floats:
        """`short` summed over all whole numbers above `pieces`: ½ E[(D − s)(D − s − 1)⁺].

        E[D; D > s] and E[D(D − 1); D > s] belong to the same law with one and two sales more; their tails differ from
        this one's by multiples of the chance of exactly s, so one incomplete beta function is enough.
        """
        tail, point, over, size = self._parts(pieces)
        once = tail + point * (pieces * over / np.maximum(self.mean, 1e-300) + 1)
        share = (pieces + size) / (size + 1)
        twice = once + point * pieces / np.maximum(self.mean, 1e-300) * share
        moment = self.mean * (self.mean + over)
        half = moment * twice - 2 * pieces * self.mean * once + pieces * (pieces + 1) * tail
        return np.maximum(half / 2, 0.0)

    def quantile(self, chance: Floats) -> Ints:
        """Fewest pieces that suffice with at least this chance (0 ≤ chance < 1)."""

        def beyond(pieces: Floats, rows: Ints) -> Floats:
            return self.take(rows).exceeds(pieces)

        return lowest(beyond, np.maximum(1 - chance, 1 - SURE), self.about(chance))

    def about(self, chance: Floats) -> Floats:
        """Nearly the quantile: that of the gamma distribution with the same mean and variance."""
        mean = np.maximum(self.mean, 1e-9)
        scale = np.maximum(self.variance, mean) / mean
        return np.nan_to_num(scale * special.gammaincinv(mean / scale, np.minimum(chance, SURE)))

    def take(self, rows: Ints) -> NegativeBinomial:
        """The same for some SKUs only."""
        return NegativeBinomial(self.mean[rows], self.variance[rows])

    def _shape(self) -> tuple[Floats, Floats]:
        """Variance ÷ mean − 1 (0: Poisson), and the law's size parameter."""
        over = np.maximum(self.variance / np.maximum(self.mean, 1e-300) - 1, 0.0)
        over = np.where((over > POISSON_UNTIL) & (self.mean > 0), over, 0.0)
        return over, self.mean / np.where(over > 0, over, POISSON_UNTIL)

    def _tail(self, pieces: Floats) -> Floats:
        """P(D > pieces) for whole pieces."""
        over, size = self._shape()
        at = np.maximum(pieces, 0.0) + 1
        poisson = over == 0
        chance = special.betainc(at, np.maximum(size, 1e-300), over / (over + 1))
        if poisson.any():
            chance[poisson] = special.gammainc(at[poisson], np.maximum(self.mean[poisson], 1e-300))
        return np.where(pieces < 0, 1.0, chance)

    def _parts(self, pieces: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """P(D > s), P(D = s), variance ÷ mean − 1, and the size parameter, for whole s ≥ 0."""
        over, size = self._shape()
        ratio, spread = np.maximum(size, 1e-300), np.where(over > 0, over, 1.0)
        ways = special.gammaln(pieces + ratio) - special.gammaln(ratio) - special.gammaln(pieces + 1)
        log = ways - ratio * np.log1p(spread) + pieces * np.log(spread / (1 + spread))
        mean = np.maximum(self.mean, 1e-300)
        poisson = pieces * np.log(mean) - mean - special.gammaln(pieces + 1)
        point = np.exp(np.where(over > 0, log, poisson))
        return self._tail(pieces), np.where(self.mean > 0, point, 0.0), over, size
