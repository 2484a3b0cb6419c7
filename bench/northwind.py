"""Northwind as a purchase history: its files (../shared/samples/northwind) turned into the lists a shop would take in.

Every order of the sample becomes one order per supplier of its goods (prices in cents taken as yen), received on the day
it was shipped. The lists go in by the same doors as a clerk's: suppliers, products, supplier_items, purchase_orders, receipts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "samples" / "northwind"


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of the history: so many pieces of `sku` from `supplier` at `cost` yen, ordered and (if ever) received."""

    order: str
    supplier: str
    sku: str
    quantity: int
    cost: int
    ordered_on: date
    due_on: date | None
    received_on: date | None


def table(name: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _day(text: str) -> date | None:
    return None if text in ("", "NULL") else datetime.fromisoformat(text).date()


def _yen(dollars: str) -> int:
    return round(float(dollars) * 100)


def history(folder: Path = FOLDER) -> list[Bought]:
    """Every line, oldest order first."""
    supplier_of = {row["productID"]: row["supplierID"] for row in table("products", folder)}
    orders = {row["orderID"]: row for row in table("orders", folder)}
    rows = []
    for line in table("order_details", folder):
        order = orders[line["orderID"]]
        ordered = _day(order["orderDate"])
        assert ordered
        rows.append(
            Bought(
                line["orderID"], f"NW-{supplier_of[line['productID']]}", f"NW-{line['productID']}", int(line["quantity"]),
                _yen(line["unitPrice"]), ordered, _day(order["requiredDate"]), _day(order["shippedDate"]),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.ordered_on, row.order, row.sku))


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def suppliers_csv(folder: Path = FOLDER) -> bytes:
    rows = table("suppliers", folder)
    return as_csv(
        ("仕入先コード", "仕入先名", "電話番号"), [(f"NW-{r['supplierID']}", r["companyName"], r["phone"]) for r in rows]
    )  # fmt: skip


def products_csv(folder: Path = FOLDER) -> bytes:
    rows = table("products", folder)
    return as_csv(
        ("商品コード", "商品名", "販売価格", "税区分"),
        [(f"NW-{r['productID']}", r["productName"], _yen(r["unitPrice"]) * 2, "軽減 8%") for r in rows],
    )  # fmt: skip


def items_csv(folder: Path = FOLDER) -> bytes:
    """The price list of each supplier, as it was when the first order was placed."""
    first = {row.sku: row for row in reversed(history(folder))}
    return as_csv(
        ("仕入先コード", "商品コード", "仕入先商品コード", "仕入単価", "適用開始日"),
        [(row.supplier, row.sku, f"P{row.sku[3:]}", row.cost, f"{row.ordered_on:%Y/%m/%d}") for row in first.values()],
    )  # fmt: skip


def orders_csv(folder: Path = FOLDER) -> bytes:
    return as_csv(
        ("発注番号", "仕入先コード", "発注日", "希望納期", "商品コード", "数量", "仕入単価"),
        [
            (r.order, r.supplier, f"{r.ordered_on:%Y/%m/%d}", f"{r.due_on:%Y/%m/%d}" if r.due_on else "", r.sku, r.quantity, r.cost)
            for r in history(folder)
        ],
    )  # fmt: skip
