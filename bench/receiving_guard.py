"""script/bench receiving_guard: planted slips of the finger on northwind's purchase history, and how many are asked about.

The history is lived through day by day. Each slip is entered twice: once as it was (a doubt is a false alarm), and once
with one planted error (no doubt about it is a miss). Every tenth line comes in two parts, every twentieth at a price up to
3 % apart, and neither is an error. Cases: `with_order` the slip answers an order; `without_order` nothing is known but the
supplier's price list and what came before; `…_pieces` with 合計数量 of the slip, `…_totals` with the amounts as well.

`typed`: the ten kinds of error of every case. `beyond`: errors that only some cases can see at all (a line left out, the
wrong goods of the same supplier, an error in the totals themselves, a price that the supplier printed wrong).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from akinai.purchasing import doubts, totals
from akinai.purchasing.doubts import Arrived, Asked, Past, Slip, Told
from akinai.purchasing.totals import NONE_TOLD, Totals
from bench.ground import say
from bench.northwind import Bought, history
from bench.slips import IN_A_LINE, Goods, Paper, papers, printed, rows, sku_id, wrong_goods, wrong_totals

KINDS = (*IN_A_LINE, "wrong_sku", "duplicate_slip")
BEYOND = (
    "missing_line", "doubled_line", "wrong_sku_same_supplier", "price_jump_printed", "total_pieces_swap", "total_net_swap", "total_gross_swap",
)  # fmt: skip
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Case:
    """What the shop knows of a slip. `totals`: none | pieces | all."""

    name: str
    with_order: bool = False
    totals: str = "none"

    def told(self, printed: Totals) -> Totals:
        """The totals that are typed here."""
        if self.totals == "none":
            return NONE_TOLD
        return printed if self.totals == "all" else Totals(printed.pieces)


CASES = (
    Case("with_order", with_order=True),
    Case("with_order_totals", with_order=True, totals="all"),
    Case("without_order"),
    Case("without_order_pieces", totals="pieces"),
    Case("without_order_totals", totals="all"),
)


@dataclass
class Score:
    """Planted and caught by kind; clean lines and false alarms."""

    planted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    caught: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: int = 0
    alarms: int = 0

    def recall(self, kinds: Sequence[str] = KINDS) -> float:
        return sum(self.caught[k] for k in kinds) / max(1, sum(self.planted[k] for k in kinds))

    @property
    def false_alarms(self) -> float:
        return self.alarms / max(1, self.lines)

    def add(self, other: Score) -> None:
        self.lines += other.lines
        self.alarms += other.alarms
        for kind in (*KINDS, *BEYOND):
            self.planted[kind] += other.planted[kind]
            self.caught[kind] += other.caught[kind]


@dataclass
class Shop:
    """What is known on the day of a paper."""

    case: Case
    goods: Goods
    past: dict[int, Past]
    prices: dict[int, Decimal] = field(default_factory=dict)
    recent: list[tuple[str, Slip]] = field(default_factory=list)

    def told(self, paper: Paper) -> Told:
        if self.case.with_order:
            return Told(order=paper.asked)
        others = {pk: supplier for pk, (_, supplier) in self.goods.items() if supplier != paper.supplier}
        mine = {pk: cost for pk, cost in self.prices.items() if pk not in others}
        return Told(None, mine, others, {self.goods[pk][0]: cost for pk, cost in mine.items()})

    def look(
        self, paper: Paper, lines: Sequence[Arrived], typed: Totals, past: Mapping[int, Past] | None = None,
        order: Sequence[Asked] | None = None,
    ) -> tuple[set[int], bool]:  # fmt: skip
        """Lines that are asked about, and whether the totals are: as `services.doubting` does it."""
        known, told = self.told(paper), self.case.told(typed)
        if order is not None:
            known = replace(known, order=order)
        wrong = totals.find(rows(lines), told) if told.are_told else []
        if told.are_told and not wrong:
            known = replace(known, proved=totals.agreement(rows(lines), told))
        found = doubts.find(lines, self.past if past is None else past, known)
        return {doubt.at for doubt in found}, bool(wrong)

    def twins(self, paper: Paper) -> list[Slip]:
        earlier = [slip for supplier, slip in self.recent[-400:] if supplier == paper.supplier]
        return list(
            doubts.twins(_content(paper), paper.on, earlier, order=_order(paper, self.case)),
        )

    def post(self, paper: Paper) -> None:
        """The slip is in; the price list follows what was paid, as the shop's clerks keep it."""
        self.past = doubts.after(self.past, paper.lines)
        self.prices |= {line.sku_id: line.unit_cost for line in paper.lines if line.unit_cost}
        self.recent.append((paper.supplier, _as_slip(paper, self.case)))


