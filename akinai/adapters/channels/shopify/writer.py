"""A Shopify orders export from drafts (79 columns, UTF-8), as the demo shop, tests and benchmarks need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from akinai.adapters.channels.words.places import PREFECTURES
from akinai.adapters.channels.words.writing import csv_bytes, local
from akinai.orders.ports import Address, LineDraft, OrderDraft

HEADER = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing", "Currency",
    "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at",
    "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku",
    "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip", "Billing Province",
    "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping Address2",
    "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone",
    "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source",
    "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name", "Tax 2 Value", "Tax 3 Name", "Tax 3 Value",
    "Tax 4 Name", "Tax 4 Value", "Tax 5 Name", "Tax 5 Value", "Phone", "Receipt Number", "Duties",
    "Billing Province Name", "Shipping Province Name", "Payment ID", "Payment Terms Name", "Next Payment Due At",
    "Payment References",
)  # fmt: skip
Cells = dict[str, str | int]


def write(orders: Sequence[OrderDraft]) -> bytes:
    """The file for these orders. Kana, points and fees have no column there and are left out."""
    rows = (row for at, order in enumerate(orders, 1) for row in _rows(order, at))
    return csv_bytes(HEADER, rows, encoding="utf-8", newline="\n")


def _rows(order: OrderDraft, at: int) -> Iterable[Cells]:
    short: Cells = {"Name": order.channel_order_no, "Email": order.buyer.email, "Created at": _moment(order)}
    head = short | _order(order, at) | _address("Billing", order.buyer) | _address("Shipping", order.ship_to)
    for number, line in enumerate(order.lines):
        yield (short if number else head) | _line(line, order)


def _moment(order: OrderDraft) -> str:
    return local(order.ordered_at).strftime("%Y-%m-%d %H:%M:%S %z")


def _order(order: OrderDraft, at: int) -> Cells:
    is_sent = order.mall_status in ("shipped", "returned")
    taxes = {f"Tax {no} {word}": cell for no, tax in enumerate(order.taxes, 1)
             for word, cell in (("Name", f"CT {tax.rate}%"), ("Value", _yen(tax.tax_yen)))}  # fmt: skip
    return {
        "Financial Status": _financial(order),
        "Paid at": local(order.paid_at).strftime("%Y-%m-%d %H:%M:%S %z") if order.paid_at else "",
        "Fulfillment Status": "fulfilled"
        if is_sent
        else "on_hold"
        if order.mall_status == "hold"
        else "unfulfilled",
        "Fulfilled at": f"{order.shipped_on} 12:00:00 +0900" if order.shipped_on else "",
        "Accepts Marketing": "no",
        "Currency": "JPY",
        "Subtotal": _yen(order.goods_yen - order.discount_yen),
        "Shipping": _yen(order.shipping_yen),
        "Taxes": _yen(sum(tax.tax_yen for tax in order.taxes)),
        "Total": _yen(order.total_yen),
        "Discount Amount": _yen(order.discount_yen),
        "Shipping Method": order.delivery_method,
        "Notes": order.customer_note,
        "Note Attributes": _attributes(order),
        "Cancelled at": _moment(order) if order.mall_status == "cancelled" else "",
        "Payment Method": order.payment_label,
        "Id": 5_000_000_000 + at,
        "Risk Level": "Low",
        "Source": "web",
        **taxes,
    }


def _financial(order: OrderDraft) -> str:
    if order.mall_status == "returned":
        return "refunded"
    return "paid" if order.payment_settled else "pending"


def _attributes(order: OrderDraft) -> str:
    wishes = {
        "配送希望日": order.delivery_on,
        "配送時間帯": _slot(order.delivery_slot),
        "のし": order.gift_note,
    }
    return "\n".join(f"{name}: {value}" for name, value in wishes.items() if value)


def _slot(code: str) -> str:
    return "午前中" if code == "am" else f"{code[:2]}:00-{code[2:]}:00" if code else ""


def _address(who: str, address: Address) -> Cells:
    state = f"JP-{PREFECTURES.index(address.prefecture) + 1:02d}" if address.prefecture in PREFECTURES else ""
    return {
        f"{who} Name": address.name,
        f"{who} Street": f"{address.line1}, {address.line2}" if address.line2 else address.line1,
        f"{who} Address1": address.line1,
        f"{who} Address2": address.line2,
        f"{who} Company": address.company,
        f"{who} City": address.city,
        f"{who} Zip": f"'{address.postal_code}"
        if address.postal_code.startswith("0")
        else address.postal_code,
        f"{who} Province": state,
        f"{who} Province Name": address.prefecture,
        f"{who} Country": address.country,
        f"{who} Phone": address.phone,
    }


def _line(line: LineDraft, order: OrderDraft) -> Cells:
    return {
        "Lineitem quantity": line.quantity,
        "Lineitem name": line.name,
        "Lineitem price": _yen(line.unit_price_yen),
        "Lineitem sku": line.sku_code,
        "Lineitem requires shipping": "true",
        "Lineitem taxable": "true" if line.tax_rate else "false",
        "Lineitem fulfillment status": "fulfilled" if order.mall_status == "shipped" else "pending",
        "Lineitem discount": "0",
        "Vendor": "見本商店",
    }


def _yen(amount: int) -> str:
    return f"{amount}"
