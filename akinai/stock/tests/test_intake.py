"""在庫数の取込: the shelf as the file says, all or nothing, and the same file again changes nothing."""

from __future__ import annotations

import pytest

from akinai.core import intake
from akinai.stock.models import StockEntry
from tests.cast import draft, level, place, sku

pytestmark = pytest.mark.django_db


def take_in(text: str) -> intake.Plan:
    kind = intake.kind_of("stock")
    assert kind
    row, plan = intake.preview(kind, [intake.Upload("stock.csv", text.encode("cp932"))], by=None)
    return plan if plan.refused else intake.apply(row, by=None)


def test_a_first_count_is_opening_stock_and_a_second_an_adjustment() -> None:
    tea = sku("TEA-1")
    assert take_in("商品コード,数量\nTEA-1,１２\n").created == 1
    assert level(tea) == (12, 0)
    again = take_in("商品コード,数量\nTEA-1,12\n")
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    assert take_in("商品コード,数量\nTEA-1,9\n").changed == 1
    assert list(StockEntry.objects.values_list("kind", "quantity")) == [("opening", 12), ("adjustment", -3)]


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("NAI-1,5", "商品コード"),
        (",5", "商品コード"),
        ("4.90123E+12,5", "商品コード"),
        ("=A1+1,5", "商品コード"),
        ("TEA-1,-3", "数量"),
        ("TEA-1,▲3", "数量"),
        ("TEA-1,1.5", "数量"),
        ("TEA-1,たくさん", "数量"),
        ("TEA-1,99999999", "数量"),
        ("TEA-1,", "数量"),
    ],
)
def test_a_wrong_cell_refuses_the_whole_file(cell: str, column: str) -> None:
    tea = sku("TEA-1", pieces=2)
    sku("TEA-2")
    plan = take_in(f"商品コード,数量\nTEA-2,7\n{cell}\n")
    assert plan.refused
    assert [(error.line, error.column) for error in plan.errors] == [(3, column)]
    assert level(tea) == (2, 0)
    assert StockEntry.objects.count() == 1


def test_promised_goods_cannot_be_counted_away() -> None:
    tea = sku("TEA-1", pieces=5)
    place(draft("R-1", ("TEA-1", 4, 1080)))
    plan = take_in("商品コード,数量\nTEA-1,3\n")
    assert plan.refused
    assert "引当済みが 4 点" in plan.errors[0].message
    assert level(tea) == (5, 4)
