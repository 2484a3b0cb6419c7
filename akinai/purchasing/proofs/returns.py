"""What must never be found among supplier returns (仕入返品の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "supplier_returns_match_the_ledger",
        title="仕入返品は入出庫と同じ",
        rows="SELECT count(*) FROM purchasing_supplierreturnline",
        broken="""
            SELECT r.number, r.state, l.line_no, l.quantity, e.quantity AS ledger
            FROM purchasing_supplierreturn r JOIN purchasing_supplierreturnline l ON l.supplier_return_id = r.id
            LEFT JOIN stock_stockentry e ON e.key = r.number || '/' || l.line_no
            LEFT JOIN stock_stockentry b ON b.reverses_id = e.id
            WHERE (e.sku_id, e.kind, e.quantity, e.location_id) IS DISTINCT FROM (l.sku_id, 'return_out', -l.quantity, r.location_id)
              OR (l.lot_id IS NOT NULL AND e.lot_id IS DISTINCT FROM l.lot_id)
              OR (r.state = 'reversed') <> (b.id IS NOT NULL)
        """,
    )
