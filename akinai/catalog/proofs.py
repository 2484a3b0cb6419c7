"""What must never be found in the catalogue (商品の検証)."""

from __future__ import annotations

from akinai.catalog.services.completeness import COMPUTED, THINGS
from akinai.core import proofs


def register() -> None:
    proofs.register(
        "prices_match_their_history",
        title="販売価格と原価は価格履歴の最後と同じ",
        rows="SELECT count(*) FROM catalog_sku",
        broken="""
            SELECT s.code AS sku, s.price_yen, s.cost, s.list_price_yen, h.price_yen AS history_price,
                   h.cost AS history_cost, h.list_price_yen AS history_list_price
            FROM catalog_sku s LEFT JOIN LATERAL (
              SELECT price_yen, list_price_yen, cost FROM catalog_pricechange p WHERE p.sku_id = s.id ORDER BY p.id DESC LIMIT 1
            ) h ON true
            WHERE (s.price_yen, s.cost, s.list_price_yen) IS DISTINCT FROM (h.price_yen, h.cost, h.list_price_yen)
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
    proofs.register(
        "variants_say_their_values",
        title="バリエーションの言葉・組み合わせの印は、軸の値と同じ",
        rows="SELECT count(*) FROM catalog_sku s WHERE EXISTS (SELECT FROM catalog_productoption o WHERE o.product_id = s.product_id)",
        broken=r"""
            SELECT s.code AS sku, s.variant, k.words, s.option_key, k.key
            FROM catalog_sku s
            LEFT JOIN LATERAL (
              SELECT string_agg(v.name, ' / ' ORDER BY o.position, o.id) AS words, count(*) AS filled,
                     string_agg(v.id::text, ',' ORDER BY o.id) AS key
              FROM catalog_skuvalue sv JOIN catalog_optionvalue v ON v.id = sv.value_id
              JOIN catalog_productoption o ON o.id = sv.option_id WHERE sv.sku_id = s.id
            ) k ON true
            JOIN LATERAL (SELECT count(*) AS axes FROM catalog_productoption o WHERE o.product_id = s.product_id) a ON true
            WHERE coalesce(k.key, '') <> s.option_key
               OR (a.axes > 0 AND (s.is_active OR s.variant <> '') AND (
                    k.filled <> a.axes OR regexp_replace(s.variant, '\s*/\s*|\s+／\s+', ' / ', 'g') <> k.words))
        """,
    )
    proofs.register(
        "completeness_is_counted",
        title="登録の完成度は、いま数え直しても同じ",
        rows="SELECT count(*) FROM catalog_product",
        broken=f"""
            SELECT p.number, p.completeness, p.lacking, c.lacking AS counted
            FROM ({COMPUTED}) c JOIN catalog_product p USING (id)
            WHERE p.lacking <> c.lacking OR p.completeness <> 100 - {100 // THINGS} * cardinality(c.lacking)
        """,
    )
    proofs.register(
        "lowest_prices_are_of_skus",
        title="最低価格は、売っているSKUの一番安い価格と同じ",
        rows="SELECT count(*) FROM catalog_product",
        broken="""
            SELECT p.number, l.price_yen AS kept_yen, s.low AS lowest_yen
            FROM catalog_product p LEFT JOIN catalog_lowestprice l ON l.product_id = p.id
            LEFT JOIN (
              SELECT product_id, min(price_yen) AS low FROM catalog_sku WHERE is_active AND NOT needs_review AND price_yen > 0 GROUP BY 1
            ) s ON s.product_id = p.id
            WHERE l.price_yen IS DISTINCT FROM s.low OR l.product_id IS NULL
        """,
    )
