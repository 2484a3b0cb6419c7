"""Amazon's two order reports from sales: tab-separated, unquoted, one row per item, times with an offset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from akinai.adapters.channels.amazon.writer import HEADER as UNSHIPPED
from akinai.adapters.channels.tests.files import plain_tsv
from akinai.adapters.channels.tests.truth import Sale, Sold

NEW_ORDERS = (
    "order-id", "order-item-id", "purchase-date", "payments-date", "buyer-email", "buyer-name", "buyer-phone-number", "sku",
    "product-name", "quantity-purchased", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "ship-service-level", "recipient-name", "ship-address-1", "ship-address-2", "ship-address-3", "ship-city", "ship-state",
    "ship-postal-code", "ship-country", "ship-phone-number", "item-promotion-discount", "item-promotion-id",
    "ship-promotion-discount", "ship-promotion-id", "delivery-start-date", "delivery-end-date", "delivery-time-zone",
    "delivery-Instructions", "payment-method", "is-business-order", "purchase-order-number", "price-designation",
)  # fmt: skip
PAYS = {"card": "Other", "cod": "COD", "convenience": "CVS"}
HOURS = {"am": (8, 12)} | {f"{a}{b}": (a, b) for a, b in ((14, 16), (16, 18), (18, 20), (19, 21))}


def unshipped(sales: Sequence[Sale], *, header: Sequence[str] = UNSHIPPED, **how: Any) -> bytes:
    return plain_tsv(header, rows(sales), **how)


def new_orders(sales: Sequence[Sale], *, header: Sequence[str] = NEW_ORDERS, **how: Any) -> bytes:
    return plain_tsv(header, rows(sales), **how)


def rows(sales: Sequence[Sale]) -> list[dict[str, object]]:
    return [row for nth, sale in enumerate(sales, 1) for row in order_rows(sale, nth)]


def order_rows(sale: Sale, nth: int = 1) -> list[dict[str, object]]:
    shared = _order(sale)
    made = [shared | _item(line, nth * 1000 + at) for at, line in enumerate(sale.lines)]
    made[0] |= {
        "shipping-price": sale.shipping, "shipping-tax": sale.shipping * 10 // 110,
        "item-promotion-discount": -sale.coupon if sale.coupon else 0,
        "cod-collectible-amount": sale.total if sale.pay == "cod" else "",
        "payment-method-fee": sale.cod_fee if sale.pay == "cod" else "",
    }  # fmt: skip
    return made


def _order(sale: Sale) -> dict[str, object]:
    moment = sale.at.isoformat()
    start, end = _window(sale)
    return {
        "order-id": sale.number, "purchase-date": moment, "payments-date": moment if sale.settled else "",
        "reporting-date": moment, "promise-date": (sale.at + timedelta(days=2)).isoformat(), "days-past-promise": "-2",
        "buyer-email": "x1y2z3@marketplace.amazon.co.jp", "buyer-name": sale.buyer.name,
        "buyer-phone-number": sale.buyer.phone, "ship-service-level": "Std JP Dom_1", "recipient-name": sale.to.name,
        "ship-address-1": sale.to.city + sale.to.street, "ship-address-2": sale.to.building, "ship-city": "",
        "ship-state": sale.to.prefecture, "ship-postal-code": sale.to.zip_hyphen, "ship-country": "JP",
        "ship-phone-number": sale.to.phone, "payment-method": PAYS[sale.pay], "already-paid": "", "currency": "JPY",
        "scheduled-delivery-start-date": start, "scheduled-delivery-end-date": end, "delivery-start-date": start,
        "delivery-end-date": end, "points-granted": "12", "is-prime": "false", "is-business-order": "false",
        "delivery-time-zone": "Asia/Tokyo", "verge-of-cancellation": "false", "verge-of-lateShipment": "false",
    }  # fmt: skip


def _window(sale: Sale) -> tuple[str, str]:
    if sale.on is None:
        return "", ""
    start, end = HOURS.get(sale.slot, (8, 21))
    day = datetime(sale.on.year, sale.on.month, sale.on.day, tzinfo=sale.at.tzinfo)
    return day.replace(hour=start).isoformat(), day.replace(hour=end).isoformat()


def _item(line: Sold, item_id: int) -> dict[str, object]:
    return {
        "order-item-id": f"{30_000_000_000_000 + item_id}", "sku": line.code, "product-name": line.name,
        "quantity-purchased": line.quantity, "quantity-shipped": 0, "quantity-to-ship": line.quantity,
        "item-price": line.amount, "item-tax": line.amount * line.rate // (100 + line.rate),
    }  # fmt: skip
