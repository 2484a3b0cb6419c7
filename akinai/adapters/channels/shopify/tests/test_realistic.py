"""Shopify exports of many orders by the command: every figure of every order is what was sold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.shopify.tests import realistic
from akinai.adapters.channels.shopify.writer import HEADER
from akinai.adapters.channels.tests import files, taken
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, Sold, ordinary, sales

pytestmark = pytest.mark.django_db
CAN = Can(points=False, mall_coupon=False, fee=False)
CHANGED = {
    "lines": lambda sale: [(li.code, li.name, li.quantity, li.price, li.rate, "") for li in sale.lines],
    "shipping": lambda sale: sale.shipping + sale.cod_fee,
    "cod_fee": lambda sale: 0,
    "buyer": lambda sale: _without_kana(taken.expected(sale)["buyer"]),
    "to": lambda sale: _without_kana(taken.expected(sale)["to"]),
}  # fmt: skip


def _without_kana(who: tuple[str, ...]) -> tuple[str, ...]:
    return (who[0], "", *who[2:])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


@pytest.mark.parametrize(
    "how",
    [
        {}, {"encoding": "utf-8-sig", "newline": "\r\n"}, {"quote_all": True}, {"shuffle": 11}, {"delimiter": "\t"},
        {"extra": ("Market", "Channel"), "blank_lines": 2}, {"encoding": "utf-16"},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_sold_is_what_is_taken_in(tmp_path: Path, how: dict[str, Any]) -> None:
    sold = sales(40, replace(CAN, mixed=False), seed=4, prefix="#")
    answer = taken.intake(tmp_path, {"orders export.csv": realistic.file(sold, **how)})
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("shopify", 40, 0), taken.issues()
    assert answer["rows"] == sum(len(sale.lines) for sale in sold)
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    assert taken.differences(sold, lacks=["taxes"], changed=CHANGED) == []
    again = taken.intake(tmp_path, {"again.csv": realistic.file(sold, **how)})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 40)


def test_amounts_with_cents_are_the_same_amounts(tmp_path: Path) -> None:
    sold = sales(20, replace(CAN, mixed=False), seed=5, prefix="#")
    data = files.csv_file(HEADER, realistic.rows(sold, cents=True), encoding="utf-8")
    answer = taken.intake(tmp_path, {"a.csv": data})
    assert (answer["exceptions"], answer["total_yen"]) == (0, sum(sale.total for sale in sold)), (
        taken.issues()
    )


def test_both_rates_are_found_by_the_taxes_wherever_one_way_alone_fits(tmp_path: Path) -> None:
    sold = sales(60, CAN, seed=6, prefix="#")
    answer = taken.intake(tmp_path, {"a.csv": realistic.file(sold)})
    doubtful = {number for number, message in taken.issues() if "金額からは決められません" in message}
    assert answer["exceptions"] == len(doubtful) < 12
    sure = [sale for sale in sold if sale.number not in doubtful]
    assert taken.differences(sure, lacks=["taxes"], changed=CHANGED) == []


def test_goods_that_are_registered_know_their_rate_where_the_taxes_leave_a_doubt(tmp_path: Path) -> None:
    sold = sales(60, CAN, seed=6, prefix="#")
    taken.register_goods(sold)
    answer = taken.intake(tmp_path, {"a.csv": realistic.file(sold)})
    assert (answer["exceptions"], taken.issues()) == (0, [])
    assert taken.differences(sold, lacks=["taxes"], changed=CHANGED) == []


def test_prices_without_tax_are_charged_with_the_tax_on_top(tmp_path: Path) -> None:
    sale = ordinary(
        number="#1", lines=(Sold("A", "米", 2, 500, 8), Sold("B", "箸", 1, 2000, 10)), shipping=500
    )
    data = files.csv_file(HEADER, realistic.rows([sale], outer=True), encoding="utf-8")
    answer = taken.intake(tmp_path, {"a.csv": data})
    assert (answer["exceptions"], answer["total_yen"]) == (0, 3500 + 80 + 250), taken.issues()
    (row,) = taken.orders().values()
    assert (row.goods_yen, row.shipping_yen, row.outer_tax_yen) == (3000, 500, 330)
    assert [(line.tax_rate, line.price_includes_tax) for line in row.lines.all()] == [(8, False), (10, False)]


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-11-24 23:10:00 +0900", (2026, 11, 24, 14, 10)), ("2026-11-24 23:10:00 -0500", (2026, 11, 25, 4, 10)),
     ("2026-11-24T23:10:00+09:00", (2026, 11, 24, 14, 10)), ("2026-11-24 00:00:00 +0900", (2026, 11, 23, 15, 0)),
     ("2026-11-24 14:10:00 UTC", (2026, 11, 24, 14, 10))],
)  # fmt: skip
def test_times_with_their_offsets(tmp_path: Path, text: str, moment: tuple[int, ...]) -> None:
    rows = [row | {"Created at": text} for row in realistic.order_rows(ordinary())]
    taken.intake(tmp_path, {"a.csv": files.csv_file(HEADER, rows, encoding="utf-8")})
    (row,) = taken.orders().values()
    assert row.ordered_at == datetime(*moment, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("phone", "known"),
    [("+819012345678", "09012345678"), ("+81 90-1234-5678", "090-1234-5678"), ("'+81 3 1234 5678", "03 1234 5678"),
     ("090 1234 5678", "090 1234 5678"), ("０９０－１２３４－５６７８", "090-1234-5678"), ("+81(0)90-1234-5678", "090-1234-5678")],
)  # fmt: skip
def test_phones_from_abroad_and_in_full_width(tmp_path: Path, phone: str, known: str) -> None:
    rows = realistic.order_rows(ordinary())
    rows[0]["Shipping Phone"] = phone
    answer = taken.intake(tmp_path, {"a.csv": files.csv_file(HEADER, rows, encoding="utf-8")})
    (row,) = taken.orders().values()
    assert (row.ship_phone, answer["exceptions"]) == (known, 0)


def test_emoji_and_rare_letters_stay(tmp_path: Path) -> None:
    sale = ordinary(note="プレゼント🎁です\n𠮷田・髙﨑・㈱①", to=PEOPLE[5])
    taken.intake(tmp_path, {"a.csv": realistic.file([sale])})
    assert taken.differences([sale], lacks=["taxes"], changed=CHANGED) == []


@pytest.mark.parametrize("status", ["open", "shipped", "cancelled", "returned"])
def test_states(tmp_path: Path, status: str) -> None:
    sale = ordinary(status=status, number="#9")
    answer = taken.intake(tmp_path, {"a.csv": realistic.file([sale])})
    assert answer["exceptions"] == 0, taken.issues()
    ended = {"returned": "cancelled"}.get(status, status)
    assert (
        taken.differences([sale], lacks=["taxes", "settled"], changed=CHANGED | {"status": lambda _s: ended})
        == []
    )


def test_overlapping_exports_add_only_what_is_new(tmp_path: Path) -> None:
    sold: list[Sale] = sales(30, replace(CAN, mixed=False), seed=7, prefix="#")
    taken.intake(tmp_path, {"a.csv": realistic.file(sold[:20])})
    answer = taken.intake(
        tmp_path, {"b.csv": realistic.file(sold[10:]), "a again.csv": realistic.file(sold[:20])}
    )
    assert (answer["created"], answer["changed"], answer["unchanged"]) == (10, 0, 20)
    assert answer["total_yen"] == sum(sale.total for sale in sold)


def test_an_export_that_repeats_the_order_on_every_line_has_all_its_lines(tmp_path: Path) -> None:
    sale = ordinary(number="#1", coupon=100)
    rows = realistic.order_rows(sale)
    filled = [rows[0], rows[0] | rows[1]]
    answer = taken.intake(tmp_path, {"a.csv": files.csv_file(HEADER, filled, encoding="utf-8")})
    assert (answer["exceptions"], answer["total_yen"]) == (0, sale.total), taken.issues()
    assert taken.orders()["#1"].lines.count() == 2


@pytest.mark.parametrize(("rate", "tax"), [(10, 500), (8, 407)])
def test_a_tax_whose_name_tells_no_rate_tells_it_by_its_amount(tmp_path: Path, rate: int, tax: int) -> None:
    sale = ordinary(number="#1", lines=(Sold("A", "見本", 5, 1100, rate),), shipping=0)
    rows = realistic.order_rows(sale)
    rows[0] |= {"Tax 1 Name": "消費税", "Tax 1 Value": tax, "Tax 2 Name": "", "Tax 2 Value": "", "Taxes": tax}
    answer = taken.intake(tmp_path, {"a.csv": files.csv_file(HEADER, rows, encoding="utf-8")})
    assert answer["exceptions"] == 0, taken.issues()
    assert taken.orders()["#1"].lines.get().tax_rate == rate
