"""Shopify の注文エクスポート: 79 columns, UTF-8. The first row of an order has its totals, later rows only a line.

Prices with tax inside or on top, one or several tax rates, line and order discounts; yen only.
"""

from __future__ import annotations

from akinai.adapters.channels.shopify.mapping import ShopifyFormat

__all__ = ["ShopifyFormat"]
