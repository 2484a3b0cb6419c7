"""念のため: what looks like a slip of the finger on a supplier's paper, asked about before anything is posted. Pure.

The best witness decides: an order says exactly what should come, else the supplier's price list and what came before.
A clerk who is asked about everything reads nothing, so each rule asks only about what a finger does: digits swapped,
a zero too many or too few, the wrong goods, a price that jumps, a quantity never seen, a paper typed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from akinai.core.money import cost_text
from akinai.purchasing.totals import NOTHING_PROVED, Agreement

JUMP = Decimal("0.3")
MANY = 10
NEVER_SEEN = 3  # times the largest of …
ENOUGH = 8  # … so many receipts
REMEMBERED = 20
TWIN_DAYS = 5  # less than a week: the same van brings the same goods every Monday


@dataclass(frozen=True, slots=True)
class Past:
    """前回まで: pieces and costs of one SKU's receipts, newest first; costs where they were told."""

    quantities: tuple[int, ...] = ()
    costs: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """One line to look at."""

    sku_id: int
    code: str
    quantity: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """発注明細: what is still open of an order, and at which price."""

    sku_id: int
    code: str
    open: int
    unit_cost: Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """What else is known: the order's lines (None: no order), the supplier's prices, who usually sells what it does not."""

    order: Sequence[Asked] | None = None
    prices: Mapping[int, Decimal] | None = None
    others: Mapping[int, str] | None = None  # SKU → the supplier that sells it, where this one does not
    listed: Mapping[str, Decimal] | None = None  # the whole price list of the supplier, by our code
    proved: Agreement = NOTHING_PROVED  # by the totals on the slip

    @property
    def proves_pieces(self) -> bool:
        """The slip's totals agree, so the pieces stand as they are printed, usual or not."""
        return self.proved.pieces or self.proved.money


@dataclass(frozen=True, slots=True)
class Slip:
    """An earlier paper of the same supplier, for finding one typed twice."""

    number: str
    on: date
    lines: tuple[tuple[int, int], ...]  # (SKU, pieces), sorted
    order: int | str | None = None  # the order it answers


@dataclass(frozen=True, slots=True)
class Doubt:
    """念のため: one thing to ask about. `text` names the numbers, so confirming it confirms exactly these."""

    at: int  # index of the line
    field: str  # sku | quantity | cost | slip | total
    text: str


def find(lines: Sequence[Arrived], past: Mapping[int, Past], told: Told | None = None) -> list[Doubt]:
    """Every doubt about the lines of one paper, in their order."""
    known = told or Told()
    asked = {one.sku_id: one for one in known.order or ()}
    found: list[Doubt] = []
    for at, line in enumerate(lines):
        one, before = asked.get(line.sku_id), past.get(line.sku_id, Past())
        texts = [
            ("sku", _goods(line, known, one, lines)),
            (
                "quantity",
                ""
                if known.proves_pieces and one is None
                else _quantity(line, before, one, has_order=known.order is not None),
            ),
            ("cost", _cost(line, before, one, (known.prices or {}).get(line.sku_id))),
        ]
        found += [Doubt(at, field, f"{line.code}: {text}") for field, text in texts if text]
        if one is not None:
            asked[line.sku_id] = replace(one, open=max(0, one.open - line.quantity))
    return found


def _goods(line: Arrived, known: Told, one: Asked | None, lines: Sequence[Arrived]) -> str:
    if known.order is not None:
        if one is not None:
            return ""
        here = {other.sku_id for other in lines}
        near = [a.code for a in known.order if a.open and a.sku_id not in here and is_slip(line.code, a.code)]
        hint = f" {near[0]} の打ち間違いではありませんか。" if near else ""
        return f"この発注にない商品です。{hint}"
    if seller := (known.others or {}).get(line.sku_id):
        return f"この仕入先の取扱商品ではありません（ふだんの仕入先は {seller}）。"
    # Only where the totals prove that the paper says this cost: else it may be the cost that was typed wrong.
    return _priced_like_another(line, known.listed or {}) if known.proved.money else ""


def _priced_like_another(line: Arrived, listed: Mapping[str, Decimal]) -> str:
    """The cost is to the yen what the list asks for other goods, and not what it asks for these."""
    if line.unit_cost is None or listed.get(line.code) in (None, line.unit_cost):
        return ""
    like = [code for code, cost in listed.items() if cost == line.unit_cost]
    if not like:
        return ""
    return f"単価 {cost_text(line.unit_cost)} 円は、価格表では {'・'.join(like[:3])} の単価です。商品を取り違えていませんか。"


