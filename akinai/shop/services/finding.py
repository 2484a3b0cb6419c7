"""ご注文を探す: an order of our own shop, for who knows its number and the mail address it was placed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from akinai.orders import queries as order_queries
from akinai.shop.reckoning import CHANNEL

if TYPE_CHECKING:
    from akinai.orders.models import Order


def find(number: str, email: str) -> Order | None:
    """ご注文を探す by number and mail, of our own shop only. One query whether there is one or not."""
    key, address = number.strip().upper()[:80], email.strip().casefold()
    rows = order_queries.named([key]) if key and address else []
    mine = [one for one in rows if one.channel.code == CHANNEL[0] and one.buyer_email.casefold() == address]
    return mine[0] if mine else None
