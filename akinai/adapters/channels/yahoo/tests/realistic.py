"""Yahoo! order and item files from sales. A shop chooses the columns of its template; these are two usual choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Person, Sale, Sold

ORDERS = (
    "OrderId", "ParentOrderId", "DeviceType", "IsAffiliate", "OrderTime", "OrderTimeUnixEpoch", "UsePointType", "OrderStatus",
    "StoreStatus", "PayStatus", "ShipStatus", "SuspectMessage", "IsItemCoupon", "IsShippingCoupon", "ShipName",
    "ShipFirstName", "ShipLastName", "ShipAddress1", "ShipAddress2", "ShipCity", "ShipPrefecture", "ShipZipCode",
    "ShipNameKana", "ShipFirstNameKana", "ShipLastNameKana", "ShipSection1Field", "ShipSection1Value", "ShipPhoneNumber",
    "ShipEmgPhoneNumber", "ShipMethod", "ShipMethodName", "ShipRequestDate", "ShipRequestTime", "ShipNotes",
    "ShipInvoiceNumber1", "ShipInvoiceNumber2", "ShipCompanyCode", "ShipUrl", "ShipDate", "GiftWrapType",
    "GiftWrapPaperType", "GiftWrapName", "NeedReceipt", "GiftWrapMessage", "BillName", "BillFirstName", "BillLastName",
    "BillAddress1", "BillAddress2", "BillCity", "BillPrefecture", "BillZipCode", "BillNameKana", "BillFirstNameKana",
    "BillLastNameKana", "BillSection1Value", "BillPhoneNumber", "BillMailAddress", "PayMethod", "PayMethodName", "PayKind",
    "PayDate", "SettleStatus", "SettleId", "BuyerComments", "QuantityDetail", "ShipCharge", "PayCharge", "GiftWrapCharge",
    "Discount", "Adjustments", "UsePoint", "GetPoint", "Total", "TotalPrice", "SettleAmount", "TotalMallCouponDiscount",
    "LastUpdateTime", "Id",
)  # fmt: skip
ITEMS = (
    "OrderId", "LineId", "Quantity", "ItemId", "SubCode", "Title", "ItemOptionName", "ItemOptionValue", "SubCodeOption",
    "InscriptionName", "InscriptionValue", "UnitPrice", "UnitGetPoint", "LineSubTotal", "LineGetPoint", "PointFspCode",
    "Condition", "CouponId", "CouponDiscount", "OriginalPrice", "IsGetPointFix", "ReleaseDate", "ItemTaxRatio", "Jan",
    "ProductId", "LeadTimeText", "Id",
)  # fmt: skip
FEW = (  # a lean template
    "OrderId", "OrderTime", "OrderStatus", "PayStatus", "ShipStatus", "ShipFirstName", "ShipLastName", "ShipZipCode",
    "ShipPrefecture", "ShipCity", "ShipAddress1", "ShipAddress2", "ShipPhoneNumber", "PayMethodName", "ShipCharge",
    "PayCharge", "GiftWrapCharge", "Discount", "UsePoint", "TotalMallCouponDiscount", "TotalPrice",
)  # fmt: skip
FEW_ITEMS = ("OrderId", "LineId", "ItemId", "Title", "SubCode", "UnitPrice", "Quantity", "ItemTaxRatio")
PAYS = {
    "card": ("payment_a1", "クレジットカード決済"), "cod": ("payment_d1", "商品代引"), "bank": ("payment_b1", "銀行振込"),
    "convenience": ("payment_a8", "コンビニ決済（番号端末式）"), "wallet": ("payment_a17", "PayPay残高払い"),
    "deferred": ("payment_a19", "ゆっくり払い"),
}  # fmt: skip
SLOTS = {
    "": "",
    "am": "午前中",
    "1416": "14:00-16:00",
    "1618": "16:00～18:00",
    "1820": "18:00-20:00",
    "1921": "19:00～21:00",
}
STATUSES = {"hold": "3", "cancelled": "4", "shipped": "5"}


def files(
    sales: Sequence[Sale], *, orders: Sequence[str] = ORDERS, items: Sequence[str] = ITEMS, **how: Any
) -> dict[str, bytes]:
    """The item file first, as a clerk may give them in any order."""
    lines = [row for sale in sales for row in item_rows(sale)]
    return {
        "items.csv": csv_file(items, lines, **how),
        "orders.csv": csv_file(orders, [order_row(sale) for sale in sales], **how),
    }


def order_row(sale: Sale) -> dict[str, object]:
    code, name = PAYS[sale.pay]
    moment = sale.at.strftime("%Y/%m/%d %H:%M:%S")
    return {
        "OrderId": sale.number, "Id": f"mihon-store-{sale.number}", "DeviceType": "1", "OrderTime": moment,
        "OrderStatus": STATUSES.get(sale.status, "2"), "PayStatus": "1" if sale.settled else "0",
        "ShipStatus": "3" if sale.status == "shipped" else "1", "ShipMethod": "postage1", "ShipMethodName": "宅配便（ヤマト運輸）",
        "ShipRequestDate": sale.on.strftime("%Y%m%d") if sale.on else "", "ShipRequestTime": SLOTS[sale.slot],
        "ShipCompanyCode": "1001", "PayMethod": code, "PayMethodName": name, "PayDate": moment if sale.settled else "",
        "ShipDate": moment[:10] if sale.status == "shipped" else "", "BuyerComments": sale.note, "ShipCharge": sale.shipping,
        "PayCharge": sale.cod_fee + sale.fee, "GiftWrapCharge": sale.wrapping, "Discount": sale.coupon, "Adjustments": 0,
        "UsePoint": sale.points, "TotalMallCouponDiscount": sale.mall_coupon, "Total": sale.total, "TotalPrice": sale.total,
        "SettleAmount": sale.total, "QuantityDetail": sale.pieces,
    } | _person("Ship", sale.to) | _person("Bill", sale.buyer) | {"BillMailAddress": sale.buyer.email}  # fmt: skip


def _person(who: str, person: Person) -> dict[str, object]:
    return {
        f"{who}Name": person.name, f"{who}LastName": person.last, f"{who}FirstName": person.first,
        f"{who}NameKana": person.kana, f"{who}LastNameKana": person.last_kana, f"{who}FirstNameKana": person.first_kana,
        f"{who}ZipCode": person.zip_hyphen, f"{who}Prefecture": person.prefecture, f"{who}City": person.city,
        f"{who}Address1": person.street, f"{who}Address2": person.building, f"{who}PhoneNumber": person.phone,
        f"{who}Section1Field": "会社名", f"{who}Section1Value": person.company,
    }  # fmt: skip


def item_rows(sale: Sale) -> list[dict[str, object]]:
    return [_item(sale, line, at) for at, line in enumerate(sale.lines, 1)]


def _item(sale: Sale, line: Sold, at: int) -> dict[str, object]:
    return {
        "OrderId": sale.number, "LineId": at, "ItemId": line.code, "SubCode": "", "Title": line.name,
        "SubCodeOption": line.options, "UnitPrice": line.price, "OriginalPrice": line.price, "Quantity": line.quantity,
        "LineSubTotal": line.amount, "ItemTaxRatio": line.rate, "Jan": line.jan, "CouponDiscount": 0, "Condition": "0",
    }  # fmt: skip
