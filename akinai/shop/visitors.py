"""来店者 for the header of every public page: pieces in the cart by the signed cookie, without a query."""

from __future__ import annotations

from django.http import HttpRequest

from akinai.content.ports import Visitor
from akinai.shop import cookies
from akinai.shop.ports import buyer_of


def visitor(request: HttpRequest) -> Visitor:
    """Handler of `content.ports.keep_visitors`."""
    kept = cookies.read(request)
    buyer = buyer_of(request)
    return Visitor(kept.pieces if kept else 0, buyer.name if buyer else "")


def cart_key(request: HttpRequest) -> str:
    """カートの鍵 of this browser, for the measurement of pages; "" without a cart. No query."""
    kept = cookies.read(request)
    return kept.token.hex if kept else ""
