"""分納の売上の計算: what each parcel of an order earns. Pure.

Goods earn with the parcel they leave by. 送料・手数料・調整 are earned with the first parcel. 値引・ポイント are taken off the first
parcel, too, as far as it carries them (no parcel is sold for less than nothing); the rest is taken off the next. What a parcel
takes is a share of what the order has not earned yet, and the last takes all that is left: so the parcels add up to the order
to the yen, in whatever order they leave or come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from akinai.accounting.rules.earning import Row, Sold

type Key = tuple[str, int, int | None]  # kind, tax rate, order line


@dataclass(slots=True)
class Sum:
    """Amounts of one key: of the whole order, of what is booked, or of what is left."""

    gross_yen: int = 0
    tax_yen: int = 0
    quantity: int = 0
    sold: Sold | None = None


@dataclass(slots=True)
class Left:
    """未計上: what of an order no parcel has earned yet, by key."""

    sums: dict[Key, Sum] = field(default_factory=dict)

    def take(self, key: Key, gross: int, tax: int, quantity: int = 0) -> Row | None:
        """A row of so much, which is then no longer left."""
        left = self.sums[key]
        left.gross_yen, left.tax_yen, left.quantity = (
            left.gross_yen - gross, left.tax_yen - tax, left.quantity - quantity,
        )  # fmt: skip
        if not (gross or tax or quantity):
            return None
        sold = left.sold and Sold(left.sold.line_id, left.sold.sku_id, left.sold.category, quantity)
        return Row(key[0], key[1], gross, tax, quantity, sold)


def left_of(whole: Iterable[Row], booked: Mapping[Key, Sum]) -> Left:
    """The order's rows less what the ledger says already."""
    sums: dict[Key, Sum] = {}
    for row in whole:
        one = sums.setdefault((row.kind, row.rate, row.sold.line_id if row.sold else None), Sum())
        one.gross_yen, one.tax_yen, one.quantity = (
            one.gross_yen + row.gross_yen, one.tax_yen + row.tax_yen, one.quantity + row.quantity,
        )  # fmt: skip
        one.sold = row.sold
    for key, said in booked.items():
        one = sums.setdefault(key, Sum(sold=said.sold))
        one.gross_yen, one.tax_yen, one.quantity = (
            one.gross_yen - said.gross_yen, one.tax_yen - said.tax_yen, one.quantity - said.quantity,
        )  # fmt: skip
    return Left(sums)


def of_parcel(left: Left, pieces: Mapping[int, int]) -> list[Row]:
    """Rows of one parcel with these pieces (order line → how many); they are taken from what is left."""
    keys = sorted(left.sums, key=lambda key: _is_cut(left.sums[key]))
    rows: list[Row | None] = []
    for key in keys:
        one = left.sums[key]
        if one.sold and one.sold.sku_id:
            rows.append(_goods(left, key, pieces.get(one.sold.line_id, 0)))
        elif _is_cut(one):
            rows.append(_cut(left, key, [row for row in rows if row]))
        else:
            rows.append(left.take(key, one.gross_yen, one.tax_yen, one.quantity))
    return [row for row in rows if row]


def rest_of(left: Left) -> list[Row]:
    """Rows of all that is left: with the last parcel, or as a correction after it."""
    rows = [left.take(key, one.gross_yen, one.tax_yen, one.quantity) for key, one in list(left.sums.items())]
    return [row for row in rows if row]


def merged(rows: Iterable[Row], more: Iterable[Row]) -> list[Row]:
    """One row for each key."""
    found: dict[Key, Row] = {}
    for row in (*rows, *more):
        key = (row.kind, row.rate, row.sold.line_id if row.sold else None)
        if key not in found:
            found[key] = row
            continue
        one = found[key]
        one.gross_yen, one.tax_yen, one.quantity = (
            one.gross_yen + row.gross_yen, one.tax_yen + row.tax_yen, one.quantity + row.quantity,
        )  # fmt: skip
        if one.sold and row.sold:
            one.sold = Sold(one.sold.line_id, one.sold.sku_id, one.sold.category, one.quantity)
    return list(found.values())


def _is_cut(one: Sum) -> bool:
    return one.gross_yen < 0 and not (one.sold and one.sold.sku_id)


def _goods(left: Left, key: Key, pieces: int) -> Row | None:
    one = left.sums[key]
    if pieces >= one.quantity > 0:
        return left.take(key, one.gross_yen, one.tax_yen, one.quantity)
    if not pieces or one.quantity <= 0:
        return None
    gross, tax = (amount * pieces // one.quantity for amount in (one.gross_yen, one.tax_yen))
    return left.take(key, gross, tax, pieces)


def _cut(left: Left, key: Key, rows: list[Row]) -> Row | None:
    """値引・ポイント: no more than the parcel's other rows of that rate come to (points that were money: of all rates)."""
    one = left.sums[key]
    carried = sum(row.gross_yen for row in rows if key[0] == "paid_points" or row.rate == key[1])
    gross = max(one.gross_yen, -max(carried, 0))
    if gross == one.gross_yen:
        return left.take(key, gross, one.tax_yen)
    return left.take(key, gross, -(-one.tax_yen * gross // one.gross_yen) if gross else 0)
