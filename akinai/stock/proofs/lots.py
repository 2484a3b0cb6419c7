"""ロットの検証: lots add up to the levels."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "lot_levels_match_the_ledger",
        title="ロットの在庫数は入出庫の合計と同じ",
        rows="SELECT count(*) FROM stock_lotlevel",
        broken="""
            SELECT s.code AS sku, t.code AS lot, coalesce(l.on_hand, 0) AS on_hand, coalesce(e.total, 0) AS ledger
            FROM (SELECT lot_id, location_id, sum(quantity) AS total FROM stock_stockentry WHERE lot_id IS NOT NULL GROUP BY 1, 2) e
            FULL JOIN stock_lotlevel l USING (lot_id, location_id)
            JOIN stock_lot t ON t.id = lot_id JOIN catalog_sku s ON s.id = t.sku_id
            WHERE coalesce(l.on_hand, 0) <> coalesce(e.total, 0)
        """,
    )
    proofs.register(
        "lots_add_up_to_the_levels",
        title="ロットを管理する商品の在庫数は、ロットの合計と同じ",
        rows="SELECT count(*) FROM catalog_sku WHERE tracks_lots",
        broken="""
            SELECT s.code AS sku, p.code AS place, l.on_hand, coalesce(v.on_hand, 0) AS in_lots
            FROM stock_stocklevel l JOIN catalog_sku s ON s.id = l.sku_id AND s.tracks_lots
            JOIN stock_location p ON p.id = l.location_id
            LEFT JOIN (SELECT t.sku_id, v.location_id, sum(v.on_hand) AS on_hand FROM stock_lotlevel v
                       JOIN stock_lot t ON t.id = v.lot_id GROUP BY 1, 2) v USING (sku_id, location_id)
            WHERE l.on_hand <> coalesce(v.on_hand, 0)
        """,
    )
