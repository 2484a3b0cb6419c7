"""Yahoo!: two files joined, in any order; what the buyer pays; states."""

from __future__ import annotations

import pytest

from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import YAHOO
from akinai.core.tables import FileRefused
from akinai.orders.ports import OrderDraft


def read_with(draft: OrderDraft | None = None, **cells: str) -> OrderDraft:
    """An ordinary order with these cells in its row of the order file; a new column is added."""
    orders, items = YAHOO.write([draft or order()])
    grid = YAHOO.grid(orders)
    for name, value in cells.items():
        if name not in grid[0]:
            for row in grid:
                row.append("")
            grid[0][-1] = name
        grid[1][grid[0].index(name)] = value
    (found,) = YAHOO.read([YAHOO.bytes(grid), items])
    return found


def codes(draft: OrderDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def test_the_two_files_may_come_in_any_order() -> None:
    orders, items = YAHOO.write([order()])
    assert [d.channel_order_no for d in YAHOO.read([orders, items])] == ["A-1001"]
    assert [d.channel_order_no for d in YAHOO.read([items, orders])] == ["A-1001"]


@pytest.mark.parametrize(("only", "missing"), [(0, "商品データのファイル"), (1, "注文データのファイル")])
def test_a_file_without_its_partner_is_refused_by_name(only: int, missing: str) -> None:
    data = YAHOO.write([order()])[only]
    assert YAHOO.format.matches(YAHOO.tables([data]))
    with pytest.raises(FileRefused) as refusal:
        YAHOO.read([data])
    assert missing in refusal.value.errors[0].message
    assert "一緒に取り込んで" in refusal.value.errors[0].message


def test_files_of_different_periods_are_refused_row_by_row() -> None:
    orders, _ = YAHOO.write([order("A-1"), order("A-2")])
    _, items = YAHOO.write([order("A-2"), order("A-3")])
    with pytest.raises(FileRefused) as refusal:
        YAHOO.read([orders, items])
    said = {(error.file, error.line, error.value) for error in refusal.value.errors}
    assert said == {("yahoo1.csv", 4, "A-3"), ("yahoo0.csv", 2, "A-1")}


def test_one_file_with_both_kinds_of_columns() -> None:
    orders, items = (YAHOO.grid(data) for data in YAHOO.write([order()]))
    joined = [orders[0] + items[0][1:], *(orders[1] + row[1:] for row in items[1:])]
    joined[0].append("店舗の列")
    for row in joined[1:]:
        row.append("そのまま")
    (draft,) = YAHOO.read([YAHOO.bytes(joined)])
    assert ([line.sku_code for line in draft.lines], draft.total_yen, draft.issues) == (
        ["APPLE-1", "TOWEL-W"],
        4500,
        (),
    )
    assert draft.raw == {"店舗の列": "そのまま"}


def test_an_item_file_may_come_in_two_parts() -> None:
    orders, items = YAHOO.write([order()])
    grid = YAHOO.grid(items)
    parts = [YAHOO.bytes([grid[0], grid[1]]), YAHOO.bytes([grid[0], grid[2]])]
    (draft,) = YAHOO.read([parts[0], orders, parts[1]])
    assert (len(draft.lines), draft.issues) == (2, ())


def test_every_part_of_the_total() -> None:
    draft = order(
        payment="cod", payment_label="商品代引", cod_fee_yen=330, wrapping_yen=200, discount_yen=100, points_yen=50,
        adjustment_yen=-30, total_yen=4850, payment_settled=False,
    )  # fmt: skip
    found = read_with(draft)
    assert found.issues == ()
    assert (found.cod_fee_yen, found.wrapping_yen, found.adjustment_yen, found.payment) == (
        330,
        200,
        -30,
        "cod",
    )


def test_a_mall_coupon_is_a_discount() -> None:
    found = read_with(TotalMallCouponDiscount="300", TotalPrice="4200")
    assert (found.discount_yen, found.total_yen, found.issues) == (300, 4200, ())


def test_what_the_buyer_pays_may_stand_in_settle_amount() -> None:
    found = read_with(UsePoint="500", TotalPrice="4500", SettleAmount="4000")
    assert (found.total_yen, found.points_yen, found.issues) == (4000, 500, ())


def test_neither_amount_fits() -> None:
    found = read_with(UsePoint="500", TotalPrice="4500", SettleAmount="4100")
    assert (found.total_yen, codes(found)) == (4500, ["total_mismatch"])


@pytest.mark.parametrize(
    ("status", "ship", "wanted"),
    [("1", "0", "hold"), ("2", "1", "open"), ("3", "0", "hold"), ("4", "0", "cancelled"), ("5", "3", "shipped"),
     ("2", "3", "shipped"), ("2", "4", "shipped"), ("処理中", "", "open")],
)  # fmt: skip
def test_states(status: str, ship: str, wanted: str) -> None:
    found = read_with(OrderStatus=status, ShipStatus=ship)
    assert found.mall_status == wanted
    assert codes(found) == (["mall_hold"] if wanted == "hold" else [])


@pytest.mark.parametrize(
    ("label", "paid", "kind", "settled"),
    [("クレジットカード決済", "1", "card", True), ("PayPay残高等", "1", "wallet", True), ("銀行振込", "0", "bank_transfer", False),
     ("銀行振込", "1", "bank_transfer", True), ("コンビニ決済", "0", "convenience", False), ("商品代引", "1", "cod", False),
     ("ゆっくり払い", "1", "wallet", True)],
)  # fmt: skip
def test_payment(label: str, paid: str, kind: str, settled: bool) -> None:
    found = read_with(PayMethodName=label, PayStatus=paid)
    assert (found.payment, found.payment_settled) == (kind, settled)


def test_the_sub_code_is_the_sku() -> None:
    lines = tuple(
        line.__class__(line.line_no, f"{line.sku_code}-S", line.name, line.quantity, line.unit_price_yen,
                       channel_line_no=line.channel_line_no, alternative_codes=(line.sku_code,), jan="4901234567894")
        for line in order().lines
    )  # fmt: skip
    found = read_with(order(lines=lines))
    assert (found.lines[0].sku_code, found.lines[0].alternative_codes) == ("APPLE-1-S", ("APPLE-1",))
    assert found.lines[0].jan == "4901234567894"


def test_an_order_row_twice_is_said() -> None:
    orders, items = YAHOO.write([order()])
    grid = YAHOO.grid(orders)
    (draft,) = YAHOO.read([YAHOO.bytes([*grid, grid[1]]), items])
    assert codes(draft) == ["duplicate_row"]
