"""棚卸の検証: what was posted is what was counted, beside the book of that moment."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "counts_were_compared_with_their_book",
        title="棚卸の帳簿の数は、数えた時までの入出庫の合計",
        rows="SELECT count(*) FROM stock_stocktakeline WHERE counted IS NOT NULL",
        broken="""
            SELECT t.number, s.code AS sku, l.book, e.total AS ledger FROM stock_stocktakeline l
            JOIN stock_stocktake t ON t.id = l.stocktake_id JOIN catalog_sku s ON s.id = l.sku_id
            CROSS JOIN LATERAL (
              SELECT coalesce(sum(quantity), 0) AS total FROM stock_stockentry e
              WHERE e.sku_id = l.sku_id AND e.location_id = t.location_id AND e.id <= l.after_entry
                AND (l.lot_id IS NULL OR e.lot_id = l.lot_id)
            ) e
            WHERE l.counted IS NOT NULL AND l.book <> e.total
        """,
    )
    proofs.register(
        "posted_counts_are_in_the_ledger",
        title="計上した棚卸の差は、入出庫台帳に 1 回だけある",
        rows="SELECT count(*) FROM stock_stocktakeline l JOIN stock_stocktake t ON t.id = l.stocktake_id WHERE t.state = 'posted'",
        broken="""
            SELECT t.number, s.code AS sku, t.state, l.difference, coalesce(e.total, 0) AS ledger
            FROM (SELECT stocktake_id, sku_id, coalesce(sum(counted - book), 0) AS difference
                  FROM stock_stocktakeline GROUP BY 1, 2) l
            JOIN stock_stocktake t ON t.id = l.stocktake_id JOIN catalog_sku s ON s.id = l.sku_id
            LEFT JOIN (SELECT reference, sku_id, location_id, sum(quantity) AS total FROM stock_stockentry
                       WHERE reference LIKE 'ST-%' GROUP BY 1, 2, 3) e
              ON e.reference = t.number AND e.sku_id = l.sku_id AND e.location_id = t.location_id
            WHERE coalesce(e.total, 0) <> CASE t.state WHEN 'posted' THEN l.difference ELSE 0 END
        """,
    )
    # What a lot no longer held leaves from the next ones (':rest'); all else moves in the lot that was counted.
    proofs.register(
        "counts_of_a_lot_moved_that_lot",
        title="ロットごとに数えた差は、そのロットに計上した",
        rows="SELECT count(*) FROM stock_stocktakeline WHERE lot_id IS NOT NULL",
        broken="""
            SELECT t.number, s.code AS sku, o.code AS lot, l.counted - l.book AS difference, coalesce(e.total, 0) AS ledger
            FROM stock_stocktakeline l JOIN stock_stocktake t ON t.id = l.stocktake_id AND t.state = 'posted'
            JOIN catalog_sku s ON s.id = l.sku_id JOIN stock_lot o ON o.id = l.lot_id
            LEFT JOIN LATERAL (
              SELECT sum(quantity) AS total,
                bool_or(e.key = t.number || '/' || l.id AND e.lot_id IS DISTINCT FROM l.lot_id) AS is_other
              FROM stock_stockentry e WHERE e.reference = t.number AND e.kind = 'count'
                AND split_part(split_part(e.key, '#', 1), ':', 1) = t.number || '/' || l.id
            ) e ON true
            WHERE coalesce(e.total, 0) <> coalesce(l.counted - l.book, 0) OR coalesce(e.is_other, false)
        """,
    )
