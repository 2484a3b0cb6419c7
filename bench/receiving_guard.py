"""script/bench receiving_guard: planted slips of the finger on northwind's purchase history, and how many are asked about.

The history is lived through day by day. Each slip is entered twice: once as it was (a doubt is a false alarm), and once
with one planted error (no doubt about it is a miss). `with_order`: the slip answers an order, as in the shop; every tenth
line comes in two parts, every twentieth at a price up to 3 % apart, and neither is an error. `without_order`: nothing is
known but the supplier's price list and what came before.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from akinai.purchasing import doubts
from akinai.purchasing.doubts import Arrived, Asked, Past, Slip, Told
from bench.ground import say
from bench.northwind import Bought, history

KINDS = (
    "digit_swap_quantity", "digit_swap_cost", "ten_times_quantity", "tenth_of_quantity", "ten_times_cost", "tenth_of_cost",
    "wrong_sku", "price_jump", "unusual_quantity", "duplicate_slip",
)  # fmt: skip
PARTS, APART = 10, 20


@dataclass(frozen=True)
class Paper:
    """One delivery note of one supplier: its lines, what is open of its order, and the others that the supplier sells."""

    order: str
    supplier: str
    on: date
    lines: tuple[Arrived, ...]
    asked: tuple[Asked, ...]


@dataclass
class Score:
    """Planted and caught by kind; clean lines and false alarms."""

    planted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    caught: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lines: int = 0
    alarms: int = 0

    @property
    def recall(self) -> float:
        return sum(self.caught.values()) / max(1, sum(self.planted.values()))

    @property
    def false_alarms(self) -> float:
        return self.alarms / max(1, self.lines)


def sku_id(code: str) -> int:
    return int(code.rpartition("-")[2])


def papers(bought: Sequence[Bought], dice: random.Random) -> list[Paper]:
    """Delivery notes in the order they came: split, and with small differences of price, as in life."""
    made = []
    arrived = [one for one in bought if one.received_on]
    key = lambda one: (one.received_on, one.order, one.supplier)  # noqa: E731
    for (on, order, supplier), group in groupby(sorted(arrived, key=key), key=key):
        rows = list(group)
        open_now = {one.sku: one.quantity for one in rows}
        rest = []
        first = []
        for one in rows:
            pieces = one.quantity
            if dice.randrange(PARTS) == 0 and pieces > 3:
                pieces = dice.randint(1, pieces - 1)
                rest.append(replace(one, quantity=one.quantity - pieces))
            first.append((one, pieces))
        made.append(_paper(order, supplier, on, first, open_now, rows, dice))
        for one, pieces in first:
            open_now[one.sku] -= pieces
        if rest:
            made.append(
                _paper(order, supplier, on, [(one, one.quantity) for one in rest], open_now, rows, dice)
            )
    return made


def _paper(
    order: str, supplier: str, on: date, came: Sequence[tuple[Bought, int]], open_now: Mapping[str, int],
    rows: Sequence[Bought], dice: random.Random,
) -> Paper:  # fmt: skip
    lines = []
    for one, pieces in came:
        cost = Decimal(one.cost)
        if dice.randrange(APART) == 0:
            cost = (cost * Decimal(dice.randint(97, 103)) / 100).quantize(Decimal(1))
        lines.append(Arrived(sku_id(one.sku), one.sku, pieces, cost))
    asked = tuple(Asked(sku_id(one.sku), one.sku, open_now[one.sku], Decimal(one.cost)) for one in rows)
    return Paper(order, supplier, on, tuple(lines), asked)


def swapped(number: int, dice: random.Random) -> int | None:
    """Two neighbouring digits changed places; None where that changes nothing."""
    text = str(number)
    places = [
        at for at in range(len(text) - 1) if text[at] != text[at + 1] and not (at == 0 and text[1] == "0")
    ]
    if not places:
        return None
    at = dice.choice(places)
    return int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def plant(
    kind: str, line: Arrived, paper: Paper, goods: Mapping[int, tuple[str, str]], dice: random.Random
) -> Arrived | None:
    """The line with one error; None where this line cannot have it."""
    cost = int(line.unit_cost or 0)
    if kind == "digit_swap_quantity":
        number = swapped(line.quantity, dice)
        return None if number is None else replace(line, quantity=number)
    if kind == "digit_swap_cost":
        number = swapped(cost, dice)
        return None if number is None else replace(line, unit_cost=Decimal(number))
    if kind == "ten_times_quantity":
        return replace(line, quantity=line.quantity * 10)
    if kind == "tenth_of_quantity":
        return replace(line, quantity=line.quantity // 10) if line.quantity % 10 == 0 else None
    if kind in ("ten_times_cost", "tenth_of_cost"):
        factor = Decimal(10) if kind.startswith("ten_") else Decimal("0.1")
        return replace(line, unit_cost=Decimal(cost) * factor)
    if kind == "wrong_sku":
        here = {one.sku_id for one in paper.asked}
        wrong = dice.choice([pk for pk in goods if pk not in here])
        return replace(line, sku_id=wrong, code=goods[wrong][0])
    if kind == "price_jump":
        share = dice.choice((dice.randint(35, 69), dice.randint(135, 400)))
        return replace(line, unit_cost=(Decimal(cost) * share / 100).quantize(Decimal(1)))
    if kind == "unusual_quantity":
        return replace(line, quantity=line.quantity * dice.randint(4, 9) + 1)
    return line  # duplicate_slip: the same line once more


def told(
    paper: Paper,
    asked: Sequence[Asked],
    prices: Mapping[int, Decimal],
    goods: Mapping[int, tuple[str, str]],
    *,
    with_order: bool,
) -> Told:
    if with_order:
        return Told(order=asked)
    others = {pk: supplier for pk, (_, supplier) in goods.items() if supplier != paper.supplier}
    return Told(None, {pk: cost for pk, cost in prices.items() if pk not in others}, others)


def live(*, with_order: bool, seed: int, bought: Sequence[Bought] | None = None, every: int = 1) -> Score:
    """The whole history once. `every`: plant on each n-th paper only."""
    dice = random.Random(seed)
    rows = bought if bought is not None else history()
    goods = {sku_id(one.sku): (one.sku, one.supplier) for one in rows}
    score, past, prices = Score(), {pk: Past() for pk in goods}, {}
    recent: list[tuple[str, Slip]] = []
    for nth, paper in enumerate(papers(rows, dice)):
        for one in paper.asked:
            prices.setdefault(one.sku_id, one.unit_cost)
        known = told(paper, paper.asked, prices, goods, with_order=with_order)
        alarmed = {doubt.at for doubt in doubts.find(paper.lines, past, known)}
        twins = _twins(paper, recent, with_order=with_order)
        score.lines += len(paper.lines)
        score.alarms += len(alarmed) + bool(twins)
        if nth % every == 0:
            for kind in KINDS:
                _try(kind, paper, past, known, prices, goods, recent, score, dice, with_order=with_order)
        past = doubts.after(past, paper.lines)
        # The shop's price list follows what was paid, as its clerks keep it.
        prices |= {line.sku_id: line.unit_cost for line in paper.lines if line.unit_cost}
        recent.append((paper.supplier, _as_slip(paper, with_order=with_order)))
    return score


def _content(lines: Sequence[Arrived]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((line.sku_id, line.quantity) for line in lines))


def _as_slip(paper: Paper, *, with_order: bool) -> Slip:
    return Slip(paper.order, paper.on, _content(paper.lines), paper.order if with_order else None)


def _twins(paper: Paper, recent: Sequence[tuple[str, Slip]], *, with_order: bool) -> list[Slip]:
    earlier = [slip for supplier, slip in recent[-400:] if supplier == paper.supplier]
    order = paper.order if with_order else None
    return list(doubts.twins(_content(paper.lines), paper.on, earlier, order=order))


def _try(
    kind: str, paper: Paper, past: Mapping[int, Past], known: Told, prices: Mapping[int, Decimal],
    goods: Mapping[int, tuple[str, str]], recent: Sequence[tuple[str, Slip]], score: Score, dice: random.Random,
    *, with_order: bool,
) -> None:  # fmt: skip
    """One error on one line of the paper; caught when that line is asked about."""
    at = dice.randrange(len(paper.lines))
    wrong = plant(kind, paper.lines[at], paper, goods, dice)
    if wrong is None or wrong.quantity < 1:
        return
    score.planted[kind] += 1
    if kind == "duplicate_slip":
        score.caught[kind] += _is_caught_twice(paper, past, known, recent, with_order=with_order)
        return
    lines = [wrong if nth == at else line for nth, line in enumerate(paper.lines)]
    if wrong == paper.lines[at]:
        score.planted[kind] -= 1
        return
    score.caught[kind] += any(doubt.at == at for doubt in doubts.find(lines, past, known))


def _is_caught_twice(
    paper: Paper,
    past: Mapping[int, Past],
    known: Told,
    recent: Sequence[tuple[str, Slip]],
    *,
    with_order: bool,
) -> bool:
    """The same paper again, under another number."""
    now = (paper.supplier, _as_slip(paper, with_order=with_order))
    if _twins(paper, [*recent, now], with_order=with_order):
        return True
    came = {line.sku_id: line.quantity for line in paper.lines}
    left = [replace(one, open=max(0, one.open - came.get(one.sku_id, 0))) for one in known.order or ()]
    return with_order and bool(
        doubts.find(paper.lines, doubts.after(past, paper.lines), replace(known, order=left))
    )


def figures(score: Score, name: str) -> Iterator[dict[str, object]]:
    for kind in KINDS:
        planted, caught = score.planted[kind], score.caught[kind]
        if planted:
            yield {
                "bench": "receiving_guard",
                "case": name,
                "kind": kind,
                "planted": planted,
                "caught": caught,
                "share": round(caught / planted, 4),
            }
    yield {
        "bench": "receiving_guard", "case": name, "planted": sum(score.planted.values()), "caught_share": round(score.recall, 4),
        "clean_lines": score.lines, "false_alarms": score.alarms, "false_alarm_share": round(score.false_alarms, 4),
        "aim": "caught >= 0.95, false alarms <= 0.03",
    }  # fmt: skip


def main() -> None:
    for name, with_order in (("with_order", True), ("without_order", False)):
        total = Score()
        for seed in (1, 2, 3):
            one = live(with_order=with_order, seed=seed)
            total.lines += one.lines
            total.alarms += one.alarms
            for kind in KINDS:
                total.planted[kind] += one.planted[kind]
                total.caught[kind] += one.caught[kind]
        for figure in figures(total, name):
            say(**figure)


if __name__ == "__main__":
    main()
