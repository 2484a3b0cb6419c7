"""What must never be found in orders (受注の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "ready_orders_have_their_goods",
        title="出荷待ち・作業中の受注はすべて引当済",
        rows="SELECT count(*) FROM orders_order WHERE state IN ('ready', 'picking')",
        broken="""
            SELECT o.number, l.line_no, l.quantity, coalesce(r.quantity, 0) AS reserved
            FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.sku_id IS NOT NULL AND l.quantity > 0
            LEFT JOIN stock_reservation r ON r.reference = o.number || '/' || l.line_no AND r.state = 'active'
            WHERE o.state IN ('ready', 'picking') AND coalesce(r.quantity, 0) <> l.quantity
        """,
    )
    proofs.register(
        "held_orders_say_why",
        title="確認待ちの受注には理由がある",
        rows="SELECT count(*) FROM orders_order WHERE state = 'on_hold'",
        broken="""
            SELECT o.number FROM orders_order o WHERE o.state = 'on_hold'
              AND NOT EXISTS (SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL)
              AND NOT EXISTS (SELECT FROM orders_orderissue i WHERE i.order_id = o.id AND i.resolved_at IS NULL)
              AND NOT EXISTS (SELECT FROM orders_orderchange c WHERE c.order_id = o.id AND c.state = 'pending')
        """,
    )
    proofs.register(
        "nothing_open_goes_on",
        title="理由のある受注は先へ進んでいない",
        rows="SELECT count(*) FROM orders_order WHERE state IN ('awaiting_payment', 'awaiting_stock', 'ready')",
        broken="""
            SELECT o.number, o.state FROM orders_order o WHERE o.state IN ('awaiting_payment', 'awaiting_stock', 'ready')
              AND (EXISTS (SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL)
                OR EXISTS (SELECT FROM orders_orderissue i WHERE i.order_id = o.id AND i.resolved_at IS NULL)
                OR EXISTS (SELECT FROM orders_orderchange c WHERE c.order_id = o.id AND c.state = 'pending'))
        """,
    )
    proofs.register(
        "prepaid_orders_wait_for_money",
        title="前払いの受注は入金まで進まない",
        rows="SELECT count(*) FROM orders_order WHERE payment IN ('bank_transfer', 'convenience')",
        broken="""
            SELECT number, state, total_yen, paid_yen FROM orders_order
            WHERE payment IN ('bank_transfer', 'convenience') AND NOT payment_settled AND paid_yen < total_yen
              AND state IN ('ready', 'awaiting_stock', 'picking')
        """,
    )
    proofs.register(
        "orders_have_lines",
        title="受注には明細がある",
        rows="SELECT count(*) FROM orders_order",
        broken="""
            SELECT o.number FROM orders_order o
            WHERE NOT EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id)
        """,
    )
    proofs.register(
        "cancelled_orders_hold_nothing",
        title="キャンセルした受注は在庫を押さえていない",
        rows="SELECT count(*) FROM orders_order WHERE state = 'cancelled'",
        broken="""
            SELECT o.number, r.reference, r.quantity FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
            JOIN stock_reservation r ON r.reference = o.number || '/' || l.line_no AND r.state = 'active'
            WHERE o.state = 'cancelled'
        """,
    )
