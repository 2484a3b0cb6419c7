"""関連商品: bought together with it lately, then of the same category. One query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from akinai.catalog import public
from akinai.catalog.public import CARD, LOW

if TYPE_CHECKING:
    from akinai.catalog.models import Product

ORDERS = 300  # the latest orders of it say enough
RELATED = f"""
WITH mine AS (
  SELECT l.order_id FROM orders_orderline l JOIN catalog_sku s ON s.id = l.sku_id
  WHERE s.product_id = %(product)s ORDER BY l.id DESC LIMIT %(orders)s
), together AS (
  SELECT s.product_id, count(DISTINCT l.order_id) AS times FROM orders_orderline l JOIN catalog_sku s ON s.id = l.sku_id
  WHERE l.order_id IN (SELECT order_id FROM mine) AND s.product_id <> %(product)s GROUP BY 1 ORDER BY 2 DESC LIMIT 30
), beside AS (
  SELECT id FROM catalog_product
  WHERE category_id = %(category)s AND status = 'active' AND is_public AND id <> %(product)s
  ORDER BY sold_lately DESC, id DESC LIMIT 30
)
SELECT {CARD} FROM (SELECT product_id, times FROM together UNION ALL SELECT id, 0 FROM beside
  WHERE id NOT IN (SELECT product_id FROM together)) t
JOIN catalog_product p ON p.id = t.product_id AND p.status = 'active' AND p.is_public
{LOW}
ORDER BY (p.category_id IS NOT DISTINCT FROM %(category)s) DESC, t.times DESC, p.sold_lately DESC, p.id DESC
LIMIT %(count)s
"""


def related(product: Product, count: int = 6) -> list[Product]:
    """Other public products to show below this one, the likeliest first."""
    told = {"product": product.pk, "category": product.category_id, "orders": ORDERS, "count": count}
    return public.asked(RELATED, told)
