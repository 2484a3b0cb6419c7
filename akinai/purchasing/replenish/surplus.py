"""余剰在庫・死に筋: stock that no longer moves, what it costs, and what to do with it, in yen. Pure.

Each proposal says how many yen are left in hand after the horizon: what is sold − what holding it cost, for all
pieces on hand. Keeping is one of them, so `gain_yen` says whether anything is better than doing nothing. What is left
after the horizon counts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from akinai.purchasing.replenish.costs import Carrying, Rates, carrying, whole
from akinai.purchasing.replenish.pace import STILL_BELOW

YEAR = 365
CUTS = (10, 20, 30, 40, 50, 60, 70)


class Act(StrEnum):
    """処分のしかた."""

    KEEP = "keep"
    MARKDOWN = "markdown"
    BUNDLE = "bundle"
    RETURN = "return"
    DISPOSE = "dispose"

    @property
    def label(self) -> str:
        return ACTS[self]


ACTS = {
    Act.KEEP: "そのまま",
    Act.MARKDOWN: "値下げ",
    Act.BUNDLE: "セット",
    Act.RETURN: "返品",
    Act.DISPOSE: "廃棄",
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """売れ残りを調べる 1 SKU. Pieces on hand, pieces per day, days since the last sale (None: never sold).

    `known_days` on sale; `return_share` of the cost the supplier pays back (None: takes nothing back); `partner_per_day`
    sales per day of the SKU it could be bundled with (0: none).
    """

    sku_id: int
    code: str
    on_hand: int
    per_day: float
    price_yen: int
    unit_cost: Decimal
    days_since_sale: int | None
    known_days: int
    return_share: Decimal | None = None
    partner_per_day: float = 0.0
    storage_yen: Decimal | None = None
    shelf_life_left: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """前提. `keep_days` of sales are no surplus; `dead_days` without a sale are dead; `horizon` days ahead are counted.

    `response`: a price cut of c % multiplies sales by (1 − c/100)^−response. A bundle sells to a share `attach` of the
    partner's orders at `bundle_cut` % off. `dispose_yen` and `return_yen` per piece for the work and freight.
    """

    keep_days: int = 180
    dead_days: int = 90
    horizon: int = 365
    response: float = 1.5
    attach: float = 0.05
    bundle_cut: int = 20
    dispose_yen: int = 30
    return_yen: int = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """提案. `yen` left in hand after the horizon (may be negative); `gain_yen` more than keeping; `words` the arithmetic."""

    act: Act
    cut: int
    pieces: int
    yen: int
    gain_yen: int
    words: str


@dataclass(frozen=True, slots=True)
class Surplus:
    """余剰 1 件: pieces beyond `keep_days` of sales, their cost, what holding them costs a year, best proposal first."""

    sku_id: int
    code: str
    on_hand: int
    surplus: int
    is_dead: bool
    cover_days: int | None
    tied_up_yen: int
    holding_yen: int
    proposals: tuple[Proposal, ...]


def surpluses(
    goods: Iterable[Stuck], *, rates: Rates | None = None, limits: Limits | None = None
) -> list[Surplus]:
    """SKUs with surplus, the dearest first. A SKU younger than `dead_days` is given time and not listed."""
    rates, limits = rates or Rates(), limits or Limits()
    found = (judge(one, rates, limits) for one in goods)
    return sorted((one for one in found if one), key=lambda one: (-one.tied_up_yen, one.code))


def judge(one: Stuck, rates: Rates, limits: Limits) -> Surplus | None:
    """One SKU, or None when it has no surplus."""
    surplus = one.on_hand - int(one.per_day * limits.keep_days)
    if surplus <= 0 or one.known_days < limits.dead_days:
        return None
    silent = one.known_days if one.days_since_sale is None else one.days_since_sale
    held = carrying(one.unit_cost, one.storage_yen, rates)
    return Surplus(
        one.sku_id, one.code, one.on_hand, surplus, silent >= limits.dead_days,
        None if one.per_day < STILL_BELOW else int(one.on_hand / one.per_day), whole(surplus * one.unit_cost),
        whole(surplus * held.total), _proposals(one, surplus, held, rates, limits),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Case:
    """What all proposals of one SKU are computed from; `usual` pieces per day at today's price."""

    one: Stuck
    surplus: int
    held: Carrying
    fee: Decimal
    days: int
    usual: float

    def price(self, cut: int) -> int:
        """Yen a piece brings at `cut` % off, after the mall's fee."""
        return whole(self.one.price_yen * (1 - self.fee) * (100 - cut) / 100)

    def sold(self, pieces: int, per_day: float) -> int:
        return min(pieces, int(per_day * self.days))

    def holding(self, pieces: int, per_day: float) -> int:
        """Yen for holding what is left of `pieces`, sold at an even speed, over the whole horizon."""
        gone = per_day * self.days
        mean = pieces - gone / 2 if gone < pieces else pieces * (pieces / gone) / 2
        return whole(Decimal(repr(mean)) * self.held.total * self.days / YEAR)


