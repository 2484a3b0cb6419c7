"""What the shop hears of (出来事). Late or twice does no harm."""

from __future__ import annotations

from akinai.core import events
from akinai.orders.services import subscriptions
from akinai.shop.services import inquiries


def register() -> None:
    """Called from AppConfig.ready."""
    events.on("order.cancelled")(on_cancelled)
    events.on("support.ticket_solved")(on_solved)
    events.on("support.ticket_reopened")(on_reopened)


def on_solved(*, ticket_id: int, key: str) -> None:
    """The inquiry of a solved ticket is done."""
    inquiries.follow(key, is_solved=True)


def on_reopened(*, ticket_id: int, key: str) -> None:
    """The inquiry of a ticket that is not over after all is open again."""
    inquiries.follow(key, is_solved=False)


def on_cancelled(*, order_id: int) -> None:
    """定期便 whose first order was cancelled before a second one came has not begun."""
    subscriptions.end_begun_by(order_id, reason="はじめのご注文の取消")