def live(case: Case, *, seed: int, bought: Sequence[Bought] | None = None, every: int = 1) -> Score:
    """The whole history once. `every`: plant on each n-th paper only."""
    dice = random.Random(seed)
    known = bought if bought is not None else history()
    goods = {sku_id(one.sku): (one.sku, one.supplier) for one in known}
    score, shop = Score(), Shop(case, goods, {pk: Past() for pk in goods})
    for nth, paper in enumerate(papers(known, dice)):
        for one in paper.asked:
            shop.prices.setdefault(one.sku_id, one.unit_cost)
        alarmed, wrong = shop.look(paper, paper.lines, paper.totals)
        score.lines += len(paper.lines)
        score.alarms += len(alarmed) + wrong + bool(shop.twins(paper))
        if nth % every == 0:
            for kind in (*KINDS, *BEYOND):
                _try(kind, paper, shop, score, dice)
        shop.post(paper)
    return score


def _try(kind: str, paper: Paper, shop: Shop, score: Score, dice: random.Random) -> None:
    """One error on one line of the paper, or in its totals; caught when that is asked about."""
    at = dice.randrange(len(paper.lines))
    line, typed = paper.lines[at], paper.totals
    if kind == "duplicate_slip":
        caught = _is_caught_twice(paper, shop)
    elif kind in BEYOND and kind != "wrong_sku_same_supplier":
        known = _beyond(kind, paper, at, shop, dice)
        if known is None:
            return
        caught = known
    else:
        wrong = (
            wrong_goods(kind, line, paper, shop.goods, dice) if kind.startswith("wrong_") else IN_A_LINE[kind](line, dice)
        )  # fmt: skip
        if wrong is None or wrong.quantity < 1 or wrong == line:
            return
        lines = [wrong if nth == at else one for nth, one in enumerate(paper.lines)]
        asked, unlike = shop.look(paper, lines, typed)
        caught = at in asked or unlike
    score.planted[kind] += 1
    score.caught[kind] += caught


def _beyond(kind: str, paper: Paper, at: int, shop: Shop, dice: random.Random) -> bool | None:
    """Is it caught? None where this paper cannot have it."""
    if kind == "price_jump_printed":
        wrong = IN_A_LINE["price_jump"](paper.lines[at], dice)
        assert wrong
        lines = [wrong if nth == at else one for nth, one in enumerate(paper.lines)]
        return at in shop.look(paper, lines, printed(lines, paper.way))[0]
    if kind.startswith("total_"):
        if shop.case.totals == "none" or (shop.case.totals == "pieces" and kind != "total_pieces_swap"):
            return None
        typed = wrong_totals(kind, paper.totals, dice)
        return None if typed is None else shop.look(paper, paper.lines, typed)[1]
    if kind == "missing_line":
        if len(paper.lines) < 2:
            return None
        lines = [one for nth, one in enumerate(paper.lines) if nth != at]
    else:  # the form counts the same goods at the same cost together
        twice = replace(paper.lines[at], quantity=paper.lines[at].quantity * 2)
        lines = [twice if nth == at else one for nth, one in enumerate(paper.lines)]
    asked, unlike = shop.look(paper, lines, paper.totals)
    return bool(asked) or unlike


def _is_caught_twice(paper: Paper, shop: Shop) -> bool:
    """The same paper again, under another number."""
    again = replace(shop, recent=[*shop.recent, (paper.supplier, _as_slip(paper, shop.case))])
    if again.twins(paper):
        return True
    came = {line.sku_id: line.quantity for line in paper.lines}
    left = [replace(one, open=max(0, one.open - came.get(one.sku_id, 0))) for one in paper.asked]
    past = doubts.after(shop.past, paper.lines)
    return shop.case.with_order and bool(shop.look(paper, paper.lines, paper.totals, past, left)[0])


def _content(paper: Paper) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((line.sku_id, line.quantity) for line in paper.lines))


def _order(paper: Paper, case: Case) -> str | None:
    return paper.order if case.with_order else None


def _as_slip(paper: Paper, case: Case) -> Slip:
    return Slip(paper.order, paper.on, _content(paper), _order(paper, case))


def figures(score: Score, name: str) -> Iterator[dict[str, object]]:
    for kind in (*KINDS, *BEYOND):
        planted, caught = score.planted[kind], score.caught[kind]
        if planted:
            group = "typed" if kind in KINDS else "beyond"
            yield {
                "bench": "receiving_guard", "case": name, "group": group, "kind": kind, "planted": planted, "caught": caught,
                "share": round(caught / planted, 4),
            }  # fmt: skip
    planted = sum(score.planted[kind] for kind in KINDS)
    yield {
        "bench": "receiving_guard", "case": name, "planted": planted, "caught_share": round(score.recall(), 4),
        "with_beyond_share": round(score.recall((*KINDS, *BEYOND)), 4), "clean_lines": score.lines,
        "false_alarms": score.alarms, "false_alarm_share": round(score.false_alarms, 4),
        "aim": "caught >= 0.95, false alarms <= 0.03",
    }  # fmt: skip


def main() -> None:
    for case in CASES:
        total = Score()
        for seed in SEEDS:
            total.add(live(case, seed=seed))
        for figure in figures(total, case.name):
            say(**figure)


if __name__ == "__main__":
    main()