def _proposals(
    one: Stuck, surplus: int, held: Carrying, rates: Rates, limits: Limits
) -> tuple[Proposal, ...]:
    """Everything that can be done, best first; of the markdowns only the best.

    What never sold is taken to sell half a piece in the time it was on sale: less than once, but not never.
    """
    days = limits.horizon if one.shelf_life_left is None else min(limits.horizon, max(one.shelf_life_left, 0))
    usual = max(one.per_day, 0.5 / max(one.known_days, 1))
    case = _Case(one, surplus, held, rates.selling_fee, days, usual)
    keep = _selling(case, Act.KEEP, 0, usual)
    cuts = [_selling(case, Act.MARKDOWN, cut, usual * (1 - cut / 100) ** -limits.response) for cut in CUTS]
    made = [keep, max(cuts, key=lambda proposal: proposal.yen), _disposing(case, limits)]
    if one.partner_per_day > 0:
        made.append(_bundling(case, limits))
    if one.return_share is not None:
        made.append(_returning(case, one.return_share, limits))
    gains = (replace(proposal, gain_yen=proposal.yen - keep.yen) for proposal in made)
    return tuple(sorted(gains, key=lambda proposal: -proposal.yen))


def _selling(case: _Case, act: Act, cut: int, per_day: float) -> Proposal:
    """Sell on, at a cut price or not: pieces × what a piece brings − holding."""
    have = case.one.on_hand
    sold, each, holding = case.sold(have, per_day), case.price(cut), case.holding(have, per_day)
    yen = sold * each - holding
    title = f"{act.label} {cut}%" if cut else act.label
    words = (
        f"{title}: {case.days} 日で {sold:,} 個 × {each:,} 円 − 保管など {holding:,} 円 = {yen:,} 円"
        f"（残り {have - sold:,} 個）"
    )
    return Proposal(act, cut, sold, yen, 0, words)


def _bundling(case: _Case, limits: Limits) -> Proposal:
    """Beside the usual sales, some with the partner's orders at a cut price."""
    have, cut = case.one.on_hand, limits.bundle_cut
    alone = case.sold(have, case.usual)
    more = case.one.partner_per_day * limits.attach
    paired = case.sold(have - alone, more)
    holding = case.holding(have, case.usual + more)
    yen = alone * case.price(0) + paired * case.price(cut) - holding
    words = (
        f"{Act.BUNDLE.label} {cut}% 引き: {case.days} 日で単品 {alone:,} 個 × {case.price(0):,} 円 + "
        f"セット {paired:,} 個 × {case.price(cut):,} 円 − 保管など {holding:,} 円 = {yen:,} 円（残り {have - alone - paired:,} 個）"
    )
    return Proposal(Act.BUNDLE, cut, alone + paired, yen, 0, words)


def _returning(case: _Case, share: Decimal, limits: Limits) -> Proposal:
    paid = whole(case.one.unit_cost * share)
    back = case.surplus * (paid - limits.return_yen)
    words = (
        f"返品: {case.surplus:,} 個 ×（返金 {paid:,} 円 − 送料など {limits.return_yen:,} 円）= {back:,} 円"
    )
    return _with_rest(case, Act.RETURN, back, words)


def _disposing(case: _Case, limits: Limits) -> Proposal:
    paid = -case.surplus * limits.dispose_yen
    words = f"廃棄: {case.surplus:,} 個 × 処分費 {limits.dispose_yen:,} 円 = {paid:,} 円"
    return _with_rest(case, Act.DISPOSE, paid, words)


def _with_rest(case: _Case, act: Act, yen: int, words: str) -> Proposal:
    """The surplus goes at once; what is no surplus goes on selling at its price."""
    rest = case.one.on_hand - case.surplus
    if not rest:
        return Proposal(act, 0, case.surplus, yen, 0, words)
    sold, holding = case.sold(rest, case.usual), case.holding(rest, case.usual)
    selling = sold * case.price(0) - holding
    words += (
        f"、残り {rest:,} 個は {sold:,} 個 × {case.price(0):,} 円 − 保管など {holding:,} 円 = {selling:,} 円、"
        f"合計 {yen + selling:,} 円"
    )
    return Proposal(act, 0, case.surplus, yen + selling, 0, words)
