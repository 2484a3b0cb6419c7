"""変更の影響: 決済 that holds the buyer's money for an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from akinai.core.money import yen
from akinai.orders.preview_ports import MONEY, Consequence
from akinai.payments import queries

if TYPE_CHECKING:
    from akinai.orders.models import Order

HOLDING = ("requested", "authorised", "captured", "partly_refunded")


def of_order(order: Order) -> list[Consequence]:
    """与信・決済 of another amount than the order asks for now."""
    return [
        Consequence(
            f"決済 {one.number} は {yen(one.amount_yen)}（{one.get_state_display()}）です。請求金額 {yen(order.total_yen)} と"
            "違うときは、決済会社の画面で金額の変更か返金をしてください。",
            frozenset({MONEY}),
        )
        for one in queries.requests_of(order.pk)
        if one.state in HOLDING and one.amount_yen - one.refunded_yen != order.total_yen
    ]
