"""What must never be found in the catalogue (商品の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "prices_match_their_history",
        title="販売価格と原価は価格履歴の最後と同じ",
        rows="SELECT count(*) FROM catalog_sku",
        broken="""
            SELECT s.code AS sku, s.price_yen, s.cost, h.price_yen AS history_price, h.cost AS history_cost
            FROM catalog_sku s LEFT JOIN LATERAL (
              SELECT price_yen, cost FROM catalog_pricechange p WHERE p.sku_id = s.id ORDER BY p.id DESC LIMIT 1
            ) h ON true
            WHERE (s.price_yen, s.cost) IS DISTINCT FROM (h.price_yen, h.cost)
        """,
    )
    proofs.register(
        "products_have_skus",
        title="商品にはSKUがある",
        rows="SELECT count(*) FROM catalog_product",
        broken="""
            SELECT p.number, p.code FROM catalog_product p
            WHERE NOT EXISTS (SELECT FROM catalog_sku s WHERE s.product_id = p.id)
        """,
    )
