"""急増を見分ける: is what came in the last days more than chance? Pure.

When tickets about one thing come at a steady rate, the number k of the last days, out of n + k in all, is binomial with the
share of the last days (a known way of comparing two Poisson counts). The limit is the smallest k whose chance, or that of more,
is at most `alpha`: however small the usual rate is and however few days are known, a steady rate passes it no oftener than that.

All subjects of a day share one chance of `FALSE_ALARMS`, so that a shop with many goods is not told of more false ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

DAYS, USUAL_DAYS = 7, 56
FALSE_ALARMS = 0.01  # a day, over everything that is looked at: at most one false alarm in a hundred days
KNOWN_SALES, MOST_SHARE = 20, 0.5
KNOWN_DAYS = 14  # a desk that is younger has nothing to compare with
LEAST = 3  # two letters are no spike, however rare the goods


@dataclass(frozen=True, slots=True)
class Verdict:
    """件数 of the last days beside what is usual."""

    count: int
    usual: float
    limit: int

    @property
    def is_spike(self) -> bool:
        return self.count >= self.limit


def judge(count: int, before: int, *, subjects: int, share: float = DAYS / (DAYS + USUAL_DAYS)) -> Verdict:
    """`count` of the last days, `before` of the days before; `share`: the part of all sales (or days) that the last days are.

    `subjects` is how many things are looked at the same day.
    """
    usual = before * share / (1 - share)
    return Verdict(count, round(usual, 2), limit_of(before, FALSE_ALARMS / max(subjects, 1), share))


def limit_of(before: int, alpha: float, share: float) -> int:
    """The smallest count whose tail is at most `alpha`."""
    limit = LEAST
    while tail(limit, limit + before, share) > alpha:
        limit += 1
    return limit


def tail(count: int, total: int, share: float) -> float:
    """P(X ≥ count) of a binomial X of `total` with `share`."""
    few = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(count))
    return max(1 - few, 0.0) if few < 0.999 else _far(count, total, share)


def _far(count: int, total: int, share: float) -> float:
    """The same for small tails, summed from their own end, so that nothing is lost to rounding."""
    part = comb(total, count) * share**count * (1 - share) ** (total - count)
    whole, k = 0.0, count
    while k <= total and part > whole * 1e-12:
        whole += part
        part *= (total - k) / (k + 1) * share / (1 - share)
        k += 1
    return whole


def share_of(sold: int, sold_before: int, *, known: int = USUAL_DAYS) -> float:
    """The part of the last days: by days, or by what was sold in them when that is more (a sale brings letters, too).

    `known`: for how many days before tickets are known at all. Goods that are new have no usual rate: at most half is put down
    to sales, so that a bad first lot is told of.
    """
    days = DAYS / (DAYS + min(known, USUAL_DAYS))
    if sold + sold_before < KNOWN_SALES:
        return days
    return min(max(days, sold / (sold + sold_before)), MOST_SHARE)
