"""What must never be found in the books (会計の検証)."""

from __future__ import annotations

from akinai.core import proofs

# What an order has earned by the papers: itself when it has left, less the credit notes that stand and the returns that
# the mall's own papers tell of. Of an order of which the rest waits the parcels tell (`parcels_earn_what_they_hold`).
EARNED = """
SELECT o.id, o.number, CASE WHEN o.in_parts AND o.state NOT IN ('shipped', 'completed') THEN NULL WHEN o.state IN ('shipped', 'completed')
  THEN o.total_yen - coalesce(n.credited, 0) - CASE WHEN o.amounts_known THEN coalesce(b.given_back, 0) ELSE 0 END ELSE 0 END AS yen
FROM orders_order o LEFT JOIN (
  SELECT n.order_id, sum(n.total_yen) AS credited FROM billing_creditnote n JOIN orders_order p ON p.id = n.order_id
  WHERE p.invoice_progress <> 'none' AND NOT EXISTS (SELECT FROM billing_invoice i WHERE i.replaces_id = n.invoice_id)
  GROUP BY 1) n ON n.order_id = o.id
LEFT JOIN (
  SELECT order_id, sum(given_back_yen) AS given_back FROM shipping_returncase WHERE state = 'settled' AND credit_note_no = '' GROUP BY 1
) b ON b.order_id = o.id
"""
# What stock says the goods of an order have cost: what left with its shipments less what its returns brought back.
COSTS = """
SELECT d.order_id, -sum(v.value_yen) AS yen FROM (
  SELECT number, order_id FROM shipping_shipment UNION ALL SELECT number, order_id FROM shipping_returncase
) d JOIN stock_valueentry v ON v.reference = d.number GROUP BY 1
"""
# Orders of which an event is still to be heard: the ledger follows in a moment.
TO_BE_HEARD = """
SELECT s.order_id FROM core_event v CROSS JOIN jsonb_array_elements(v.payload->'shipment_ids') x
JOIN shipping_shipment s ON s.id = x::bigint WHERE v.handled_at IS NULL AND v.name IN ('shipment.shipped', 'shipment.unshipped')
UNION ALL SELECT i.order_id FROM core_event v CROSS JOIN jsonb_array_elements(v.payload->'invoice_ids') x
JOIN billing_invoice i ON i.id = x::bigint WHERE v.handled_at IS NULL AND v.name = 'invoice.issued'
UNION ALL SELECT n.order_id FROM core_event v JOIN billing_creditnote n ON n.id = (v.payload->'credit_note_id')::bigint
WHERE v.handled_at IS NULL AND v.name = 'credit_note.issued'
UNION ALL SELECT c.order_id FROM core_event v JOIN shipping_returncase c ON c.id = (v.payload->'case_id')::bigint
WHERE v.handled_at IS NULL AND v.name IN ('return.settled', 'return.unsettled')
UNION ALL SELECT x::bigint FROM core_event v CROSS JOIN jsonb_array_elements(v.payload->'order_ids') x
WHERE v.handled_at IS NULL AND v.name = 'order.shipped_outside'
"""
# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "revenue_is_what_was_shipped", "売上台帳は、出荷した受注の額から返還請求書を引いた額",
        "SELECT count(*) FROM orders_order WHERE state IN ('shipped', 'completed')",
        f"""
            SELECT e.number, e.yen AS orders_yen, coalesce(r.yen, 0) AS ledger_yen FROM ({EARNED}) e
            LEFT JOIN (SELECT order_id, sum(gross_yen) AS yen FROM accounting_revenueentry GROUP BY 1) r ON r.order_id = e.id
            WHERE e.yen <> coalesce(r.yen, 0) AND e.id NOT IN ({TO_BE_HEARD})
        """,
    ),
    (
        "parcels_earn_what_they_hold", "分納の売上は、出荷した個数と金額のとおり",
        "SELECT count(*) FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id WHERE o.in_parts",
        f"""
            SELECT o.number, l.line_no, coalesce(s.pieces, 0) AS left_pieces, coalesce(r.pieces, 0) AS earned_pieces,
              coalesce(s.pieces, 0) * l.unit_price_yen AS goods_yen, coalesce(r.yen, 0) AS earned_yen
            FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.sku_id IS NOT NULL
            LEFT JOIN (SELECT l.order_line_id, sum(l.quantity) AS pieces FROM shipping_shipmentline l
              JOIN shipping_shipment s ON s.id = l.shipment_id AND s.state IN ('shipped', 'delivered') GROUP BY 1) s
              ON s.order_line_id = l.id
            LEFT JOIN (SELECT order_line_id, sum(quantity) AS pieces, sum(gross_yen) AS yen FROM accounting_revenueentry
              WHERE event IN ('ship', 'unship') AND kind = 'goods' GROUP BY 1) r ON r.order_line_id = l.id
            WHERE o.in_parts AND o.amounts_known AND o.id NOT IN ({TO_BE_HEARD}) AND (coalesce(s.pieces, 0) <> coalesce(r.pieces, 0)
              OR l.price_includes_tax AND coalesce(s.pieces, 0) * l.unit_price_yen <> coalesce(r.yen, 0))
        """,
    ),
    (
        "sold_goods_cost_what_stock_says", "売上台帳の原価は、出荷で出た原価から返品で戻った原価を引いた額",
        "SELECT count(DISTINCT order_id) FROM accounting_revenueentry",
        f"""
            SELECT o.number, r.cost AS ledger_cost, coalesce(c.yen, 0) AS stock_cost
            FROM (SELECT order_id, sum(cost_yen) AS cost FROM accounting_revenueentry GROUP BY 1) r
            JOIN orders_order o ON o.id = r.order_id LEFT JOIN ({COSTS}) c ON c.order_id = r.order_id
            WHERE NOT o.shipped_outside AND r.cost <> coalesce(c.yen, 0) AND r.order_id NOT IN ({TO_BE_HEARD})
        """,
    ),
    (
        "daily_sales_are_their_entries", "日別売上は売上台帳の合計",
        "SELECT count(*) FROM accounting_revenueentry",
        """
            SELECT "on", channel_id, category, d.net_yen, r.net AS ledger_yen, d.gross_yen, r.gross, d.orders, r.orders AS counted
            FROM accounting_dailysales d FULL JOIN (
              SELECT "on", channel_id, category, sum(net_yen) FILTER (WHERE kind <> 'paid_points') AS net,
                sum(gross_yen) FILTER (WHERE kind <> 'paid_points') AS gross, sum(cost_yen) AS cost, sum(counts) AS orders,
                sum(quantity) AS pieces
              FROM accounting_revenueentry GROUP BY 1, 2, 3) r USING ("on", channel_id, category)
            WHERE coalesce(d.net_yen, 0) <> coalesce(r.net, 0) OR coalesce(d.gross_yen, 0) <> coalesce(r.gross, 0)
               OR coalesce(d.cost_yen, 0) <> coalesce(r.cost, 0) OR coalesce(d.orders, 0) <> coalesce(r.orders, 0)
               OR coalesce(d.quantity, 0) <> coalesce(r.pieces, 0)
        """,
    ),
    (
        "journal_balances", "仕訳の借方と貸方は同じ",
        "SELECT count(*) FROM accounting_journalentry",
        """
            SELECT e.number, sum(CASE l.side WHEN 'debit' THEN l.yen END) AS debit, sum(CASE l.side WHEN 'credit' THEN l.yen END) AS credit
            FROM accounting_journalentry e LEFT JOIN accounting_journalline l ON l.entry_id = e.id GROUP BY e.id
            HAVING sum(CASE l.side WHEN 'debit' THEN l.yen END) IS DISTINCT FROM sum(CASE l.side WHEN 'credit' THEN l.yen END)
               OR bool_or(l."on" <> e."on")
        """,
    ),
    (
        "daily_balances_are_their_lines", "科目の日別合計は仕訳の行の合計",
        "SELECT count(*) FROM accounting_dailybalance",
        """
            SELECT account_id, "on", d.debit_yen, l.debit, d.credit_yen, l.credit FROM accounting_dailybalance d
            FULL JOIN (SELECT account_id, "on", coalesce(sum(yen) FILTER (WHERE side = 'debit'), 0) AS debit,
                         coalesce(sum(yen) FILTER (WHERE side = 'credit'), 0) AS credit
                       FROM accounting_journalline GROUP BY 1, 2) l USING (account_id, "on")
            WHERE coalesce(d.debit_yen, 0) <> coalesce(l.debit, 0) OR coalesce(d.credit_yen, 0) <> coalesce(l.credit, 0)
        """,
    ),
    (
        "journal_sales_are_the_ledger", "仕訳の売上と仮受消費税は売上台帳と同じ",
        "SELECT count(*) FROM accounting_journalentry WHERE source = 'sales'",
        """
            SELECT e.number, r.slip, r.net, j.net AS journal_net, r.tax, j.tax AS journal_tax FROM (
              SELECT l.entry_id, sum(CASE l.side WHEN 'credit' THEN l.yen ELSE -l.yen END) FILTER (WHERE a.is_sales) AS net,
                sum(CASE l.side WHEN 'credit' THEN l.yen ELSE -l.yen END) FILTER (WHERE l.is_tax) AS tax
              FROM accounting_journalline l JOIN accounting_account a ON a.id = l.account_id GROUP BY 1) j
            JOIN accounting_journalentry e ON e.id = j.entry_id AND e.source = 'sales'
            LEFT JOIN (SELECT slip, sum(net_yen) FILTER (WHERE kind <> 'paid_points') AS net, sum(tax_yen) AS tax
                       FROM accounting_revenueentry GROUP BY 1) r ON 'sales:' || r.slip = e.key
            WHERE coalesce(r.net, 0) <> coalesce(j.net, 0) OR coalesce(r.tax, 0) <> coalesce(j.tax, 0)
        """,
    ),
    (
        "goods_are_worth_what_stock_says", "仕訳の「商品」は、記帳した原価台帳の合計（1円未満の端数まで）",
        "SELECT count(*) FROM accounting_postedvalue",
        """
            SELECT '商品' AS account, j.yen AS journal_yen, v.yen AS stock_yen FROM
              (SELECT coalesce(sum(CASE l.side WHEN 'debit' THEN l.yen ELSE -l.yen END), 0) AS yen FROM accounting_journalline l
               JOIN accounting_account a ON a.id = l.account_id AND a.role = 'goods'
               JOIN accounting_journalentry e ON e.id = l.entry_id AND e.source = 'value') j,
              (SELECT coalesce(sum(v.value_yen), 0) AS yen FROM accounting_postedvalue p
               JOIN stock_valueentry v ON v.id = p.value_id) v
            WHERE abs(j.yen - v.yen) >= 3
        """,
    ),
    (
        "payables_are_the_ledger", "仕訳の買掛金は、記帳した買掛台帳と同じ",
        "SELECT count(*) FROM accounting_journalentry WHERE source = 'payable'",
        """
            SELECT e.number, y.document, y.amount_yen, j.yen AS journal_yen FROM accounting_journalentry e
            JOIN (SELECT l.entry_id, sum(CASE l.side WHEN 'credit' THEN l.yen ELSE -l.yen END) AS yen FROM accounting_journalline l
                  JOIN accounting_account a ON a.id = l.account_id AND a.role = 'payable' GROUP BY 1) j ON j.entry_id = e.id
            LEFT JOIN purchasing_payableentry y ON 'payable:' || y.id = e.key
            WHERE e.source = 'payable' AND y.amount_yen IS DISTINCT FROM j.yen
        """,
    ),
    (
        "closed_months_stay_closed", "締めた月に、締めたあとの記帳がない",
        "SELECT count(*) FROM accounting_closedmonth WHERE reopened_at IS NULL",
        """
            SELECT e.number, e."on", e.at, m.month FROM accounting_closedmonth m
            JOIN accounting_journalentry e ON e."on" >= m.month AND e."on" < m.month + interval '1 month' AND e.at > m.closed_at
            WHERE m.reopened_at IS NULL
            UNION ALL
            SELECT r.slip, r."on", r.at, m.month FROM accounting_closedmonth m
            JOIN accounting_revenueentry r ON r."on" >= m.month AND r."on" < m.month + interval '1 month' AND r.at > m.closed_at
            WHERE m.reopened_at IS NULL
            UNION ALL
            SELECT p.number, p.received_on, p.at, m.month FROM accounting_closedmonth m
            JOIN payments_payment p ON p.received_on >= m.month AND p.received_on < m.month + interval '1 month'
              AND p.at > m.closed_at
            WHERE m.reopened_at IS NULL
        """,
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