def _quantity(line: Arrived, before: Past, one: Asked | None, *, has_order: bool) -> str:
    pieces = line.quantity
    if one is not None:
        return _beside_order(pieces, one.open)
    last = before.quantities[0] if before.quantities else 0
    if last and pieces >= last * MANY and pieces > max(before.quantities):
        return f"数量 {pieces:,} は前回 {last:,} の{MANY}倍以上です。"
    if has_order or len(before.quantities) < ENOUGH:
        return ""
    most, least = max(before.quantities), min(before.quantities)
    if pieces > most * NEVER_SEEN:
        return f"数量 {pieces:,} はこれまでで最も多い {most:,} の{NEVER_SEEN}倍を超えています。"
    if pieces * MANY <= least:
        return f"数量 {pieces:,} はこれまでで最も少ない {least:,} の{MANY}分の1以下です。"
    return ""


def _beside_order(pieces: int, left: int) -> str:
    """Less is a part of the delivery, unless it is the same digits in another order or without a zero."""
    if pieces == left:
        return ""
    if not left:
        return f"数量 {pieces:,} ですが、この発注はもう残っていません。同じ納品書を二度入れていませんか。"
    if is_swap(str(pieces), str(left)):
        return f"数量 {pieces:,} は発注残 {left:,} の数字の入れ替わりではありませんか。"
    if pieces == left * MANY or pieces * MANY == left:
        return f"数量 {pieces:,} は発注残 {left:,} と桁が違いませんか。"
    if pieces > left * 2:
        return f"数量 {pieces:,} は発注残 {left:,} の2倍を超えています。"
    return ""


def _cost(line: Arrived, before: Past, one: Asked | None, listed: Decimal | None) -> str:
    cost = line.unit_cost
    if cost is None:
        return ""
    if one is not None:
        return _beside_price(cost, one.unit_cost, "発注の")
    if cost in before.costs[:3] or cost == listed:
        return ""
    if listed:
        return _beside_price(cost, listed, "価格表の")
    return _beside_price(cost, before.costs[0], "前回 ") if before.costs else ""


def _beside_price(cost: Decimal, right: Decimal, whose: str) -> str:
    if cost == right or not right:
        return ""
    told = f"単価 {cost_text(cost)} 円は{whose}{cost_text(right)} 円"
    if is_swap(_digits(cost), _digits(right)):
        return f"{told}の数字の入れ替わりではありませんか。"
    return f"{told}から30%を超えて変わっています。" if jumps(cost, right) else ""


def jumps(cost: Decimal, before: Decimal) -> bool:
    """Is the cost more than 30 % away from the one before?"""
    return abs(cost - before) > before * JUMP


def _digits(cost: Decimal) -> str:
    return f"{cost.normalize():f}"


def is_swap(typed: str, right: str) -> bool:
    """数字の入れ替わり: the same digits but for two neighbours that changed places."""
    if len(typed) != len(right) or typed == right:
        return False
    apart = [at for at, (a, b) in enumerate(zip(typed, right, strict=True)) if a != b]
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and typed[apart[0]] == right[apart[1]]
        and typed[apart[1]] == right[apart[0]]
    )


def is_slip(typed: str, right: str) -> bool:
    """One letter wrong, missing, too many, or two neighbours swapped."""
    if is_swap(typed, right):
        return True
    if abs(len(typed) - len(right)) > 1 or typed == right:
        return False
    if len(typed) == len(right):
        return sum(a != b for a, b in zip(typed, right, strict=True)) == 1
    short, long = sorted((typed, right), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def twins(
    lines: Iterable[tuple[int, int]], on: date, earlier: Iterable[Slip], *, order: int | str | None = None
) -> Iterator[Slip]:
    """同じ中身の伝票: papers of the same supplier (and the same order) with exactly these goods and pieces within some days."""
    same = tuple(sorted(lines))
    near = (one for one in earlier if abs((on - one.on).days) <= TWIN_DAYS)
    return (one for one in near if one.lines == same and one.order == order)


def after(past: Mapping[int, Past], lines: Sequence[Arrived]) -> dict[int, Past]:
    """What the next paper is compared with, once these lines are posted."""
    known = dict(past)
    for line in lines:
        before = known.get(line.sku_id, Past())
        costs = before.costs if line.unit_cost is None else (line.unit_cost, *before.costs)
        known[line.sku_id] = Past((line.quantity, *before.quantities)[:REMEMBERED], costs[:REMEMBERED])
    return known
