"""変更の影響: papers that are out for an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from akinai.billing import queries
from akinai.core.money import yen
from akinai.orders.preview_ports import GOODS, MONEY, Consequence

if TYPE_CHECKING:
    from akinai.orders.models import Order


def of_order(order: Order) -> list[Consequence]:
    """請求書 that is out: another amount wants a credit note or another paper in its place."""
    invoice = queries.current(order.pk)
    if invoice is None:
        return []
    text = (
        f"請求書 {invoice.number}（{yen(invoice.total_yen)}）を発行済みです。金額や明細を変えたら、"
        "訂正した請求書を出すか、返還請求書を発行してください。"
    )
    return [
        Consequence(text, frozenset({MONEY, GOODS}), "warn", reverse("billing:detail", args=[invoice.number]))
    ]
