"""BASE: both forms of the file, totals per order or per row, states."""

from __future__ import annotations

import pytest

from akinai.adapters.channels.base.writer import HEADER, OLDER_HEADER, write
from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import BASE
from akinai.orders.ports import OrderDraft


def read_with(
    draft: OrderDraft | None = None, header: tuple[str, ...] = HEADER, **cells: str | list[str]
) -> OrderDraft:
    """An ordinary order with these cells in all its rows, or one value per row."""
    grid = BASE.grid(write([draft or order()], header=header))
    for name, value in cells.items():
        for at, row in enumerate(grid[1:]):
            row[grid[0].index(name)] = value if isinstance(value, str) else value[at]
    (found,) = BASE.read([BASE.bytes(grid)])
    return found


def codes(draft: OrderDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def test_the_older_form_knows_goods_by_their_ids() -> None:
    assert (len(OLDER_HEADER), len(HEADER)) == (35, 38)
    found = read_with(None, OLDER_HEADER, 商品ID=["11", "12"], 種類ID=["", "120"])
    assert [(line.sku_code, line.alternative_codes) for line in found.lines] == [("11", ()), ("120", ("12",))]
    assert found.issues == ()


def test_the_newer_form_knows_the_shops_codes() -> None:
    found = read_with(商品コード=["P-1", "P-2"], 種類コード=["", "V-2"], 商品ID=["11", "12"], 種類ID="")
    assert [(line.sku_code, line.alternative_codes) for line in found.lines] == [
        ("P-1", ("11",)),
        ("V-2", ("P-2", "12")),
    ]


def test_totals_of_the_rows_are_added_up() -> None:
    found = read_with(合計金額=["2000", "2000"])
    assert (found.total_yen, found.goods_yen, found.shipping_yen, found.issues) == (4500, 4000, 500, ())


def test_an_adjustment_goes_into_the_total() -> None:
    found = read_with(調整金額="▲300", 合計金額="4200")
    assert (found.adjustment_yen, found.total_yen, found.issues) == (-300, 4200, ())


def test_rows_with_different_totals_are_said() -> None:
    assert codes(read_with(合計金額=["4500", "4600"])) == ["total_mismatch"]


@pytest.mark.parametrize(
    ("status", "wanted"),
    [("未対応", "open"), ("未発送", "open"), ("未入金", "open"), ("対応済", "shipped"), ("発送済み", "shipped"),
     ("キャンセル", "cancelled")],
)  # fmt: skip
def test_states(status: str, wanted: str) -> None:
    found = read_with(発送状況=status)
    assert (found.mall_status, found.issues) == (wanted, ())


def test_a_part_that_left_holds_the_order() -> None:
    found = read_with(発送状況=["対応済", "未対応"])
    assert (found.mall_status, codes(found)) == ("hold", ["mall_hold"])


def test_a_state_nobody_knows_is_said() -> None:
    assert codes(read_with(発送状況="謎")) == ["other"]


@pytest.mark.parametrize(
    ("label", "status", "settled"),
    [("クレジットカード決済", "未対応", True), ("コンビニ決済・Pay-easy", "未対応", True), ("コンビニ決済・Pay-easy", "未入金", False),
     ("銀行振込(ショップ口座)", "未対応", False), ("銀行振込(BASE口座)", "未対応", True), ("代金引換", "未対応", False),
     ("後払い決済", "未対応", False)],
)  # fmt: skip
def test_money_is_in_when_base_has_it(label: str, status: str, settled: bool) -> None:
    assert read_with(支払い方法=label, 発送状況=status).payment_settled is settled


def test_several_destinations_are_said() -> None:
    found = read_with(**{"氏(配送先)": ["小林", "田中"]})
    assert codes(found) == ["multi_ship"]


@pytest.mark.parametrize(
    ("text", "rate"), [("10%", 10), ("8%", 8), ("軽減税率8%", 8), ("10", 10), ("0.08", 8), ("", 10)]
)
def test_rates_in_many_ways(text: str, rate: int) -> None:
    found = read_with(税率=text)
    assert ([line.tax_rate for line in found.lines], found.issues) == ([rate, rate], ())


def test_a_rate_of_the_past_is_said() -> None:
    found = read_with(税率=["5%", "10%"])
    assert (found.lines[0].tax_rate, codes(found)) == (10, ["tax_mismatch"])
