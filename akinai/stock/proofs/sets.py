"""What must never be found in sets (セットの検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "sets_have_parts_and_no_stock",
        title="セット商品には中身があり、それ自身の在庫はない",
        rows="SELECT count(*) FROM catalog_sku WHERE is_set",
        broken="""
            SELECT s.code AS sku, s.is_set, count(p.id) AS parts,
              (SELECT coalesce(sum(abs(l.on_hand) + l.reserved), 0) FROM stock_stocklevel l WHERE l.sku_id = s.id) AS pieces
            FROM catalog_sku s LEFT JOIN catalog_setpart p ON p.set_sku_id = s.id GROUP BY s.id
            HAVING s.is_set <> (count(p.id) > 0) OR s.is_set AND (
              EXISTS (SELECT FROM stock_stocklevel l WHERE l.sku_id = s.id AND (l.on_hand <> 0 OR l.reserved <> 0))
              OR EXISTS (SELECT FROM catalog_setpart o WHERE o.part_sku_id = s.id)
              OR EXISTS (SELECT FROM stock_reservation r WHERE r.sku_id = s.id AND r.state = 'active'))
        """,
    )
    proofs.register(
        "parts_of_a_line_make_whole_sets",
        title="セットの明細は、中身をどれも同じ数のセット分だけ引当て、いっしょに出荷する",
        rows="SELECT count(DISTINCT reference) FROM stock_reservation WHERE set_sku_id IS NOT NULL",
        broken="""
            SELECT reference, array_agg(DISTINCT state) AS states, array_agg(wanted / per_set) AS sets
            FROM stock_reservation WHERE set_sku_id IS NOT NULL AND state <> 'released' GROUP BY reference
            HAVING count(DISTINCT (state, set_sku_id, wanted::numeric / per_set)) > 1 OR bool_or(wanted % per_set <> 0)
        """,
    )
