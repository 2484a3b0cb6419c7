"""Shopify orders export → frozen rows. Column names as the export writes them (2026, 79 columns)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from akinai.adapters.channels.words import ParsedRow, column


@dataclass(frozen=True, slots=True)
class ShopifyRow(ParsedRow):
    """One row: a line, and on the first row of an order the order itself."""

    one_of: ClassVar = (("ship_province", "ship_province_name"),)

    order_no: str = column("Name", required=True)
    email: str = column("Email")
    financial: str = column("Financial Status", required=True)
    paid_at: str = column("Paid at")
    fulfillment: str = column("Fulfillment Status", required=True)
    fulfilled_at: str = column("Fulfilled at")
    currency: str = column("Currency")
    subtotal: str = column("Subtotal", required=True)
    shipping: str = column("Shipping", required=True)
    taxes: str = column("Taxes", required=True)
    total: str = column("Total", required=True)
    discount: str = column("Discount Amount")
    shipping_method: str = column("Shipping Method")
    created_at: str = column("Created at", required=True)
    quantity: str = column("Lineitem quantity", required=True)
    name: str = column("Lineitem name", required=True)
    price: str = column("Lineitem price", required=True)
    sku: str = column("Lineitem sku", required=True)
    taxable: str = column("Lineitem taxable")
    line_discount: str = column("Lineitem discount")
    buyer_name: str = column("Billing Name")
    buyer_address1: str = column("Billing Address1")
    buyer_address2: str = column("Billing Address2")
    buyer_company: str = column("Billing Company")
    buyer_city: str = column("Billing City")
    buyer_zip: str = column("Billing Zip")
    buyer_province: str = column("Billing Province")
    buyer_country: str = column("Billing Country")
    buyer_phone: str = column("Billing Phone")
    ship_name: str = column("Shipping Name", required=True)
    ship_address1: str = column("Shipping Address1", required=True)
    ship_address2: str = column("Shipping Address2")
    ship_company: str = column("Shipping Company")
    ship_city: str = column("Shipping City", required=True)
    ship_zip: str = column("Shipping Zip", required=True)
    ship_province: str = column("Shipping Province")
    ship_country: str = column("Shipping Country")
    ship_phone: str = column("Shipping Phone")
    notes: str = column("Notes")
    attributes: str = column("Note Attributes")
    cancelled_at: str = column("Cancelled at")
    payment: str = column("Payment Method", required=True)
    refunded: str = column("Refunded Amount")
    risk: str = column("Risk Level")
    duties: str = column("Duties")
    tax1_name: str = column("Tax 1 Name")
    tax1: str = column("Tax 1 Value")
    tax2_name: str = column("Tax 2 Name")
    tax2: str = column("Tax 2 Value")
    tax3_name: str = column("Tax 3 Name")
    tax3: str = column("Tax 3 Value")
    phone: str = column("Phone")
    buyer_province_name: str = column("Billing Province Name")
    ship_province_name: str = column("Shipping Province Name")
    shopify_id: str = column("Id")


LINE_COLUMNS = frozenset(
    ("Lineitem compare at price", "Lineitem requires shipping", "Lineitem fulfillment status", "Vendor")
)
TELLS = frozenset(("Name", "Lineitem name"))
