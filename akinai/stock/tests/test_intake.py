"""在庫数の取込: openings, differences, nothing twice, and every odd cell named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from akinai.core import intake
from akinai.core.errors import DomainError
from akinai.stock import queries, services
from akinai.stock.models import StockEntry
from tests import cast

pytestmark = pytest.mark.django_db


def preview(text: str, *, name: str = "stock.csv") -> tuple[Any, intake.Plan]:
    kind = intake.kind_of("stock")
    assert kind
    return intake.preview(kind, [intake.Upload(name, text.encode())], options={}, by=None)


def take(text: str) -> intake.Plan:
    row, plan = preview(text)
    assert not plan.refused, plan.errors
    return intake.apply(row, by=None)


def promise(sku: int, pieces: int) -> None:
    when = timezone.make_aware(datetime(2026, 11, 24))
    services.reserve_lines(
        [services.Want("SO-1/1", sku, queries.default_location_id(), pieces, when)], by=None
    )


def test_first_numbers_become_opening_stock_and_zero_becomes_nothing() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    plan = take("商品コード,数量,単価\nTEA,12,100.5\nCUP,0,\n")
    assert (plan.rows, plan.created, plan.changed, plan.unchanged, plan.total_yen) == (2, 1, 0, 1, 1206)
    entry = StockEntry.objects.get()
    assert (entry.kind, entry.quantity, entry.sku_id, str(entry.unit_cost)) == (
        "opening",
        12,
        tea,
        "100.5000",
    )
    assert cast.level(cup) == (0, 0)


def test_the_same_file_again_changes_nothing() -> None:
    cast.sku("TEA")
    take("商品コード,数量\nTEA,12\n")
    plan = take("商品コード,数量\nTEA,12\n")
    assert (plan.created, plan.changed, plan.unchanged) == (0, 0, 1)
    assert StockEntry.objects.count() == 1


def test_another_number_becomes_the_difference() -> None:
    tea = cast.sku("TEA", pieces=20)
    plan = take("SKU,在庫数,メモ\ntea,１７,数え直し\n")
    assert (plan.created, plan.changed) == (0, 1)
    entry = StockEntry.objects.latest("id")
    assert (entry.kind, entry.quantity, entry.note) == ("adjustment", -3, "数え直し")
    assert cast.level(tea) == (17, 0)


def test_a_place_is_named_by_its_code_or_its_name() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    take("商品コード,数量,場所\nTEA,3,main\nCUP,4,本社倉庫\n")
    assert (cast.level(tea), cast.level(cup)) == ((3, 0), (4, 0))


def test_an_intake_is_undone_by_opposite_rows() -> None:
    tea = cast.sku("TEA")
    row, _ = preview("商品コード,数量\nTEA,12\n")
    intake.apply(row, by=None)
    intake.undo(row, by=None)
    assert cast.level(tea) == (0, 0)
    assert list(StockEntry.objects.order_by("id").values_list("quantity", flat=True)) == [12, -12]


def test_goods_that_moved_between_look_and_writing_are_not_overwritten() -> None:
    from akinai.stock.adjusting import Counted, set_on_hand

    tea = cast.sku("TEA", pieces=5)
    place = queries.default_location_id()
    with pytest.raises(DomainError, match="在庫が動きました"):
        set_on_hand([Counted(tea, place, 9, before=4)], reference="x", key="x", by=None)
    assert cast.level(tea) == (5, 0)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("NOPE,1,,", "商品コード", "登録されていません"),
        (",1,,", "商品コード", "空欄"),
        ("4.90124E+12,1,,", "商品コード", "Excel"),
        ("=HYPERLINK(A1),1,,", "商品コード", "数式"),
        ("TEA,,,", "数量", "空欄"),
        ("TEA,-1,,", "数量", "マイナス"),
        ("TEA,▲3,,", "数量", "マイナス"),
        ("TEA,1.5,,", "数量", "小数"),
        ("TEA,abc,,", "数量", "読めません"),
        ("TEA,1.23E+11,,", "数量", "Excel"),
        ("TEA,1000000,,", "数量", "大きすぎます"),
        ("TEA,=1+2,,", "数量", "数式"),
        ("TEA,1,,", "数量", "引当済み"),
        ("TEA,9,OSAKA,", "場所", "場所コードはありません"),
        ("TEA,9,,-3", "単価", "マイナス"),
        ("TEA,9,,1.23456", "単価", "4桁"),
        ("CUP,4,,", "商品コード", "2 行目にもあります"),
    ],
)
def test_an_odd_cell_is_named_and_nothing_is_written(row: str, column: str, words: str) -> None:
    cup, tea = cast.sku("CUP"), cast.sku("TEA", pieces=5)
    promise(tea, 2)
    _, plan = preview(f"商品コード,数量,場所,単価\nCUP,3,,\n{row}\n")
    assert plan.refused
    found = [e for e in plan.errors if e.column == column and words in e.message]
    assert [(e.file, e.line) for e in found[:1]] == [("stock.csv", 3)], plan.errors
    assert (cast.level(cup), cast.level(tea)) == ((0, 0), (5, 2))


@pytest.mark.parametrize("text", ["", "商品コード,名前\nTEA,x\n", "TEA,3\nCUP,4\n", "商品コード,数量\n"])
def test_a_file_without_its_columns_is_refused(text: str) -> None:
    cast.sku("TEA")
    _, plan = preview(text)
    assert plan.refused and plan.errors and plan.errors[0].message
