"""Amazon order reports → frozen rows. Both reports share most columns; what is absent stays empty.

未出荷レポート: 32 columns in Japan. 新規注文レポート adds currency, item-price, item-tax, shipping-price and so on.
"""

from __future__ import annotations

from dataclasses import dataclass

from akinai.adapters.channels.words import ParsedRow, column


@dataclass(frozen=True, slots=True)
class AmazonRow(ParsedRow):
    """One order item."""

    order_no: str = column("order-id", required=True)
    line_id: str = column("order-item-id", required=True)
    purchased_at: str = column("purchase-date", required=True)
    paid_at: str = column("payments-date")
    reported_at: str = column("reporting-date")
    buyer_email: str = column("buyer-email")
    buyer_name: str = column("buyer-name")
    buyer_company: str = column("buyer-company-name")
    buyer_phone: str = column("buyer-phone-number")
    sku: str = column("sku", required=True)
    name: str = column("product-name", required=True)
    quantity: str = column("quantity-purchased", required=True)
    shipped: str = column("quantity-shipped")
    to_ship: str = column("quantity-to-ship")
    service: str = column("ship-service-level")
    ship_name: str = column("recipient-name", required=True)
    ship_address1: str = column("ship-address-1", required=True)
    ship_address2: str = column("ship-address-2")
    ship_address3: str = column("ship-address-3")
    ship_city: str = column("ship-city")
    ship_prefecture: str = column("ship-state", required=True)
    ship_zip: str = column("ship-postal-code", required=True)
    ship_country: str = column("ship-country")
    ship_phone: str = column("ship-phone-number")
    payment: str = column("payment-method")
    cod_amount: str = column("cod-collectible-amount")
    paid_already: str = column("already-paid")
    payment_fee: str = column("payment-method-fee")
    delivery_from: str = column("scheduled-delivery-start-date", "delivery-start-date")
    delivery_to: str = column("scheduled-delivery-end-date", "delivery-end-date")
    instructions: str = column("delivery-instructions")
    currency: str = column("currency")
    item_price: str = column("item-price")
    item_tax: str = column("item-tax")
    shipping_price: str = column("shipping-price")
    shipping_tax: str = column("shipping-tax")
    wrap_price: str = column("gift-wrap-price")
    gift_wrap: str = column("gift-wrap-type")
    gift_message: str = column("gift-message-text")
    cod_fee: str = column("cod-fee")
    item_discount: str = column("item-promotion-discount")
    ship_discount: str = column("ship-promotion-discount")


LINE_COLUMNS = frozenset(("points-granted", "promise-date", "days-past-promise", "reporting-date"))
TELLS = frozenset(("order-id", "order-item-id", "product-name", "recipient-name"))
