"""伝票合計照合: the totals that a supplier printed on the slip, against the sum of the lines that were typed. Pure.

A total is the one number on the paper that knows every line. Where it does not agree, the line is named whose correction
(digits swapped, a zero too many or too few, a line twice or missing) makes it agree. Suppliers round by line or by paper,
down, to the nearest or up, and reckon tax by rate or by line: whatever one of these ways comes to is no mismatch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from akinai.core.money import yen
from akinai.core.tax import Rounding, divide

FINE = 10_000  # a unit cost has four digits behind the point
OTHER_RATE = 10  # freight and fees
NAMED = 3


@dataclass(frozen=True, slots=True)
class Totals:
    """伝票合計 as printed; None where the paper tells none. `other_yen`: freight, fees or a discount within the amounts
    (税抜, signed) that are no line."""

    pieces: int | None = None
    net_yen: int | None = None
    gross_yen: int | None = None
    other_yen: int = 0

    @property
    def are_told(self) -> bool:
        return (self.pieces, self.net_yen, self.gross_yen) != (None, None, None)


NONE_TOLD = Totals()


@dataclass(frozen=True, slots=True)
class Row:
    """One line as typed."""

    code: str
    quantity: int
    unit_cost: Decimal | None
    rate: int


@dataclass(frozen=True, slots=True)
class Mismatch:
    """合計の不一致. `at`: the line that is most likely wrong (0 where none stands out)."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the totals prove: the pieces of every line, the money of every line, or neither."""

    pieces: bool = False
    money: bool = False


NOTHING_PROVED = Agreement()


def agreement(rows: Sequence[Row], told: Totals) -> Agreement:
    """Which sums were told and agree; a sum with a line whose cost is unknown proves nothing."""
    if not told.are_told or find(rows, told):
        return NOTHING_PROVED
    money = told.net_yen is not None or told.gross_yen is not None
    known = all(row.unit_cost is not None for row in rows)
    return Agreement(told.pieces is not None, money and known)


def find(rows: Sequence[Row], told: Totals, prices: Mapping[str, Decimal] | None = None) -> list[Mismatch]:
    """What does not agree, in one sentence with the likeliest reason. `prices`: what else the supplier sells, by code."""
    wrong = [text for text in (_pieces(rows, told), _net(rows, told), _gross(rows, told)) if text]
    if not wrong:
        return []
    reasons = list(_reasons(rows, told, prices or {}))
    hints = "".join(text for _, text in reasons[:NAMED])
    hint = hints or "行の抜け・二重、送料や値引きが合計に入っていないかを確かめてください。"
    return [Mismatch(reasons[0][0] if reasons else 0, f"納品書の{'、'.join(wrong)}。{hint}")]


def _pieces(rows: Sequence[Row], told: Totals) -> str:
    have = sum(row.quantity for row in rows)
    if told.pieces in (None, have):
        return ""
    return f"合計数量 {told.pieces:,} 点に対して明細は {have:,} 点です（{have - told.pieces:+,} 点）"  # type: ignore[operator]


def _net(rows: Sequence[Row], told: Totals) -> str:
    if told.net_yen is None or not _costs_known(rows) or told.net_yen in nets(rows, told.other_yen):
        return ""
    return _beside("合計金額（税抜）", told.net_yen, min(nets(rows, told.other_yen)))


def _gross(rows: Sequence[Row], told: Totals) -> str:
    if told.gross_yen is None or not _costs_known(rows) or told.gross_yen in grosses(rows, told.other_yen):
        return ""
    return _beside("合計金額（税込）", told.gross_yen, min(grosses(rows, told.other_yen)))


def _beside(name: str, printed: int, have: int) -> str:
    return f"{name}{yen(printed)} に対して明細は {yen(have)} です（{have - printed:+,} 円）"


def _costs_known(rows: Sequence[Row]) -> bool:
    return all(row.unit_cost is not None for row in rows)


def _fine(row: Row) -> int:
    """The line's amount in ten-thousandths of a yen."""
    return int((row.unit_cost or 0) * FINE) * row.quantity


def nets(rows: Sequence[Row], other_yen: int = 0) -> set[int]:
    """合計金額（税抜） by every way of rounding: each line, or the sum once."""
    fine = [_fine(row) for row in rows]
    return {
        amount + other_yen
        for way in Rounding
        for amount in (sum(divide(one, FINE, way) for one in fine), divide(sum(fine), FINE, way))
    }


def grosses(rows: Sequence[Row], other_yen: int = 0) -> set[int]:
    """合計金額（税込） by every way: lines or sums rounded, tax by rate of the paper or by line."""
    fine = [(row.rate, _fine(row)) for row in rows] + ([(OTHER_RATE, other_yen * FINE)] if other_yen else [])
    found = set()
    for of_amount, of_tax in product(Rounding, Rounding):
        lines = [(rate, divide(one, FINE, of_amount)) for rate, one in fine]
        found.add(sum(amount + divide(amount * rate, 100, of_tax) for rate, amount in lines))
        for base in (_by_rate(lines), {r: divide(s, FINE, of_amount) for r, s in _by_rate(fine).items()}):
            found.add(sum(amount + divide(amount * rate, 100, of_tax) for rate, amount in base.items()))
    return found


