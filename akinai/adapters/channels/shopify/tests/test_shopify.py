"""Shopify: totals on the first row, taxes inside or on top, discounts, refunds, wishes in Note Attributes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from akinai.adapters.channels.shopify.writer import HEADER
from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import SHOPIFY
from akinai.adapters.channels.words.times import TOKYO
from akinai.core.tables import FileRefused, normal_header, read_tables
from akinai.orders.ports import DOUBTFUL, LineDraft, OrderDraft, TaxDraft
from tests.samples import sample


def read_with(
    draft: OrderDraft | None = None, lines: dict[str, list[str]] | None = None, **cells: str
) -> OrderDraft:
    """An ordinary order with these cells on its first row, and `lines`: column → one value per row."""
    grid = SHOPIFY.grid(SHOPIFY.write([draft or order()])[0])
    for name, value in cells.items():
        grid[1][grid[0].index(name.replace("_", " "))] = value
    for name, values in (lines or {}).items():
        for row, value in zip(grid[1:], values, strict=True):
            row[grid[0].index(name)] = value
    (found,) = SHOPIFY.read([SHOPIFY.bytes(grid)])
    return found


def codes(draft: OrderDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def test_the_header_is_the_exports_own() -> None:
    line = sample("shopify/orders_export_header.csv").decode().splitlines()[0]
    assert tuple(line.split(",")) == HEADER
    assert len(HEADER) == 79


def test_a_cut_down_export_is_refused_with_what_it_lacks_and_how_to_export() -> None:
    table = read_tables(sample("shopify/orders_subset.csv"), filename="orders.csv")
    assert SHOPIFY.format.matches([table])
    with pytest.raises(FileRefused) as refusal:
        SHOPIFY.format.read([table])
    (error,) = refusal.value.errors
    assert (error.file, error.line) == ("orders.csv", 1)
    for name in ("「Lineitem sku」", "「Lineitem quantity」", "「Shipping Zip」", "「Subtotal」"):
        assert name in error.message
    assert "エクスポート" in error.message


def test_the_first_row_has_the_order_and_every_row_a_line() -> None:
    draft = read_with()
    assert (draft.total_yen, draft.goods_yen, draft.shipping_yen) == (4500, 4000, 500)
    assert [(line.sku_code, line.quantity, line.source_line) for line in draft.lines] == [
        ("APPLE-1", 2, 2),
        ("TOWEL-W", 1, 3),
    ]
    assert draft.taxes == (TaxDraft(10, 4500, 409),)
    assert (draft.ship_to.prefecture, draft.ship_to.postal_code) == (
        "北海道",
        "0600001",
    )  # "JP-01", "'0600001"
    assert draft.issues == ()


def test_times_come_to_japan() -> None:
    assert read_with(Created_at="2026-11-20 10:00:00 -0500").ordered_at == datetime(
        2026, 11, 21, 0, 0, tzinfo=TOKYO
    )


def test_tax_on_top_is_outer_tax() -> None:
    draft = read_with(order(taxes=(TaxDraft(10, 4950, 450),), total_yen=4950))
    assert (draft.total_yen, draft.outer_tax_yen, draft.issues) == (4950, 450, ())
    assert [line.price_includes_tax for line in draft.lines] == [False, False]


def test_a_discount_code_is_taken_off_the_goods() -> None:
    draft = read_with(order(discount_yen=300, total_yen=4200, taxes=()))
    assert (draft.discount_yen, draft.total_yen, draft.issues) == (300, 4200, ())


def test_a_discount_of_lines_is_taken_off_the_goods() -> None:
    draft = read_with(
        order(discount_yen=300, total_yen=4200, taxes=()),
        {"Lineitem discount": ["100", "200"]},
        Discount_Amount="0",
    )
    assert (draft.discount_yen, draft.issues) == (300, ())


def test_a_discount_on_shipping_is_a_discount() -> None:
    shown_in_full = read_with(order(taxes=()), Discount_Amount="500", Total="4000")
    assert (shown_in_full.shipping_yen, shown_in_full.discount_yen, shown_in_full.issues) == (500, 500, ())
    shown_as_nothing = read_with(order(taxes=()), Discount_Amount="500", Total="4000", Shipping="0")
    assert (shown_as_nothing.shipping_yen, shown_as_nothing.discount_yen, shown_as_nothing.issues) == (
        0,
        0,
        (),
    )


def test_a_discount_that_nobody_applied_is_said() -> None:
    draft = read_with(order(taxes=()), Discount_Amount="300")
    assert codes(draft) == ["total_mismatch"]


def test_goods_that_are_not_the_subtotal_are_said() -> None:
    draft = read_with(order(taxes=()), {"Lineitem price": ["1000", "1500"]})
    (issue,) = draft.issues
    assert (issue.code, issue.column, issue.value) == ("total_mismatch", "Subtotal", "4000")
    assert "¥3,500" in issue.message


def test_two_rates_are_handed_to_the_lines_that_prove_them() -> None:
    lines = (LineDraft(1, "F", "米", 1, 3240), LineDraft(2, "G", "箸", 1, 1100))
    draft = order(lines=lines, goods_yen=4340, shipping_yen=550, total_yen=4890, taxes=())
    found = read_with(
        draft, Taxes="390", Tax_1_Name="CT 10%", Tax_1_Value="150", Tax_2_Name="CT 8%", Tax_2_Value="240"
    )
    assert [line.tax_rate for line in found.lines] == [8, 10]
    assert found.issues == ()


def test_two_rates_that_prove_nothing_are_left_to_those_who_know_the_goods() -> None:
    lines = (LineDraft(1, "F", "米", 1, 1080), LineDraft(2, "G", "箸", 1, 1080))
    draft = order(lines=lines, goods_yen=2160, shipping_yen=0, total_yen=2160, taxes=())
    found = read_with(
        draft, Taxes="178", Tax_1_Name="CT 10%", Tax_1_Value="98", Tax_2_Name="消費税 8%", Tax_2_Value="80"
    )
    assert [line.tax_rate_is for line in found.lines] == [DOUBTFUL, DOUBTFUL]
    assert codes(found) == []


def test_a_tax_of_another_country_is_said() -> None:
    assert codes(read_with(Tax_1_Name="VAT 20%")) == ["tax_mismatch"]


def test_a_tax_that_no_rounding_gives_is_said() -> None:
    assert codes(read_with(Tax_1_Value="500", Taxes="500")) == ["tax_mismatch"]


def test_goods_without_tax() -> None:
    draft = read_with(order(taxes=()), {"Lineitem taxable": ["false", "false"]})
    assert [line.tax_rate for line in draft.lines] == [0, 0]


def test_another_currency_is_said_and_no_amount_is_read_as_yen() -> None:
    draft = read_with(
        None, {"Lineitem price": ["10.50", "20.25"]}, Currency="USD", Total="41.25", Subtotal="41.25"
    )
    assert codes(draft) == ["currency"]
    assert draft.issues[0].value == "USD"
    assert (draft.total_yen, draft.goods_yen, draft.amounts_known) == (0, 0, False)
    assert [line.unit_price_yen for line in draft.lines] == [0, 0]


@pytest.mark.parametrize(
    ("financial", "fulfillment", "cancelled", "status", "settled"),
    [
        ("paid", "unfulfilled", "", "open", True),
        ("authorized", "", "", "open", True),
        ("pending", "unfulfilled", "", "open", False),
        ("paid", "fulfilled", "", "shipped", True),
        ("refunded", "unfulfilled", "", "cancelled", False),
        ("refunded", "fulfilled", "", "returned", False),
        ("voided", "unfulfilled", "", "cancelled", False),
        ("paid", "unfulfilled", "2026-11-21 09:00:00 +0900", "cancelled", True),
        ("paid", "on_hold", "", "hold", True),
        ("paid", "partial", "", "hold", True),
    ],
)
def test_states(financial: str, fulfillment: str, cancelled: str, status: str, settled: bool) -> None:
    draft = read_with(Financial_Status=financial, Fulfillment_Status=fulfillment, Cancelled_at=cancelled)
    assert (draft.mall_status, draft.payment_settled) == (status, settled)
    assert codes(draft) == (["mall_hold"] if status == "hold" else [])


def test_a_part_that_was_refunded_is_said() -> None:
    draft = read_with(Financial_Status="partially_refunded", Refunded_Amount="1000")
    assert codes(draft) == ["cancelled_line"]
    assert draft.total_yen == 4500


def test_a_risk_is_said() -> None:
    assert codes(read_with(Risk_Level="High")) == ["mall_hold"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Shopify Payments", "card"), ("Bank Deposit", "bank_transfer"), ("銀行振込", "bank_transfer"),
     ("Cash on Delivery (COD)", "cod"), ("代金引換", "cod"), ("KOMOJU - コンビニ決済", "convenience"), ("PayPay", "wallet"),
     ("Amazon Pay", "wallet"), ("manual", "unknown"), ("Paidy", "deferred")],
)  # fmt: skip
def test_payment_methods(label: str, kind: str) -> None:
    draft = read_with(Payment_Method=label, Financial_Status="pending")
    assert (draft.payment, draft.payment_label) == (kind, label)


def test_wishes_of_delivery_and_gift_apps() -> None:
    text = "配送希望日: 2026/12/24\n配送時間帯: 14:00〜16:00\nのし: 御祝\n_session: abc:def"
    draft = read_with(Note_Attributes=text)
    assert (draft.delivery_on, draft.delivery_slot) == (date(2026, 12, 24), "1416")
    assert (draft.gift_note, draft.shop_note, draft.customer_note) == ("のし: 御祝", "_session: abc:def", "")


def test_goods_without_a_code_keep_their_name() -> None:
    draft = read_with(None, {"Lineitem sku": ["", "TOWEL-W"]})
    assert (draft.lines[0].sku_code, draft.lines[0].name) == ("", "りんごジュース 1L")


def test_an_order_cut_off_from_its_first_row_is_refused() -> None:
    grid = SHOPIFY.grid(SHOPIFY.write([order()])[0])
    with pytest.raises(FileRefused) as refusal:
        SHOPIFY.read([SHOPIFY.bytes([grid[0], grid[2]])])
    (error,) = refusal.value.errors
    assert (error.line, error.column) == (2, "Total")
    assert "A-1001" in error.message


def test_a_sorted_file_is_read_by_the_row_with_the_totals() -> None:
    grid = SHOPIFY.grid(SHOPIFY.write([order()])[0])
    (draft,) = SHOPIFY.read([SHOPIFY.bytes([grid[0], grid[2], grid[1]])])
    assert [line.sku_code for line in draft.lines] == ["APPLE-1", "TOWEL-W"]
    assert (draft.total_yen, draft.issues) == (4500, ())


def test_an_order_twice_in_one_file_is_one_order_and_said() -> None:
    grid = SHOPIFY.grid(SHOPIFY.write([order()])[0])
    (draft,) = SHOPIFY.read([SHOPIFY.bytes([*grid, *grid[1:]])])
    assert len(draft.lines) == 2
    (issue,) = draft.issues
    assert (issue.code, issue.source_line) == ("duplicate_row", 4)


def test_abroad_is_said() -> None:
    draft = read_with(Shipping_Country="US", Shipping_Province="CA", Shipping_Zip="94107")
    assert codes(draft) == ["other"]
    assert (draft.ship_to.country, draft.ship_to.prefecture, draft.ship_to.postal_code) == (
        "US",
        "CA",
        "94107",
    )


def test_an_order_without_billing_address_is_the_recipients_own() -> None:
    draft = order(buyer=replace(order().buyer, name="", line1=""))
    found = read_with(draft)
    assert (found.buyer.name, found.buyer.email) == ("小林 一郎", "hanako@example.com")


def test_names_of_columns_stay_as_they_are_when_normalised() -> None:
    assert [normal_header(name) for name in HEADER] == list(HEADER)
