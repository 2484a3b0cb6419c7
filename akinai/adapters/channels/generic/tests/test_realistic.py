"""カラーミー, MakeShop and a shop's own Excel by the command: every figure of every order is what was sold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from akinai.adapters.channels.generic.tests import realistic
from akinai.adapters.channels.tests import taken
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import PEOPLE, Can, Sale, ordinary, sales
from akinai.core import intake
from akinai.core.intake import mappings

pytestmark = pytest.mark.django_db
CAN = Can()
CHANGED = {
    "cod_fee": lambda sale: 0,
    "fee": lambda sale: sale.cod_fee + sale.fee,
    "taxes": lambda sale: {},
    "settled": lambda sale: sale.total == 0 or (sale.settled and sale.pay != "cod") or sale.pay in ("card", "wallet"),
    "lines": lambda sale: [(li.code, li.name, li.quantity, li.price, li.rate, "") for li in sale.lines],
    "buyer": lambda sale: _bare(taken.expected(sale)["buyer"]),
    "to": lambda sale: _bare(taken.expected(sale)["to"]),
}  # fmt: skip
WITH_OPTIONS = CHANGED | {"lines": lambda sale: taken.expected(sale)["lines"]}


def _bare(who: tuple[str, ...]) -> tuple[str, ...]:
    """No company."""
    return (*who[:2], "", *who[3:])


def no_kana(who: str) -> Any:
    return lambda sale: (taken.expected(sale)[who][0], "", "", *taken.expected(sale)[who][3:])


MAKESHOP = WITH_OPTIONS | {"buyer": no_kana("buyer"), "to": no_kana("to")}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.AKINAI_HOME = tmp_path


def in_cp932(sold: list[Sale]) -> list[Sale]:
    plain = {p: replace(p, last=p.last.replace("𠮷", "吉")) for p in PEOPLE}
    return [replace(sale, buyer=plain[sale.buyer], to=plain[sale.to]) for sale in sold]


def registered(seed: int = 3, prefix: str = "") -> list[Sale]:
    """Sales of goods that stand in our list, because these files tell no tax rates."""
    sold = in_cp932(sales(30, CAN, seed=seed, prefix=prefix))
    taken.register_goods(sold)
    return sold


def test_a_file_of_colorme(tmp_path: Path) -> None:
    sold = registered(prefix="9")
    answer = taken.intake(tmp_path, {"sales_all.csv": realistic.colorme(sold)})
    assert (answer["format"], answer["created"], answer["exceptions"]) == ("generic", 30, 0), taken.issues()
    assert answer["total_yen"] == sum(sale.total for sale in sold)
    assert taken.differences(sold, changed=CHANGED) == []
    again = taken.intake(tmp_path, {"again.csv": realistic.colorme(sold)})
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 30)


def test_a_file_of_makeshop_with_day_and_time_apart(tmp_path: Path) -> None:
    sold = registered(prefix="P20261120000000")
    data = csv_file(realistic.MAKESHOP, realistic.makeshop_rows(sold))
    answer = taken.intake(tmp_path, {"makeshop.csv": data})
    assert (answer["created"], answer["exceptions"]) == (30, 0), taken.issues()
    assert taken.differences(sold, changed=MAKESHOP) == []


@pytest.mark.parametrize(("titles", "sheets"), [(0, ()), (3, ()), (2, ("はじめに", "集計"))])
def test_an_excel_file_with_titles_and_other_sheets(
    tmp_path: Path, titles: int, sheets: tuple[str, ...]
) -> None:
    sold = registered(prefix="X-")
    data = realistic.workbook(realistic.MAKESHOP, realistic.makeshop_rows(sold), titles=titles, sheets=sheets)
    answer = taken.intake(tmp_path, {"受注.xlsx": data})
    assert (answer["created"], answer["exceptions"], answer["encoding"]) == (30, 0, "xlsx"), taken.issues()
    assert taken.differences(sold, changed=MAKESHOP) == []


NAMES = {  # a shop's own words, of which nobody could guess half
    "注文番号": "No.", "日付": "いつ", "注文時間": "何時", "独自商品コード": "コード", "商品名": "もの", "数量": "こ", "販売価格": "ひとつ",
    "合計金額": "ぜんぶ", "送料": "おくり", "お届け先氏名": "だれに",
}  # fmt: skip


def test_a_mapping_that_was_saved_reads_the_file_by_its_name_and_by_its_columns(tmp_path: Path) -> None:
    sold = [replace(ordinary(number=f"M-{n}"), note="") for n in range(5)]
    taken.register_goods(sold)
    rows = [{NAMES[name]: row[name] for name in NAMES} for row in realistic.makeshop_rows(sold)]
    header = list(NAMES.values())
    data = realistic.workbook(header, rows)
    answer = taken.intake(tmp_path, {"手書き.xlsx": data}, code=1)
    assert "どの列か分かりません" in answer["errors"][0]["message"]
    kind = intake.kind_of("orders")
    assert kind is not None
    columns = {
        "order_no": "No.", "ordered_at": "いつ", "ordered_time": "何時", "sku": "コード", "name": "もの", "quantity": "こ",
        "price": "ひとつ", "total": "ぜんぶ", "shipping": "おくり", "ship_name": "だれに",
    }  # fmt: skip
    mappings.save(kind, name="うちの表", columns=columns, headers=header, by=None)
    dry = taken.intake(tmp_path, {"手書き.xlsx": data}, "--mapping", "うちの表", "--dry-run")
    assert dry["created"] == 5 and taken.orders() == {}
    answer = taken.intake(tmp_path, {"手書き.xlsx": data})
    assert (answer["created"], answer["total_yen"], answer["exceptions"]) == (5, 5 * sold[0].total, 0)
    assert [row.ordered_at for row in taken.orders().values()] == [sale.at for sale in sold]
    answer = taken.intake(tmp_path, {"手書き.xlsx": data}, "--mapping", "ない表", code=1)
    assert "「ない表」は保存されていません" in answer["errors"][0]["message"]
