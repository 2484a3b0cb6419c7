"""EC-CUBE exports of many orders by the command: every figure of every order is what was sold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.eccube.tests import realistic
from akinai.adapters.channels.eccube.writer import HEADER
from akinai.adapters.channels.tests import taken
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, Sold, ordinary, sales

pytestmark = pytest.mark.django_db
CAN = Can(pays=("card", "cod", "bank", "convenience", "deferred"))
# A card order of a shop's own cart counts as settled: the cart lists it when it has accepted it.
CHANGED = {
    "settled": lambda sale: sale.settled or sale.pay == "card" or sale.total == 0,
    "taxes": lambda sale: {},
    "note": lambda sale: "",
    "buyer": lambda sale: _plain(taken.expected(sale)["buyer"], 4),
    "to": lambda sale: _plain(taken.expected(sale)["to"], 3),
}  # fmt: skip


def _plain(who: tuple[str, ...], phone: int) -> tuple[str, ...]:
    return (*who[:phone], who[phone].replace("-", ""), *who[phone + 1 :])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def in_cp932(sold: list[Sale]) -> list[Sale]:
    plain = {p: replace(p, last=p.last.replace("𠮷", "吉")) for p in PEOPLE}
    return [replace(sale, buyer=plain[sale.buyer], to=plain[sale.to]) for sale in realistic.shops_own(sold)]


@pytest.mark.parametrize(
    "how",
    [
        {}, {"encoding": "utf-8-sig"}, {"quote_all": True}, {"shuffle": 5}, {"delimiter": "\t"},
        {"extra": ("加算ポイント",), "blank_lines": 2}, {"newline": "\n"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_sold_is_what_is_taken_in(tmp_path: Path, how: dict[str, Any]) -> None:
    sold = in_cp932(sales(40, CAN, seed=3, prefix=""))
    data = realistic.file(sold, **how)
    answer = taken.intake(tmp_path, {"order.csv": data})
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("eccube", 40, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    assert taken.differences(sold, changed=CHANGED) == []
    again = taken.intake(tmp_path, {"again.csv": data})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 40)


@pytest.mark.parametrize("price", [106, 107, 99], ids=["down", "up", "with tax"])
def test_other_roundings_and_prices_with_tax_are_proved_by_the_subtotal(tmp_path: Path, price: int) -> None:
    """99 yen at 8 % are 106.92."""
    sale = ordinary(lines=(Sold("A", "りんご", 3, price, 8, bare=99),))
    answer = taken.intake(tmp_path, {"a.csv": realistic.file([sale])})
    assert (answer["exceptions"], answer["total_yen"]) == (0, sale.total), taken.issues()
    assert taken.orders()["R-1"].lines.get().unit_price_yen == price


def test_every_destination_is_kept(tmp_path: Path) -> None:
    (sale,) = realistic.shops_own([ordinary(others=(PEOPLE[6],))])
    answer = taken.intake(tmp_path, {"a.csv": realistic.file([sale])})
    assert answer["exceptions"] == 0
    order = taken.orders()["R-1"]
    first, second = order.lines.all()
    assert (order.addresses.get().name, first.assigned, second.assigned) == ("渡邉 美咲", 0, second.quantity)
    assert "配送先_住所2" not in first.raw
    assert (second.raw["配送先_お名前(姓)"], second.raw["配送先_住所2"]) == ("渡邉", "港町1-1")


@pytest.mark.parametrize(
    ("status", "state"),
    [("open", "awaiting_stock"), ("hold", "on_hold"), ("shipped", "shipped"), ("cancelled", "cancelled"),
     ("returned", "cancelled")],
)  # fmt: skip
def test_states(tmp_path: Path, status: str, state: str) -> None:
    (sale,) = realistic.shops_own([ordinary(status=status)])
    taken.intake(tmp_path, {"a.csv": realistic.file([sale])})
    assert taken.orders()["R-1"].state == state


def test_an_export_without_ids_is_read_by_names(tmp_path: Path) -> None:
    sold = in_cp932(sales(20, CAN, seed=3, prefix="N"))
    drop = [
        name
        for name in HEADER
        if name.endswith("(ID)") or name in ("注文ID", "注文詳細ID", "商品ID", "税金", "合計")
    ]
    answer = taken.intake(tmp_path, {"a.csv": csv_file(HEADER, realistic.rows(sold), drop=drop)})
    assert (answer["created"], answer["exceptions"]) == (20, 0), taken.issues()
    assert taken.differences(sold, changed=CHANGED) == []


def test_a_shop_whose_subtotal_is_without_tax_charges_it_on_top(tmp_path: Path) -> None:
    lines = (Sold("A", "りんご", 3, 100, 8, bare=100), Sold("B", "箸", 1, 1000, 10, bare=1000))
    sale = ordinary(lines=lines, shipping=550)
    rows = [
        row | {"小計": 1300, "税金": 124, "合計": 1974, "支払合計": 1974}
        for row in realistic.order_rows(sale)
    ]
    answer = taken.intake(tmp_path, {"a.csv": csv_file(HEADER, rows)})
    assert (answer["exceptions"], answer["total_yen"]) == (0, 1974), taken.issues()
    row = taken.orders()["R-1"]
    assert (row.goods_yen, row.outer_tax_yen) == (1300, 124)
    assert [line.price_includes_tax for line in row.lines.all()] == [False, False]
