"""What the shop hears of (出来事). Late or twice does no harm."""

from __future__ import annotations

from akinai.core import events
from akinai.orders.services import subscriptions


def register() -> None:
    """Called from AppConfig.ready."""
    events.on("order.cancelled")(on_cancelled)


def on_cancelled(*, order_id: int) -> None:
    """定期便 whose first order was cancelled before a second one came has not begun."""
    subscriptions.end_begun_by(order_id, reason="はじめのご注文の取消")
