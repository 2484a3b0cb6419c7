"""Yahoo! files of many orders by the command: every figure of every order is what was sold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.tests import taken
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, ordinary, sales
from akinai.adapters.channels.yahoo.tests import realistic

pytestmark = pytest.mark.django_db
CAN = Can(wrapping=True)
CHANGED = {
    "settled": lambda sale: (sale.settled and sale.pay != "cod") or sale.total == 0,
    "taxes": lambda sale: {},
    "payment": lambda sale: "points" if sale.total == 0 else {"bank": "bank_transfer", "deferred": "wallet"}.get(sale.pay, sale.pay),
}  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def in_cp932(sold: list[Sale]) -> list[Sale]:
    plain = {p: replace(p, last=p.last.replace("𠮷", "吉")) for p in PEOPLE}
    return [replace(sale, buyer=plain[sale.buyer], to=plain[sale.to]) for sale in sold]


@pytest.mark.parametrize(
    "how",
    [
        {}, {"quote_all": True}, {"encoding": "utf-8"}, {"shuffle": 3, "newline": "\n"}, {"delimiter": "\t"},
        {"extra": ("独自列",), "blank_lines": 3},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_sold_is_what_is_taken_in(tmp_path: Path, how: dict[str, Any]) -> None:
    sold = in_cp932(sales(40, CAN, seed=3, prefix="1000"))
    answer = taken.intake(tmp_path, realistic.files(sold, **how))
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("yahoo", 40, 0), taken.issues()
    assert answer["rows"] == 40 + sum(len(sale.lines) for sale in sold)
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    assert taken.differences(sold, changed=CHANGED) == []
    again = taken.intake(tmp_path, dict(reversed(realistic.files(sold, **how).items())))
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 40)


def test_a_lean_template_is_enough(tmp_path: Path) -> None:
    sold = in_cp932(sales(30, CAN, seed=8, prefix="1000"))
    answer = taken.intake(tmp_path, realistic.files(sold, orders=realistic.FEW, items=realistic.FEW_ITEMS))
    assert (answer["created"], answer["exceptions"]) == (30, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    told = CHANGED | {
        "lines": lambda sale: [(li.code, li.name, li.quantity, li.price, li.rate, "") for li in sale.lines]
    }
    lacks = ["buyer", "to", "on", "slot", "note"]
    assert taken.differences(sold, lacks=lacks, changed=told) == []


def test_order_and_item_columns_in_one_file(tmp_path: Path) -> None:
    sold = in_cp932(sales(20, CAN, seed=8, prefix="1000"))
    columns = [*realistic.ORDERS, *(name for name in realistic.ITEMS if name not in realistic.ORDERS)]
    rows = [realistic.order_row(sale) | row for sale in sold for row in realistic.item_rows(sale)]
    answer = taken.intake(tmp_path, {"both.csv": csv_file(columns, rows)})
    assert (answer["created"], answer["exceptions"]) == (20, 0), taken.issues()
    assert taken.differences(sold, changed=CHANGED) == []


@pytest.mark.parametrize(("name", "word"), [("orders.csv", "商品データ"), ("items.csv", "注文データ")])
def test_half_a_pair_is_refused_with_what_is_missing(tmp_path: Path, name: str, word: str) -> None:
    pair = realistic.files([ordinary()])
    answer = taken.intake(tmp_path, {name: pair[name]}, code=1)
    (error,) = answer["errors"]
    assert (
        error["file"] == name and word in error["message"] and "一緒に取り込んでください" in error["message"]
    )
    assert taken.orders() == {}


def test_pairs_of_two_periods_are_read_together(tmp_path: Path) -> None:
    sold = in_cp932(sales(30, CAN, seed=3, prefix="1000"))
    first, second = realistic.files(sold[:20]), realistic.files(sold[10:])
    files = {f"1-{name}": data for name, data in first.items()} | {
        f"2-{name}": data for name, data in second.items()
    }
    answer = taken.intake(tmp_path, files)
    assert (answer["created"], answer["exceptions"]) == (30, 0), taken.issues()
    assert taken.differences(sold, changed=CHANGED) == []


def test_items_without_their_order_are_named_by_line(tmp_path: Path) -> None:
    sold = sales(5, CAN, seed=3, prefix="1000")
    pair = realistic.files(in_cp932(sold))
    pair["orders.csv"] = realistic.files(in_cp932(sold[:4]))["orders.csv"]
    answer = taken.intake(tmp_path, pair, code=1)
    (error,) = answer["errors"]
    assert (error["file"], error["column"], error["value"]) == ("items.csv", "OrderId", "1000000005")


@pytest.mark.parametrize(
    ("column", "word", "state"),
    [("OrderStatus", "1", "on_hold"), ("OrderStatus", "予約中", "on_hold"), ("OrderStatus", "3", "on_hold"),
     ("OrderStatus", "4", "cancelled"), ("OrderStatus", "キャンセル", "cancelled"), ("OrderStatus", "5", "shipped"),
     ("ShipStatus", "3", "shipped"), ("ShipStatus", "2", "awaiting_stock")],
)  # fmt: skip
def test_states(tmp_path: Path, column: str, word: str, state: str) -> None:
    sale = ordinary()
    orders = csv_file(realistic.ORDERS, [realistic.order_row(sale) | {column: word}])
    taken.intake(
        tmp_path, {"orders.csv": orders, "items.csv": csv_file(realistic.ITEMS, realistic.item_rows(sale))}
    )
    assert taken.orders()["R-1"].state == state


def test_a_total_before_points_is_told_by_what_is_settled(tmp_path: Path) -> None:
    sale = ordinary(points=300, mall_coupon=200)
    before = {"TotalPrice": sale.total + 500, "SettleAmount": sale.total}
    orders = csv_file(realistic.ORDERS, [realistic.order_row(sale) | before])
    files = {"orders.csv": orders, "items.csv": csv_file(realistic.ITEMS, realistic.item_rows(sale))}
    answer = taken.intake(tmp_path, files)
    assert (answer["exceptions"], answer["total_yen"]) == (0, sale.total), taken.issues()
