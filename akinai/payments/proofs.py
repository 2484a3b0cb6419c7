"""What must never be found in money (入金の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    proofs.register(
        "paid_matches_payments",
        title="受注の入金済額は入金の合計と同じ",
        rows="SELECT count(*) FROM payments_payment WHERE order_id IS NOT NULL",
        broken="""
            SELECT o.number, o.paid_yen, coalesce(p.total, 0) AS payments FROM orders_order o
            LEFT JOIN (SELECT order_id, sum(amount_yen) AS total FROM payments_payment
                       WHERE order_id IS NOT NULL GROUP BY 1) p ON p.order_id = o.id
            WHERE o.paid_yen <> coalesce(p.total, 0)
        """,
    )
    proofs.register(
        "bank_lines_match_their_matches",
        title="入金明細の消込済額は消込の合計と同じ",
        rows="SELECT count(*) FROM payments_banklinestatus",
        broken="""
            SELECT s.line_id, s.matched_yen, coalesce(m.total, 0) AS matches, s.state
            FROM payments_banklinestatus s JOIN payments_bankline b ON b.id = s.line_id
            LEFT JOIN (SELECT line_id, sum(amount_yen) AS total FROM payments_match GROUP BY 1) m USING (line_id)
            WHERE s.matched_yen <> coalesce(m.total, 0) OR s.amount_yen <> b.amount_yen
               OR (s.state = 'matched') <> (s.matched_yen = s.amount_yen)
        """,
    )
    proofs.register(
        "matches_add_up",
        title="消込の金額は銀行からの入金の合計と同じ",
        rows="SELECT count(*) FROM payments_match",
        broken="""
            SELECT m.number, m.amount_yen, coalesce(sum(p.amount_yen), 0) AS payments FROM payments_match m
            LEFT JOIN payments_payment p ON p.match_id = m.id AND p.source IN ('bank', 'credit')
            GROUP BY m.id, m.number, m.amount_yen HAVING m.amount_yen <> coalesce(sum(p.amount_yen), 0)
        """,
    )
    proofs.register(
        "credits_have_a_status",
        title="すべての入金に消込状況がある",
        rows="SELECT count(*) FROM payments_bankline WHERE amount_yen > 0",
        broken="""
            SELECT b.id, b.on, b.amount_yen FROM payments_bankline b
            LEFT JOIN payments_banklinestatus s ON s.line_id = b.id
            WHERE b.amount_yen > 0 AND s.line_id IS NULL
        """,
    )
