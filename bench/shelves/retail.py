"""Sales of the UCI Online Retail file, by day: baskets of (code, pieces) and a price per code.

The data's own dirt is dealt with here: cancellations (invoice C…) are taken off the sale they undo, stock corrections
(negative without C, price 0) are no demand, and codes that are no goods (POST, M, D, AMAZONFEE, gift vouchers) are left out.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

FOLDERS = ("../shared/samples/online_retail", "../../shared/samples/online_retail")
GOODS = re.compile(r"\d{5}[A-Z]{0,3}")
Basket = dict[str, int]


@dataclass(frozen=True, slots=True)
class SalesDays:
    """`baskets` per day of sale, oldest first; `prices` in pounds per code; how many lines were left out or netted."""

    days: tuple[date, ...]
    baskets: tuple[tuple[Basket, ...], ...]
    prices: dict[str, float]
    lines: int
    junk: int
    netted: int


def folder() -> Path | None:
    """Where the sample files lie, seen from the repository; None when they are not here."""
    root = Path(__file__).resolve().parents[2]
    for name in FOLDERS:
        if (root / name).is_dir():
            return root / name
    return None


def read(where: Path) -> SalesDays:
    """All *.csv of the folder. A code's price is the median of what was asked for it."""
    rows = [row for path in sorted(where.glob("*.csv")) for row in _rows(path)]
    goods = [row for row in rows if GOODS.fullmatch(row["StockCode"].upper()) and float(row["UnitPrice"]) > 0]
    baskets: dict[tuple[str, str], Basket] = {}
    owner: dict[tuple[str, str], str] = {}
    for row in goods:
        if int(row["Quantity"]) > 0:
            key = (row["InvoiceDate"][:10], row["InvoiceNo"])
            basket = baskets.setdefault(key, defaultdict(int))
            basket[row["StockCode"].upper()] += int(row["Quantity"])
            owner[key] = row["CustomerID"]
    undone = [row for row in goods if int(row["Quantity"]) < 0]
    netted = sum(_take_back(row, baskets, owner) for row in undone)
    days = sorted({day for day, _ in baskets})
    prices = defaultdict(list)
    for row in goods:
        prices[row["StockCode"].upper()].append(float(row["UnitPrice"]))
    return SalesDays(
        tuple(date.fromisoformat(day) for day in days),
        tuple(tuple(_left(b) for (on, _), b in baskets.items() if on == day and _left(b)) for day in days),
        {code: median(asked) for code, asked in prices.items()},
        len(rows),
        len(rows) - len(goods),
        netted,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _left(basket: Basket) -> Basket:
    return {code: pieces for code, pieces in basket.items() if pieces > 0}


def _take_back(
    row: dict[str, str], baskets: dict[tuple[str, str], Basket], owner: dict[tuple[str, str], str]
) -> int:
    """Take a cancellation off the customer's latest basket with the code, else off nobody's (sold before the file)."""
    left, code, day = -int(row["Quantity"]), row["StockCode"].upper(), row["InvoiceDate"][:10]
    taken = 0
    for key in sorted(
        (key for key, who in owner.items() if who == row["CustomerID"] and key[0] <= day), reverse=True
    ):
        part = min(left - taken, baskets[key].get(code, 0))
        if part:
            baskets[key][code] -= part
            taken += part
    return taken
