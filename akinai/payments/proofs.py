"""What must never be found in money (入金の検証)."""

from __future__ import annotations

from akinai.core import proofs


def register() -> None:
    _register_dunning()
    _register_settlements()
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
               OR (s.state = 'matched') <> (s.matched_yen = s.amount_yen) OR s."on" <> b."on"
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
        "credit_balances_are_their_payments",
        title="預り金の残高は、受注の付かない入金の合計と同じ",
        rows="SELECT count(*) FROM payments_creditbalance",
        broken="""
            SELECT coalesce(c.customer_id, p.customer_id) AS customer, c.balance_yen, p.total AS payments
            FROM payments_creditbalance c
            FULL JOIN (SELECT customer_id, sum(amount_yen) AS total FROM payments_payment
                       WHERE order_id IS NULL GROUP BY 1) p USING (customer_id)
            WHERE coalesce(c.balance_yen, 0) <> coalesce(p.total, 0)
        """,
    )
    proofs.register(
        "reversals_mirror_what_they_reverse",
        title="取消の入金・消込は、元の記録の正反対",
        rows="SELECT count(*) FROM payments_payment WHERE reverses_id IS NOT NULL",
        broken="""
            SELECT r.number, p.number AS reverses, r.amount_yen, p.amount_yen AS original FROM payments_payment r
            JOIN payments_payment p ON p.id = r.reverses_id
            WHERE r.amount_yen <> -p.amount_yen OR r.order_id IS DISTINCT FROM p.order_id
               OR r.customer_id IS DISTINCT FROM p.customer_id OR r.source <> p.source OR p.reverses_id IS NOT NULL
            UNION ALL
            SELECT r.number, m.number, r.amount_yen, m.amount_yen FROM payments_match r
            JOIN payments_match m ON m.id = r.reverses_id
            WHERE r.amount_yen <> -m.amount_yen OR r.line_id <> m.line_id OR m.reverses_id IS NOT NULL
        """,
    )
    proofs.register(
        "used_credit_goes_to_orders",
        title="預り金の充当は、出た額と受注に入った額が同じ",
        rows="SELECT count(*) FROM payments_payment WHERE source = 'credit_used'",
        broken="""
            SELECT customer_id, sum(amount_yen) AS difference FROM payments_payment WHERE source = 'credit_used'
            GROUP BY 1 HAVING sum(amount_yen) <> 0
        """,
    )
    proofs.register(
        "credits_have_a_status",
        title="すべての入金に消込状況がある",
        rows="SELECT count(*) FROM payments_bankline WHERE amount_yen > 0",
        broken="""
            SELECT b.id, b."on", b.amount_yen FROM payments_bankline b
            LEFT JOIN payments_banklinestatus s ON s.line_id = b.id
            WHERE b.amount_yen > 0 AND s.line_id IS NULL
        """,
    )


def _register_dunning() -> None:
    proofs.register(
        "cancelled_by_dunning_was_unpaid",
        title="自動キャンセルした受注には入金がなく、引当が戻っている",
        rows="SELECT count(*) FROM payments_dunningact WHERE way = 'cancel'",
        broken="""
            SELECT o.number, o.state, o.paid_yen FROM payments_dunningact a JOIN orders_order o ON o.id = a.order_id
            WHERE a.way = 'cancel' AND (o.state <> 'cancelled'
              OR (SELECT coalesce(sum(p.amount_yen), 0) FROM payments_payment p WHERE p.order_id = o.id AND p.at < a.at) <> 0
              OR EXISTS (SELECT FROM stock_reservation r JOIN orders_orderline l ON l.order_id = o.id
                         WHERE r.reference = o.number || '/' || l.line_no AND r.state = 'active'))
        """,
    )
    proofs.register(
        "dunning_goes_up_its_ladder",
        title="督促は段階の順に、期限の日数どおりに行われている",
        rows="SELECT count(*) FROM payments_dunningact",
        broken="""
            SELECT id, "on", days FROM (
              SELECT a.*, s.kind AS of_kind, lag(a.days) OVER w AS before_days, lag(a."on") OVER w AS before_on
              FROM payments_dunningact a JOIN payments_dunningstep s ON s.id = a.step_id
              WINDOW w AS (PARTITION BY a.order_id, a.statement_id ORDER BY a.id)) acts
            WHERE kind <> of_kind OR before_days >= days OR before_on > "on"
        """,
    )