def _by_rate(lines: Sequence[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for rate, amount in lines:
        sums[rate] = sums.get(rate, 0) + amount
    return sums


def _agrees(rows: Sequence[Row], told: Totals) -> bool:
    return not (_pieces(rows, told) or _net(rows, told) or _gross(rows, told))


def _reasons(rows: Sequence[Row], told: Totals, prices: Mapping[str, Decimal]) -> Iterator[tuple[int, str]]:
    """Corrections of one line, then of a total, then a line that is missing: whatever makes all totals agree."""
    away = _Away(rows, told)
    for at, row in enumerate(rows):
        for better, text in _corrections(row):
            changed = [*rows[:at], *([better] if better else []), *rows[at + 1 :]]
            if away.could_close(row, better) and changed and _agrees(changed, told):
                yield at, f"{row.code} の{text}"
    yield from ((0, text) for text in _wrong_total(rows, told))
    if missing := _missing(rows, told, prices):
        yield 0, missing


class _Away:
    """How far the sums are from the totals: a quick look before the exact one, so that long slips cost no time."""

    def __init__(self, rows: Sequence[Row], told: Totals) -> None:
        self.told, self.slack = told, (len(rows) + 3) * FINE * 2
        self.pieces = sum(row.quantity for row in rows)
        self.net = sum(_fine(row) for row in rows) + told.other_yen * FINE
        taxed = sum(_fine(row) * (100 + row.rate) // 100 for row in rows)
        self.gross = taxed + told.other_yen * FINE * (100 + OTHER_RATE) // 100

    def could_close(self, row: Row, better: Row | None) -> bool:
        pieces = (better.quantity if better else 0) - row.quantity
        if self.told.pieces is not None and self.pieces + pieces != self.told.pieces:
            return False
        more = (_fine(better) if better else 0) - _fine(row)
        if self.told.net_yen is not None and abs(self.net + more - self.told.net_yen * FINE) > self.slack:
            return False
        taxed = more * (100 + row.rate) // 100
        return (
            self.told.gross_yen is None or abs(self.gross + taxed - self.told.gross_yen * FINE) <= self.slack
        )


def _corrections(row: Row) -> Iterator[tuple[Row | None, str]]:
    for right in _slips(row.quantity):
        yield (
            replace(row, quantity=right),
            f"数量 {row.quantity:,} は {right:,} の打ち間違いではありませんか。",
        )
    if row.unit_cost is not None:
        text = f"{row.unit_cost.normalize():f}"
        for cost in _cost_slips(row.unit_cost):
            yield (
                replace(row, unit_cost=cost),
                f"単価 {text} 円は {cost.normalize():f} 円の打ち間違いではありませんか。",
            )
    if row.quantity % 2 == 0:
        half = row.quantity // 2
        yield replace(row, quantity=half), f"行を二度入れていませんか（数量 {row.quantity:,} → {half:,}）。"
    yield None, "行は納品書にないのではありませんか。"


def _slips(number: int) -> Iterator[int]:
    """What a finger meant: neighbours the other way round, a zero less, a zero more."""
    text = str(number)
    for at in range(len(text) - 1):
        if text[at] != text[at + 1]:
            yield int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    if number % 10 == 0 and number:
        yield number // 10
    yield number * 10


def _cost_slips(cost: Decimal) -> Iterator[Decimal]:
    text = f"{cost.normalize():f}"
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if pair.isdigit() and pair[0] != pair[1]:
            yield Decimal(text[:at] + pair[1] + pair[0] + text[at + 2 :])
    yield cost / 10
    yield cost * 10


def _wrong_total(rows: Sequence[Row], told: Totals) -> Iterator[str]:
    """One total typed wrong while the others agree."""
    for name, field, printed in (
        ("合計数量 ", "pieces", told.pieces), ("合計金額（税抜）¥", "net_yen", told.net_yen), ("合計金額（税込）¥", "gross_yen", told.gross_yen),
    ):  # fmt: skip
        for right in _slips(printed) if printed else ():
            if _agrees(rows, replace(told, **{field: right})):
                yield f"{name}{printed:,} は {right:,} の打ち間違いではありませんか。"


def _missing(rows: Sequence[Row], told: Totals, prices: Mapping[str, Decimal]) -> str:
    """A line that was left out, by its pieces and its amount; named where the supplier's price list knows it."""
    pieces = (told.pieces or 0) - sum(row.quantity for row in rows)
    if told.pieces is None or told.net_yen is None or pieces <= 0 or not _costs_known(rows):
        return ""
    amount = told.net_yen - min(nets(rows, told.other_yen))
    if amount <= 0:
        return ""
    here = {row.code for row in rows}
    price = Decimal(amount) / pieces
    near = [code for code, cost in prices.items() if abs(cost - price) * pieces < 1 and code not in here]
    named = f"価格表では {'・'.join(near[:2])} の単価です。" if near else ""
    return f"{pieces:,} 点・{yen(amount)} の行が抜けていませんか。{named}"
