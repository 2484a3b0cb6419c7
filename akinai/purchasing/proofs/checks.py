"""What must never be found among mismatches (不一致の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "goods_of_open_mismatches_are_held_back",
        title="未解決の不一致の商品は保留にある",
        rows="SELECT count(*) FROM purchasing_discrepancy WHERE state = 'open' AND held > 0",
        broken="""
            SELECT s.code AS sku, sum(d.held) AS must_be_held, coalesce(max(l.on_hand), 0) AS in_hold
            FROM purchasing_discrepancy d JOIN catalog_sku s ON s.id = d.sku_id
            LEFT JOIN (
              SELECT l.sku_id, sum(l.on_hand) AS on_hand FROM stock_stocklevel l
              JOIN stock_location p ON p.id = l.location_id AND p.kind = 'hold' GROUP BY 1
            ) l ON l.sku_id = d.sku_id
            WHERE d.state = 'open' AND d.held > 0 GROUP BY s.code HAVING sum(d.held) > coalesce(max(l.on_hand), 0)
        """,
    )
    proofs.register(
        "settled_mismatches_moved_their_goods",
        title="解決した不一致の商品は、決めたところへ動いている",
        rows="SELECT count(*) FROM purchasing_discrepancy WHERE state = 'settled' AND held > 0",
        broken="""
            SELECT d.number, d.goods, d.held, coalesce(sum(e.quantity) FILTER (WHERE p.kind = 'hold'), 0) AS left_hold,
              coalesce(sum(e.quantity) FILTER (WHERE p.kind <> 'hold'), 0) AS to_shelf
            FROM purchasing_discrepancy d LEFT JOIN stock_stockentry e ON e.reference = d.number
            LEFT JOIN stock_location p ON p.id = e.location_id
            WHERE d.state = 'settled' AND d.held > 0 GROUP BY d.id
            HAVING coalesce(sum(e.quantity) FILTER (WHERE p.kind = 'hold'), 0) <> -d.held
              OR coalesce(sum(e.quantity) FILTER (WHERE p.kind <> 'hold'), 0) <> CASE d.goods WHEN 'shelf' THEN d.held ELSE 0 END
        """,
    )
    proofs.register(
        "posted_receipts_hold_back_what_their_mismatches_say",
        title="入荷のときに保留した数は不一致の数と同じ",
        rows="SELECT count(*) FROM stock_stockentry WHERE key LIKE 'GR-%/hold'",
        broken="""
            SELECT r.number, l.line_no, coalesce(e.quantity, 0) AS held, coalesce(d.held, 0) AS mismatches
            FROM purchasing_goodsreceiptline l JOIN purchasing_goodsreceipt r ON r.id = l.receipt_id AND r.state = 'posted'
            LEFT JOIN stock_stockentry e ON e.key = r.number || '/' || l.line_no || '/hold'
            LEFT JOIN (
              SELECT receipt_line_id, sum(held) AS held FROM purchasing_discrepancy WHERE state <> 'void' GROUP BY 1
            ) d ON d.receipt_line_id = l.id
            WHERE coalesce(e.quantity, 0) <> coalesce(d.held, 0)
        """,
    )
