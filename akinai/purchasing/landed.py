"""付帯費用の按分: freight, duty and insurance shared over the goods they brought, to the yen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from akinai.core.tax import share


class Split(StrEnum):
    """按分の基準."""

    VALUE = "value"
    WEIGHT = "weight"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Carried:
    """One line of goods that came: pieces, cost a piece (None: unknown) and grams a piece (None: unknown)."""

    code: str
    quantity: int
    unit_cost: Decimal | None = None
    weight_g: int | None = None


class CannotSplit(ValueError):
    """The lines lack what the split goes by; the message is Japanese and names the first."""


def split(yen: int, lines: Sequence[Carried], by: Split) -> list[int]:
    """The yen of each line, adding up to `yen` exactly. Raises CannotSplit where a cost or a weight is missing."""
    missing = [line.code for line in lines if _weight(line, by) is None]
    if missing:
        word = "重量" if by is Split.WEIGHT else "仕入単価"
        more = f" ほか {len(missing) - 1} 商品" if len(missing) > 1 else ""
        raise CannotSplit(f"{missing[0]}{more} の{word}が登録されていないので、{word}では分けられません。")
    weights = [_weight(line, by) or 0 for line in lines]
    if not sum(weights):
        raise CannotSplit("分ける基準の合計が 0 です。別の基準を選んでください。")
    return share(yen, weights)


def _weight(line: Carried, by: Split) -> int | None:
    """In whole units, so that shares are exact: 1/10000 yen, grams, pieces."""
    if by is Split.QUANTITY:
        return line.quantity
    if by is Split.WEIGHT:
        return None if line.weight_g is None else line.weight_g * line.quantity
    return None if line.unit_cost is None else int(line.unit_cost * line.quantity * 10_000)
