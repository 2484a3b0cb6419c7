"""What must never be found at the receiving desk (仕入伝票の検証)."""

from __future__ import annotations

from akinai.core import proofs

POSTED = "('posted', 'reversed')"


def register() -> None:
    proofs.register(
        "posted_receipts_match_the_ledger",
        title="計上した仕入伝票は入出庫と同じ",
        rows=f"SELECT count(*) FROM purchasing_goodsreceipt WHERE state IN {POSTED}",
        broken=f"""
            SELECT r.number, r.state, l.line_no, l.quantity, coalesce(sum(s.quantity), 0) AS ledger
            FROM purchasing_goodsreceipt r JOIN purchasing_goodsreceiptline l ON l.receipt_id = r.id
            LEFT JOIN stock_stockentry s ON s.key IN (r.number || '/' || l.line_no, r.number || '/' || l.line_no || '/hold')
            LEFT JOIN stock_location p ON p.id = s.location_id
            LEFT JOIN stock_stockentry b ON b.reverses_id = s.id
            WHERE r.state IN {POSTED} GROUP BY r.id, l.id
            HAVING coalesce(sum(s.quantity), 0) <> l.quantity OR coalesce(bool_or(s.id IS NOT NULL AND (
              (s.sku_id, s.kind, s.unit_cost) IS DISTINCT FROM (l.sku_id, 'receipt', l.unit_cost)
              OR CASE WHEN s.key LIKE '%/hold' THEN p.kind <> 'hold' ELSE s.location_id <> r.location_id END
              OR (r.state = 'reversed') <> (b.id IS NOT NULL))), false)
        """,
    )
    proofs.register(
        "receipts_in_the_ledger_have_a_slip",
        title="入出庫の入荷には計上した仕入伝票がある",
        rows="SELECT count(*) FROM stock_stockentry WHERE reference ~ '^GR-[0-9]{4}-[0-9]+$'",
        broken=f"""
            SELECT e.reference, e.key, e.quantity FROM stock_stockentry e
            LEFT JOIN purchasing_goodsreceipt r ON r.number = e.reference AND r.state IN {POSTED}
            WHERE e.reference ~ '^GR-[0-9]{{4}}-[0-9]+$' AND (r.id IS NULL OR (e.kind = 'receipt' AND NOT EXISTS (
              SELECT FROM purchasing_goodsreceiptline l
              WHERE l.receipt_id = r.id AND e.key IN (r.number || '/' || l.line_no, r.number || '/' || l.line_no || '/hold'))))
        """,
    )
    proofs.register(
        "posted_slips_have_lines_and_a_time",
        title="計上した仕入伝票には明細と計上日時がある",
        rows=f"SELECT count(*) FROM purchasing_goodsreceipt WHERE state IN {POSTED}",
        broken=f"""
            SELECT r.number, r.state, r.posted_at FROM purchasing_goodsreceipt r
            WHERE r.state IN {POSTED} AND (r.posted_at IS NULL OR NOT EXISTS (
              SELECT FROM purchasing_goodsreceiptline l WHERE l.receipt_id = r.id))
        """,
    )
    proofs.register(
        "posted_slips_are_guarded",
        title="計上した仕入伝票の明細は変えられない",
        rows="SELECT count(*) FROM pg_trigger WHERE tgname = 'akinai_keep_posted_lines'",
        broken="""
            SELECT 'purchasing_goodsreceiptline' AS lines WHERE NOT EXISTS (
              SELECT FROM pg_trigger WHERE tgrelid = 'purchasing_goodsreceiptline'::regclass
              AND tgname = 'akinai_keep_posted_lines' AND tgenabled = 'A')
        """,
    )
