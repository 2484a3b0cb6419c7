"""A Yahoo! order file and its item file from drafts (CP932), for the demo shop, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.writing import csv_bytes, local, two
from akinai.orders.ports import Address, LineDraft, OrderDraft

ORDER_HEADER = (
    "OrderId", "OrderTime", "OrderStatus", "PayStatus", "ShipStatus", "PayMethodName", "PayDate", "BuyerComments",
    "BillLastName", "BillFirstName", "BillLastNameKana", "BillFirstNameKana", "BillZipCode", "BillPrefecture",
    "BillCity", "BillAddress1", "BillAddress2", "BillSection1Value", "BillPhoneNumber", "BillMailAddress",
    "ShipLastName", "ShipFirstName", "ShipLastNameKana", "ShipFirstNameKana", "ShipZipCode", "ShipPrefecture",
    "ShipCity", "ShipAddress1", "ShipAddress2", "ShipSection1Value", "ShipPhoneNumber", "ShipMethodName",
    "ShipRequestDate", "ShipRequestTime", "ShipCompanyCode", "ShipInvoiceNumber1", "ShipDate", "GiftWrapName",
    "ShipCharge", "PayCharge", "GiftWrapCharge", "Discount", "Adjustments", "UsePoint", "TotalMallCouponDiscount",
    "TotalPrice",
)  # fmt: skip
ITEM_HEADER = (
    "OrderId", "LineId", "ItemId", "SubCode", "Title", "ItemOption", "Jan", "UnitPrice", "Quantity", "ItemTaxRatio",
)  # fmt: skip
_STATUS = {"open": "2", "hold": "3", "cancelled": "4", "shipped": "5", "returned": "5"}
_CARRIER = {"yamato": "1001", "sagawa": "1002", "japanpost": "1003"}
Cells = dict[str, str | int]


def write(orders: Sequence[OrderDraft]) -> tuple[bytes, bytes]:
    """(注文データ, 商品データ) for these orders."""
    items = (_item(order, line) for order in orders for line in order.lines)
    return (
        csv_bytes(ORDER_HEADER, (_order(order) for order in orders), encoding="cp932", quote_all=True),
        csv_bytes(ITEM_HEADER, items, encoding="cp932", quote_all=True),
    )


def _order(order: OrderDraft) -> Cells:
    return {
        "OrderId": order.channel_order_no,
        "OrderTime": local(order.ordered_at).strftime("%Y/%m/%d %H:%M:%S"),
        "OrderStatus": _STATUS[order.mall_status],
        "PayStatus": "1" if order.payment_settled else "0",
        "ShipStatus": "3" if order.mall_status == "shipped" else "1",
        "PayMethodName": order.payment_label,
        "PayDate": local(order.paid_at).strftime("%Y/%m/%d %H:%M:%S") if order.paid_at else "",
        "BuyerComments": order.customer_note,
        "ShipMethodName": order.delivery_method,
        "ShipRequestDate": order.delivery_on.strftime("%Y/%m/%d") if order.delivery_on else "",
        "ShipRequestTime": _slot(order.delivery_slot),
        "ShipCompanyCode": _CARRIER.get(order.carrier, ""),
        "ShipInvoiceNumber1": order.tracking_no,
        "ShipDate": order.shipped_on.strftime("%Y/%m/%d") if order.shipped_on else "",
        "GiftWrapName": order.gift_note,
        "ShipCharge": order.shipping_yen,
        "PayCharge": order.cod_fee_yen + order.payment_fee_yen,
        "GiftWrapCharge": order.wrapping_yen,
        "Discount": order.discount_yen,
        "Adjustments": order.adjustment_yen,
        "UsePoint": order.points_yen,
        "TotalMallCouponDiscount": 0,
        "TotalPrice": order.total_yen,
        **_person("Bill", order.buyer),
        **_person("Ship", order.ship_to),
        "BillMailAddress": order.buyer.email,
    }


def _person(who: str, address: Address) -> Cells:
    last, first = two(address.name)
    last_kana, first_kana = two(address.kana)
    return {
        f"{who}LastName": last,
        f"{who}FirstName": first,
        f"{who}LastNameKana": last_kana,
        f"{who}FirstNameKana": first_kana,
        f"{who}ZipCode": address.postal_code,
        f"{who}Prefecture": address.prefecture,
        f"{who}City": address.city,
        f"{who}Address1": address.line1,
        f"{who}Address2": address.line2,
        f"{who}Section1Value": address.company,
        f"{who}PhoneNumber": address.phone,
    }


def _item(order: OrderDraft, line: LineDraft) -> Cells:
    return {
        "OrderId": order.channel_order_no,
        "LineId": line.channel_line_no,
        "ItemId": line.alternative_codes[0] if line.alternative_codes else line.sku_code,
        "SubCode": line.sku_code if line.alternative_codes else "",
        "Title": line.name,
        "ItemOption": line.options,
        "Jan": line.jan,
        "UnitPrice": line.unit_price_yen,
        "Quantity": line.quantity,
        "ItemTaxRatio": line.tax_rate,
    }


def _slot(code: str) -> str:
    return "午前中" if code == "am" else f"{code[:2]}:00～{code[2:]}:00" if code else ""
