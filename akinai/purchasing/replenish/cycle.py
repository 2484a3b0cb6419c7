"""見直し・納期・発注数のめぐり: what a reorder point and a quantity mean for lost pieces and stock. Pure: numpy only.

Every `review` days the position (on hand + on order − promised) is looked at; at or below s, Q pieces are ordered. After a
review the position is anywhere from s + 1 to s + Q with equal chance (Hadley and Whitin, 1963, ⟨nQ, r, T⟩), so
lost pieces per review = mean over those y of [ short over lead + review − short over lead ](y). No guess of how
far stock sank below s is needed, which matters for goods that sell in bulk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from akinai.purchasing.replenish.demand import NegativeBinomial
from akinai.purchasing.replenish.history import Floats, Ints

NEVER_LIES = 1e-9


@dataclass(frozen=True, slots=True)
class Cycle:
    """Demand over the lead time, over lead time + one review, and from sinking to the reorder point until arrival (`sunk`);
    pieces per day; days of lead and between reviews; `step`: pieces the stock lies below the point when it is noticed."""

    lead: NegativeBinomial
    lead_and_review: NegativeBinomial
    sunk: NegativeBinomial
    step: Floats
    per_day: Floats
    lead_days: Floats
    review: Floats

    def lost_per_day(self, point: Floats | Ints, quantity: Floats | Ints) -> Floats:
        """Pieces a day that are wanted while the shelf is empty, were all of them waited for."""
        s, q = np.asarray(point, dtype=np.float64), np.asarray(quantity, dtype=np.float64)
        late = self.lead_and_review.short_beyond(s) - self.lead_and_review.short_beyond(s + q)
        early = self.lead.short_beyond(s) - self.lead.short_beyond(s + q)
        return np.maximum(late - early, 0.0) / (q * self.review)

    def fill_rate(self, point: Floats | Ints, quantity: Floats | Ints) -> Floats:
        """充足率: share of the wanted pieces that is served at once (0 … 1; 1 where nothing is wanted).

        Who finds nothing does not wait, so a lost piece does not burden the next arrival: served ÷ (served + lost).
        """
        lost = self.lost_per_day(point, quantity)
        return np.where(self.per_day > 0, self.per_day / np.maximum(self.per_day + lost, 1e-12), 1.0)

    def saved_by_one_more(self, point: Floats | Ints, quantity: Floats | Ints) -> Floats:
        """Pieces a day no longer lost by a reorder point one higher, per piece that it adds to the shelf.

        The added piece costs holding only while it lies there: where most arrivals are owed already it hardly ever does, but
        it is never useless either. The share falls from 2 ÷ review towards 0, so a price crosses it once.
        """
        s, q = np.asarray(point, dtype=np.float64) + 1, np.asarray(quantity, dtype=np.float64)
        late = (self.lead_and_review.short(s) - self.lead_and_review.short(s + q)) / q
        early = (self.lead.short(s) - self.lead.short(s + q)) / q
        lies = 1 - (early + late) / 2
        share = np.maximum(late - early, 0.0) / np.maximum(lies, NEVER_LIES)
        return np.where(lies > NEVER_LIES, share, 2.0) / self.review

    def on_hand(self, point: Floats | Ints, quantity: Floats | Ints) -> Floats:
        """Mean pieces on the shelf: position − what is still to come + what could not be served."""
        s, q = np.asarray(point, dtype=np.float64), np.asarray(quantity, dtype=np.float64)
        early = self.lead.short_beyond(s) - self.lead.short_beyond(s + q)
        late = self.lead_and_review.short_beyond(s) - self.lead_and_review.short_beyond(s + q)
        owed = (early + late) / (2 * q)
        return np.maximum(s + (q + 1) / 2 - self.per_day * (self.lead_days + self.review / 2) + owed, 0.0)

    def take(self, rows: Ints) -> Cycle:
        """The same for some SKUs only."""
        return Cycle(
            self.lead.take(rows),
            self.lead_and_review.take(rows),
            self.sunk.take(rows),
            self.step[rows],
            self.per_day[rows],
            self.lead_days[rows],
            self.review[rows],
        )


def cycle(
    per_day: Floats,
    day_variance: Floats,
    level_variance: Floats,
    *,
    lead_days: Floats,
    lead_spread: Floats,
    review: Floats,
) -> Cycle:
    """Forecast (pieces, pieces² per day) and lead time (days) → the demand of each stretch.

    Days stray by themselves, the lead time strays, and the level may be wrong for the whole stretch at once: variances add.
    A very shaky lead time would give the short stretch a longer tail than the long one, of which it is a part; its variance
    is held to the long one's proportion.
    """

    def over(days: Floats) -> NegativeBinomial:
        spread = day_variance * days + (per_day * lead_spread) ** 2 + level_variance * days**2
        return NegativeBinomial(per_day * days, np.where(per_day > 0, spread, 0.0))

    both, lead = over(lead_days + review), over(lead_days)
    proportion = both.variance / np.maximum(both.mean, 1e-300)
    lead = NegativeBinomial(lead.mean, np.minimum(lead.variance, lead.mean * proportion))
    step, step_variance = _step(per_day, day_variance, review)
    unsure = level_variance * ((lead_days + review / 2) ** 2 - lead_days**2)
    sunk = NegativeBinomial(
        lead.mean + step, lead.variance + np.where(per_day > 0, step_variance + unsure, 0.0)
    )
    return Cycle(lead, both, sunk, step, per_day, lead_days, review)


def _step(per_day: Floats, day_variance: Floats, review: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of how far stock lies below the reorder point at the review that notices it.

    Renewal theory: E[X²] ÷ 2E[X] and E[X³] ÷ 3E[X] of the demand X between reviews (gamma's third moment). With steady
    demand half a review's sales; with bulk orders much more.
    """
    turn = np.maximum(per_day, 1e-12) * review
    lumps = day_variance * review / turn**2
    mean = turn * (1 + lumps) / 2
    square = turn**2 * (1 + lumps) * (1 + 2 * lumps) / 3
    sells = per_day > 0
    return np.where(sells, mean, 0.0), np.where(sells, square - mean**2, 0.0)
