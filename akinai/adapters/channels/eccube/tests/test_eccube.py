"""EC-CUBE 4: 明細区分, 税抜 prices and the rounding that the 小計 proves."""

from __future__ import annotations

import csv
import io

import pytest

from akinai.adapters.channels.eccube.writer import HEADER
from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import ECCUBE
from akinai.orders.ports import LineDraft, OrderDraft
from tests.samples import sample


def read_with(draft: OrderDraft | None = None, **cells: str) -> OrderDraft:
    """An ordinary order with these cells in all its rows ("お届け時間_名称" is お届け時間(名称))."""
    grid = ECCUBE.grid(ECCUBE.write([draft or order()])[0])
    for name, value in cells.items():
        column = name if name in grid[0] else name.replace("__", "(") + ")"
        for row in grid[1:]:
            row[grid[0].index(column)] = value
    (found,) = ECCUBE.read([ECCUBE.bytes(grid)])
    return found


def goods_file(prices: list[int], subtotal: int, quantity: int = 1, rate: int = 10) -> OrderDraft:
    """An order of goods only, its 税抜 prices and its 小計 as given."""
    lines = tuple(
        LineDraft(at, f"S-{at}", "品", quantity, 100, rate, channel_line_no=str(at))
        for at in range(1, len(prices) + 1)
    )
    draft = order(lines=lines, goods_yen=subtotal, shipping_yen=0, total_yen=subtotal)
    grid = ECCUBE.grid(ECCUBE.write([draft])[0])
    for row, price in zip(grid[1:], prices, strict=True):
        row[grid[0].index("価格")] = f"{price}.00"
    (found,) = ECCUBE.read([ECCUBE.bytes(grid)])
    return found


def codes(draft: OrderDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def test_the_header_is_the_standard_template() -> None:
    rows = csv.DictReader(io.StringIO(sample("eccube/dtb_csv.csv").decode()))
    wanted = [row["disp_name"] for row in rows if row["csv_type_id"] == "3"]
    assert [name for name in wanted if name not in HEADER] == []
    assert len(HEADER) == 69  # 送料 of the shipment has the same name as 送料 of the order


@pytest.mark.parametrize(
    ("prices", "subtotal", "with_tax"),
    [
        ([105, 105], 232, [116, 116]),  # 四捨五入: 115.5 → 116
        ([105, 105], 230, [115, 115]),  # 切り捨て
        ([101, 101], 224, [112, 112]),  # 切り上げ: 111.1 → 112
        ([110, 220], 330, [110, 220]),  # 税込のまま
    ],
)
def test_prices_become_what_the_subtotal_proves(
    prices: list[int], subtotal: int, with_tax: list[int]
) -> None:
    draft = goods_file(prices, subtotal)
    assert [line.unit_price_yen for line in draft.lines] == with_tax
    assert (draft.goods_yen, draft.total_yen, draft.issues) == (subtotal, subtotal, ())


def test_a_subtotal_that_nothing_proves_is_said() -> None:
    draft = goods_file([1000], 1234)
    assert codes(draft) == ["total_mismatch"]
    assert "¥1,234" in draft.issues[0].message
    assert "¥1,100" in draft.issues[0].message


def test_rows_of_shipping_fee_discount_and_points_are_no_goods() -> None:
    draft = order(
        payment="cod",
        payment_label="代金引換",
        cod_fee_yen=330,
        discount_yen=200,
        points_yen=100,
        total_yen=4530,
    )
    found = read_with(draft)
    assert [line.sku_code for line in found.lines] == ["APPLE-1", "TOWEL-W"]
    assert (found.shipping_yen, found.cod_fee_yen, found.discount_yen, found.points_yen) == (
        500,
        330,
        200,
        100,
    )
    assert (found.total_yen, found.issues) == (4530, ())


def test_a_fee_without_cash_on_delivery_is_a_payment_fee() -> None:
    found = read_with(order(payment_fee_yen=200, total_yen=4700))
    assert (found.payment_fee_yen, found.cod_fee_yen) == (200, 0)


def test_a_kind_of_row_nobody_knows_is_said() -> None:
    grid = ECCUBE.grid(ECCUBE.write([order()])[0])
    grid[3][grid[0].index("明細区分(ID)")] = "9"
    (draft,) = ECCUBE.read([ECCUBE.bytes(grid)])
    assert "other" in codes(draft)


@pytest.mark.parametrize(
    ("status", "wanted", "settled"),
    [("1", "open", False), ("3", "cancelled", False), ("4", "open", False), ("5", "shipped", False), ("6", "open", True),
     ("7", "hold", False), ("8", "hold", False), ("9", "returned", False)],
)  # fmt: skip
def test_states(status: str, wanted: str, settled: bool) -> None:
    found = read_with(対応状況__ID=status, 支払方法__名称="銀行振込")
    assert (found.mall_status, found.payment, found.payment_settled) == (wanted, "bank_transfer", settled)
    assert codes(found) == (["mall_hold"] if wanted == "hold" else [])


def test_a_day_of_payment_means_paid() -> None:
    found = read_with(支払方法__名称="銀行振込", 入金日="2026-11-21 09:00:00")
    assert (found.payment_settled, f"{found.paid_at:%m/%d}") == (True, "11/21")


@pytest.mark.parametrize("label", ["郵便振替", "現金書留", "銀行振込"])
def test_the_payments_of_the_shop_are_paid_before_shipping(label: str) -> None:
    assert read_with(支払方法__名称=label).payment == "bank_transfer"


def test_afternoon_is_no_slot_and_left_to_a_person() -> None:
    assert read_with(お届け時間__名称="午前").delivery_slot == "am"
    found = read_with(お届け時間__名称="午後")
    assert (found.delivery_slot, set(codes(found))) == ("", {"other"})


def test_lines_go_to_the_shipments_that_the_shop_numbers() -> None:
    grid = ECCUBE.grid(ECCUBE.write([order()])[0])
    grid[2][grid[0].index("出荷ID")] = "77"
    (draft,) = ECCUBE.read([ECCUBE.bytes(grid)])
    assert codes(draft) == []
    assert [(one.number, [no for no, _ in one.pieces]) for one in draft.others] == [("77", [2])]


def test_a_product_with_two_choices() -> None:
    found = read_with(規格名1="色", 規格分類名1="白", 規格名2="大きさ", 規格分類名2="L")
    assert found.lines[0].options == "色:白\n大きさ:L"


def test_orders_without_their_number_go_by_their_id() -> None:
    grid = ECCUBE.grid(ECCUBE.write([order(), order("A-2")])[0])
    at = grid[0].index("注文番号")
    (first, second) = ECCUBE.read([ECCUBE.bytes([[*row[:at], *row[at + 1 :]] for row in grid])])
    assert (first.channel_order_no, second.channel_order_no) == ("1", "2")


def test_a_prefecture_may_be_its_number() -> None:
    grid = ECCUBE.grid(ECCUBE.write([order()])[0])
    grid[0][grid[0].index("配送先_都道府県(名称)")] = "x"
    for row in grid[1:]:
        row[grid[0].index("配送先_都道府県(ID)")] = "13"
    (draft,) = ECCUBE.read([ECCUBE.bytes(grid)])
    assert draft.ship_to.prefecture == "東京都"
