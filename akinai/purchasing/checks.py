"""4点の照合: what was ordered, what the supplier's slip says, what was counted, what the bill asks. Pure.

A mismatch says which pieces it concerns and how many of them are held back from sale until somebody has settled it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from akinai.core.money import cost_text


class Kind(StrEnum):
    """不一致の種類."""

    SHORT = "short"
    OVER = "over"
    WRONG_ITEM = "wrong_item"
    DAMAGED = "damaged"
    PRICE = "price"
    NOT_ORDERED = "not_ordered"
    BILL = "bill"


@dataclass(frozen=True, slots=True)
class Seen:
    """One line as four papers tell it. None: that paper says nothing (no order; no slip apart from the count).

    `ordered` pieces were still open on the order; `counted` pieces came, `damaged` of them broken.
    """

    sku_id: int
    code: str
    counted: int
    damaged: int = 0
    slip: int | None = None
    slip_cost: Decimal | None = None
    ordered: int | None = None
    order_cost: Decimal | None = None
    meant: str = ""  # the ordered goods whose code at the supplier means these goods today


@dataclass(frozen=True, slots=True)
class Mismatch:
    """不一致 of line number `at`: `quantity` pieces, `held` of them lie apart. `yen` is what it is about, at the cost told."""

    at: int
    kind: Kind
    quantity: int
    held: int
    expected: int
    found: int
    yen: int
    text: str
    expected_cost: Decimal | None = None
    found_cost: Decimal | None = None


def compare(lines: Sequence[Seen], *, has_order: bool) -> list[Mismatch]:
    """Every mismatch, line by line. Fewer pieces than ordered are none as long as slip and count agree: 分納."""
    found = [found for at, line in enumerate(lines) for found in _of(at, line, has_order)]
    return _exchanged(lines, found)


def _exchanged(lines: Sequence[Seen], found: Sequence[Mismatch]) -> list[Mismatch]:
    """品違い: goods the slip does not have came in just as many pieces as others are short of: one mismatch, not two.

    Only where one line and no other is short by as many; else nobody can say which was meant.
    """
    made = list(found)
    for extra in found:
        line = lines[extra.at]
        if extra.kind not in (Kind.NOT_ORDERED, Kind.OVER) or line.slip != 0:
            continue
        short = [one for one in made if one.kind is Kind.SHORT and one.quantity == line.counted]
        if len(short) != 1:
            continue
        right = lines[short[0].at]
        text = f"{line.code}: 納品書の {right.code} の代わりに {line.counted:,} 点届いています。"
        made[made.index(extra)] = replace(extra, kind=Kind.WRONG_ITEM, text=text, yen=short[0].yen)
        made.remove(short[0])
    return made


def _of(at: int, line: Seen, has_order: bool) -> Iterator[Mismatch]:
    free = line.counted  # pieces that no mismatch has claimed yet
    more = _not_ordered(at, line, has_order) or _over(at, line)
    for found in (more, _damaged(at, line), _price(at, line)):
        if found is None:
            continue
        held = min(found.held, free)
        free -= held
        yield Mismatch(
            at, found.kind, found.quantity, held, found.expected, found.found, found.yen, found.text,
            found.expected_cost, found.found_cost,
        )  # fmt: skip
    if line.slip is not None and line.counted < line.slip:
        missing = line.slip - line.counted
        text = f"{line.code}: 納品書は {line.slip:,} 点ですが、{line.counted:,} 点しか届いていません。"
        yield Mismatch(at, Kind.SHORT, missing, 0, line.slip, line.counted, _yen(missing, _cost(line)), text)


def _not_ordered(at: int, line: Seen, has_order: bool) -> Mismatch | None:
    if not has_order or line.ordered is not None or not line.counted:
        return None
    text = f"{line.code}: 発注していない商品が {line.counted:,} 点届きました。"
    if line.meant:
        text = (
            f"{line.code}: 発注した {line.meant} の仕入先コードが今は {line.code} を指しています。"
            f"{line.counted:,} 点は品違いではありませんか。"
        )
    return Mismatch(
        at,
        Kind.WRONG_ITEM if line.meant else Kind.NOT_ORDERED,
        line.counted,
        line.counted,
        0,
        line.counted,
        _yen(line.counted, _cost(line)),
        text,
    )


def _over(at: int, line: Seen) -> Mismatch | None:
    """More than was still open on the order, else more than the slip says."""
    for limit, word in ((line.ordered, "発注残"), (line.slip, "納品書")):
        if limit is not None and line.counted > limit:
            more = line.counted - limit
            text = f"{line.code}: {word}は {limit:,} 点ですが、{line.counted:,} 点届きました。"
            return Mismatch(at, Kind.OVER, more, more, limit, line.counted, _yen(more, _cost(line)), text)
    return None


def _damaged(at: int, line: Seen) -> Mismatch | None:
    if not line.damaged:
        return None
    text = f"{line.code}: {line.counted:,} 点のうち {line.damaged:,} 点が破損しています。"
    yen = _yen(line.damaged, _cost(line))
    return Mismatch(
        at, Kind.DAMAGED, line.damaged, line.damaged, line.counted, line.counted - line.damaged, yen, text
    )


def _price(at: int, line: Seen) -> Mismatch | None:
    """The slip asks another price than the order: everything of it waits until the price is settled."""
    if line.order_cost is None or line.slip_cost is None or line.slip_cost == line.order_cost:
        return None
    costs = f"発注は {cost_text(line.order_cost)} 円、納品書は {cost_text(line.slip_cost)} 円"
    return Mismatch(
        at, Kind.PRICE, line.counted, line.counted, line.counted, line.counted,
        _yen(line.counted, line.slip_cost - line.order_cost), f"{line.code}: 単価が違います（{costs}）。",
        line.order_cost, line.slip_cost,
    )  # fmt: skip


def _cost(line: Seen) -> Decimal:
    return next((c for c in (line.slip_cost, line.order_cost) if c is not None), Decimal(0))


def _yen(pieces: int, cost: Decimal) -> int:
    return int((pieces * cost).to_integral_value(ROUND_HALF_UP))
