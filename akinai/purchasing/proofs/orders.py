"""What must never be found among purchase orders (発注の検証)."""

from __future__ import annotations

from akinai.core import proofs

LEFT_DRAFT = "state NOT IN ('draft', 'cancelled')"


def register() -> None:
    proofs.register(
        "orders_say_what_their_lines_say",
        title="発注額は明細の合計と同じ",
        rows=f"SELECT count(*) FROM purchasing_purchaseorder WHERE {LEFT_DRAFT}",
        broken=f"""
            SELECT o.number, o.net_yen, round(coalesce(sum(l.quantity * l.unit_cost), 0)) AS lines
            FROM purchasing_purchaseorder o LEFT JOIN purchasing_purchaseorderline l ON l.order_id = o.id
            WHERE o.{LEFT_DRAFT} GROUP BY o.id HAVING o.net_yen <> round(coalesce(sum(l.quantity * l.unit_cost), 0))
        """,
    )
    proofs.register(
        "large_orders_were_approved_by_another",
        title="限度を超える発注は別の人が承認している",
        rows="SELECT count(*) FROM purchasing_purchaseorder WHERE net_yen > limit_yen",
        broken="""
            SELECT number, net_yen, limit_yen, created_by_id, approved_by_id FROM purchasing_purchaseorder
            WHERE net_yen > limit_yen AND state NOT IN ('draft', 'waiting_approval', 'cancelled')
              AND (approved_by_id IS NULL OR approved_by_id IN (created_by_id, submitted_by_id))
        """,
    )
    proofs.register(
        "order_lines_received_what_receipts_say",
        title="発注明細の入荷済数は計上した入荷と同じ",
        rows="SELECT count(*) FROM purchasing_purchaseorderline",
        broken="""
            SELECT o.number, l.line_no, l.received, coalesce(r.pieces, 0) AS receipts
            FROM purchasing_purchaseorderline l JOIN purchasing_purchaseorder o ON o.id = l.order_id
            LEFT JOIN (
              SELECT g.order_line_id, sum(g.quantity) AS pieces FROM purchasing_goodsreceiptline g
              JOIN purchasing_goodsreceipt p ON p.id = g.receipt_id AND p.state = 'posted'
              WHERE g.order_line_id IS NOT NULL GROUP BY 1
            ) r ON r.order_line_id = l.id
            LEFT JOIN (
              SELECT g.order_line_id, sum(d.held) AS pieces FROM purchasing_discrepancy d
              JOIN purchasing_goodsreceiptline g ON g.id = d.receipt_line_id
              WHERE d.state = 'settled' AND d.is_replaced GROUP BY 1
            ) b ON b.order_line_id = l.id
            WHERE l.received <> coalesce(r.pieces, 0) - coalesce(b.pieces, 0)
        """,
    )
    proofs.register(
        "closed_orders_have_nothing_open",
        title="完了した発注に残りはない",
        rows="SELECT count(*) FROM purchasing_purchaseorder WHERE state = 'closed'",
        broken="""
            SELECT o.number, l.line_no, l.quantity - l.received - l.cancelled AS open
            FROM purchasing_purchaseorder o JOIN purchasing_purchaseorderline l ON l.order_id = o.id
            WHERE o.state = 'closed' AND l.quantity > l.received + l.cancelled
        """,
    )
    proofs.register(
        "orders_are_guarded",
        title="発注書の番人が立っている",
        rows="SELECT count(*) FROM pg_trigger WHERE tgname IN ('akinai_keep_orders', 'akinai_keep_order_lines')",
        broken="""
            SELECT guard FROM (VALUES ('purchasing_purchaseorder', 'akinai_keep_orders'),
              ('purchasing_purchaseorderline', 'akinai_keep_order_lines')) AS g(place, guard)
            WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = g.place::regclass AND tgname = g.guard AND tgenabled = 'A')
        """,
    )