def _register_settlements() -> None:
    proofs.register(
        "settlements_add_up",
        title="精算明細の合計は差引入金額と同じ",
        rows="SELECT count(*) FROM payments_settlement",
        broken="""
            SELECT s.number, s.net_yen, l.net AS lines_yen, s.line_count, l.lines
            FROM payments_settlement s LEFT JOIN (SELECT settlement_id, sum(yen) AS net, count(*) AS lines,
              coalesce(sum(yen) FILTER (WHERE kind = 'fee'), 0) AS fee FROM payments_settlementline GROUP BY 1) l
              ON l.settlement_id = s.id
            WHERE s.net_yen IS DISTINCT FROM l.net OR s.line_count IS DISTINCT FROM l.lines OR s.fee_yen IS DISTINCT FROM l.fee
               OR NOT EXISTS (SELECT FROM payments_settlementstatus t WHERE t.settlement_id = s.id)
        """,
    )
    # Each yen of a live line is where its explanation says: with an order, in an account, or nowhere yet.
    proofs.register(
        "settlement_lines_are_where_they_say",
        title="精算明細の説明は、受注の入金と計上に 1 円まで現れている",
        rows="SELECT count(*) FROM payments_settlementlinestatus",
        broken="""
            SELECT l.line_id, l.how, l.yen, coalesce(p.yen, 0) AS paid_yen, coalesce(e.yen, 0) AS booked_yen
            FROM payments_settlementlinestatus l
            LEFT JOIN (SELECT split_part(key, ':', 2)::bigint AS line_id, sum(amount_yen) AS yen FROM payments_payment p
              WHERE starts_with(key, 'settlement-line:') AND source IN ('channel', 'carrier', 'refund')
                AND NOT EXISTS (SELECT FROM payments_payment r WHERE r.reverses_id = p.id) GROUP BY 1) p ON p.line_id = l.line_id
            LEFT JOIN (SELECT line_id, -sum(yen) AS yen FROM payments_settlemententry WHERE line_id IS NOT NULL GROUP BY 1) e
              ON e.line_id = l.line_id
            WHERE NOT CASE
              WHEN l.how = 'paid' THEN coalesce(p.yen, 0) > 0 AND p.yen <= l.yen AND coalesce(e.yen, 0) = 0
              WHEN l.how = 'booked' THEN coalesce(p.yen, 0) = 0 AND e.yen = l.yen
              WHEN l.how IN ('refunded', 'difference') THEN coalesce(p.yen, 0) + coalesce(e.yen, 0) = l.yen
              ELSE coalesce(p.yen, 0) = 0 AND coalesce(e.yen, 0) = 0 END
        """,
    )
    proofs.register(
        "settlements_at_the_bank",
        title="入金明細と結び付いた精算は、その入金の額を超えない",
        rows="SELECT count(*) FROM payments_settlementstatus WHERE bank_line_id IS NOT NULL",
        broken="""
            SELECT t.bank_line_id, b.amount_yen, sum(t.bank_yen) AS settlements_yen, b.state FROM payments_settlementstatus t
            JOIN payments_banklinestatus b ON b.line_id = t.bank_line_id WHERE t.state = 'live'
            GROUP BY 1, 2, b.state, b.aside_reason
            HAVING sum(t.bank_yen) > b.amount_yen OR b.state <> 'set_aside' OR b.aside_reason <> 'settlement'
        """,
    )
