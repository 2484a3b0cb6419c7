"""An Amazon 未出荷レポート from drafts (32 columns, tab-separated, CP932), for the demo shop, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

from akinai.adapters.channels.words.times import TOKYO
from akinai.adapters.channels.words.writing import local, tsv_bytes
from akinai.orders.ports import LineDraft, OrderDraft

HEADER = (
    "order-id", "order-item-id", "purchase-date", "payments-date", "reporting-date", "promise-date", "days-past-promise",
    "buyer-email", "buyer-name", "buyer-phone-number", "sku", "product-name", "quantity-purchased", "quantity-shipped",
    "quantity-to-ship", "ship-service-level", "recipient-name", "ship-address-1", "ship-address-2", "ship-address-3",
    "ship-city", "ship-state", "ship-postal-code", "ship-country", "payment-method", "cod-collectible-amount",
    "already-paid", "payment-method-fee", "scheduled-delivery-start-date", "scheduled-delivery-end-date",
    "points-granted", "is-prime",
)  # fmt: skip
_HOURS = {"am": (8, 12)} | {
    code: (int(code[:2]), int(code[2:])) for code in ("1214", "1416", "1618", "1820", "1921")
}


def write(orders: Sequence[OrderDraft]) -> bytes:
    """The report for these orders: no prices. Only what is still to be shipped belongs there."""
    rows = (row for order in orders for row in _rows(order))
    return tsv_bytes(HEADER, rows, encoding="cp932")


def _rows(order: OrderDraft) -> Iterable[dict[str, str | int]]:
    shared = _order(order)
    for number, line in enumerate(order.lines):
        cells = shared | _line(line)
        if number or order.payment != "cod":
            cells |= {"cod-collectible-amount": "", "payment-method-fee": ""}
        yield cells


def _order(order: OrderDraft) -> dict[str, str | int]:
    moment, to = local(order.ordered_at).isoformat(), order.ship_to
    start, end = _window(order)
    return {
        "order-id": order.channel_order_no,
        "purchase-date": moment,
        "payments-date": local(order.paid_at).isoformat() if order.paid_at else "",
        "reporting-date": moment,
        "buyer-email": order.buyer.email,
        "buyer-name": order.buyer.name,
        "buyer-phone-number": order.buyer.phone or to.phone,
        "ship-service-level": order.delivery_method,
        "recipient-name": to.name,
        "ship-address-1": to.city + to.line1,
        "ship-address-2": to.line2,
        "ship-state": to.prefecture,
        "ship-postal-code": f"{to.postal_code[:3]}-{to.postal_code[3:]}",
        "ship-country": to.country,
        "payment-method": order.payment_label,
        "cod-collectible-amount": order.total_yen,
        "payment-method-fee": order.cod_fee_yen,
        "scheduled-delivery-start-date": start,
        "scheduled-delivery-end-date": end,
        "is-prime": "false",
    }


def _line(line: LineDraft) -> dict[str, str | int]:
    return {
        "order-item-id": line.channel_line_no,
        "sku": line.sku_code,
        "product-name": line.name,
        "quantity-purchased": line.quantity,
        "quantity-shipped": "0",
        "quantity-to-ship": line.quantity,
    }


def _window(order: OrderDraft) -> tuple[str, str]:
    if order.delivery_on is None:
        return "", ""
    start, end = _HOURS.get(order.delivery_slot, (8, 21))
    days = [datetime.combine(order.delivery_on, time(hour), TOKYO) for hour in (start, end)]
    return days[0].isoformat(), days[1].isoformat()
