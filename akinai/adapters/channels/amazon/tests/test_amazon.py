"""Amazon: 未出荷 and 新規注文 reports, tab-separated without quoting."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.adapters.channels.amazon import AmazonFormat
from akinai.adapters.channels.amazon.writer import HEADER
from akinai.adapters.channels.tests.cast import order
from akinai.adapters.channels.tests.doors import AMAZON
from akinai.core.tables import read_tables
from akinai.orders.ports import LineDraft, OrderDraft

NEW_ORDERS = (
    "order-id", "order-item-id", "purchase-date", "payments-date", "buyer-email", "buyer-name", "buyer-phone-number", "sku",
    "product-name", "quantity-purchased", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "gift-wrap-price", "ship-service-level", "recipient-name", "ship-address-1", "ship-address-2", "ship-address-3",
    "ship-city", "ship-state", "ship-postal-code", "ship-country", "ship-phone-number", "item-promotion-discount",
    "ship-promotion-discount", "delivery-Instructions", "is-business-order",
)  # fmt: skip


def read_with(draft: OrderDraft | None = None, **cells: str) -> OrderDraft:
    """An ordinary order with these cells in all its rows."""
    grid = AMAZON.grid(AMAZON.write([draft or order()])[0])
    for name, value in cells.items():
        for row in grid[1:]:
            row[grid[0].index(name.replace("_", "-"))] = value
    (found,) = AMAZON.read([AMAZON.bytes(grid)])
    return found


def new_orders(*rows: dict[str, str]) -> list[OrderDraft]:
    usual = {
        "order-id": "250-1111111-2222222", "purchase-date": "2026-11-20T01:30:00+00:00", "sku": "A-1", "product-name": "りんご",
        "quantity-purchased": "2", "currency": "JPY", "item-price": "2160", "item-tax": "160", "shipping-price": "500",
        "shipping-tax": "45", "recipient-name": "小林 一郎", "ship-address-1": "見本1-1", "ship-state": "東京都",
        "ship-postal-code": "100-0001", "ship-country": "JP", "ship-phone-number": "09012345678",
    }  # fmt: skip
    grid = [list(NEW_ORDERS)]
    for at, row in enumerate(rows, 1):
        cells = usual | {"order-item-id": f"{at:014d}"} | row
        grid.append([cells.get(name, "") for name in NEW_ORDERS])
    data = "\n".join("\t".join(row) for row in grid).encode("cp932")
    return AmazonFormat().read([read_tables(data, filename="new.txt", delimiter="\t", quoting=False)])


def codes(draft: OrderDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def test_the_unshipped_report_has_32_columns_and_no_prices() -> None:
    assert len(HEADER) == 32
    draft = read_with()
    assert (draft.amounts_known, draft.total_yen, draft.goods_yen) == (False, 0, 0)
    assert [(line.sku_code, line.quantity, line.channel_line_no) for line in draft.lines] == [
        ("APPLE-1", 2, "501"),
        ("TOWEL-W", 1, "502"),
    ]
    assert (draft.payment, draft.payment_settled, draft.issues) == ("mall", True, ())


def test_a_quote_is_a_character_like_any_other() -> None:
    line = LineDraft(1, "M-24", '24" モニター "特価', 1, 0, channel_line_no="1")
    data = AMAZON.write([order(lines=(line,)), order("A-2")])[0]
    assert [d.lines[0].name for d in AMAZON.read([data])] == ['24" モニター "特価', "りんごジュース 1L"]
    assert AmazonFormat().quoting is False
    assert AmazonFormat().delimiter == "\t"


def test_cash_on_delivery_is_ours_to_collect() -> None:
    draft = read_with(order(payment="cod", payment_label="COD", cod_fee_yen=324, total_yen=4824))
    assert (draft.payment, draft.payment_settled, draft.total_yen, draft.cod_fee_yen) == (
        "cod",
        False,
        4824,
        324,
    )
    assert draft.issues == ()


def test_several_amounts_to_collect_are_left_to_a_person() -> None:
    draft = read_with(cod_collectible_amount="1000", payment_method="COD")
    assert codes(draft) == ["total_mismatch"]
    assert "¥1,000、¥1,000" in draft.issues[0].message
    assert draft.total_yen == 2000


def test_paid_at_a_convenience_store() -> None:
    draft = read_with(payment_method="CVS")
    assert (draft.payment, draft.payment_settled) == ("convenience", True)


def test_pieces_that_left_already_are_not_sent_again() -> None:
    draft = read_with(quantity_purchased="5", quantity_shipped="3", quantity_to_ship="2")
    assert [line.quantity for line in draft.lines] == [2, 2]
    assert codes(draft) == ["other", "other"]
    assert "3点は出荷済み" in draft.issues[0].message


def test_an_order_that_left_is_shipped() -> None:
    draft = read_with(quantity_shipped="2", quantity_to_ship="0")
    assert (draft.mall_status, draft.lines[0].quantity, draft.issues) == ("shipped", 2, ())


def test_the_scheduled_window_is_a_day_and_a_slot() -> None:
    draft = read_with(
        scheduled_delivery_start_date="2026-12-24T14:00:00+09:00",
        scheduled_delivery_end_date="2026-12-24T16:00:00+09:00",
    )
    assert (draft.delivery_on, draft.delivery_slot) == (date(2026, 12, 24), "1416")
    whole_day = read_with(
        scheduled_delivery_start_date="2026-12-24T00:00:00+09:00",
        scheduled_delivery_end_date="2026-12-25T23:59:59+09:00",
    )
    assert (whole_day.delivery_on, whole_day.delivery_slot) == (date(2026, 12, 24), "")


def test_the_new_orders_report_has_amounts_for_all_pieces_of_a_line() -> None:
    (draft,) = new_orders(
        {}, {"item-price": "1100", "item-tax": "100", "quantity-purchased": "1", "shipping-price": "0"}
    )
    assert [(line.unit_price_yen, line.quantity, line.tax_rate) for line in draft.lines] == [
        (1080, 2, 8),
        (1100, 1, 10),
    ]
    assert (draft.goods_yen, draft.shipping_yen, draft.total_yen, draft.amounts_known) == (
        3260,
        500,
        3760,
        True,
    )
    assert draft.issues == ()
    assert f"{draft.ordered_at:%Y-%m-%d %H:%M}" == "2026-11-20 10:30"


def test_promotions_and_gift_wrap() -> None:
    (draft,) = new_orders(
        {"item-promotion-discount": "-100", "ship-promotion-discount": "500", "gift-wrap-price": "300"}
    )
    assert (draft.discount_yen, draft.wrapping_yen, draft.total_yen) == (600, 300, 2360)


def test_a_price_that_does_not_divide_loses_no_yen() -> None:
    (draft,) = new_orders({"quantity-purchased": "3", "item-price": "1000", "item-tax": "90"})
    assert (draft.lines[0].unit_price_yen, draft.adjustment_yen, draft.total_yen) == (333, 1, 1500)


def test_a_tax_of_no_rate_is_said() -> None:
    (draft,) = new_orders({"item-tax": "300"})
    assert codes(draft) == ["tax_mismatch"]


def test_another_currency_is_said() -> None:
    (draft,) = new_orders({"currency": "USD", "item-price": "19.89"})
    assert codes(draft) == ["currency"]
    assert (draft.total_yen, draft.amounts_known) == (0, False)


def test_rows_of_one_order_to_two_places_are_said() -> None:
    (draft,) = new_orders({}, {"recipient-name": "別人"})
    assert codes(draft) == ["multi_ship"]


@pytest.mark.parametrize("state", ["東京都", "Tokyo", "TOKYO"])
def test_prefectures_in_roman_letters(state: str) -> None:
    (draft,) = new_orders({"ship-state": state, "ship-address-1": "東京都千代田区1-1"})
    assert (draft.ship_to.prefecture, draft.ship_to.line1, draft.ship_to.phone) == (
        "東京都",
        "千代田区1-1",
        "09012345678",
    )
