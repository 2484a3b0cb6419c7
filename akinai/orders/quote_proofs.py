"""What must never be found in quotes (見積の検証)."""

from __future__ import annotations

from akinai.core import proofs

# Acts after which an order may ask for another sum than the quote it came from; each leaves its row in the history.
CHANGES_THE_SUM = (
    "('change_order', 'correct_amounts', 'set_gift', 'correct_line', 'accept_change', 'drop_rest')"
)

# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "quotes_add_up", "見積金額は明細・送料・ラッピング料・値引の合計",
        "SELECT count(*) FROM orders_quote",
        """SELECT q.number, q.goods_yen, coalesce(l.yen, 0) AS lines_yen, q.total_yen FROM orders_quote q
            LEFT JOIN (SELECT quote_id, sum(quantity * unit_price_yen) AS yen FROM orders_quoteline GROUP BY 1) l
              ON l.quote_id = q.id
            WHERE q.goods_yen <> coalesce(l.yen, 0)
               OR q.total_yen <> q.goods_yen + q.shipping_yen + q.wrapping_yen - q.discount_yen""",
    ),
    (
        "accepted_quotes_are_one_order", "成約した見積は、同じ番号・同じ金額の受注 1 件になっている",
        "SELECT count(*) FROM orders_quote WHERE state = 'accepted'",
        f"""SELECT q.number, q.state, o.number AS "order", q.total_yen, o.total_yen AS order_yen FROM orders_quote q
            LEFT JOIN orders_order o ON o.channel_order_no = q.number
            WHERE (q.state = 'accepted') IS DISTINCT FROM (o.id IS NOT NULL) OR q.order_id IS DISTINCT FROM o.id
               OR (o.total_yen <> q.total_yen AND NOT EXISTS (SELECT FROM core_activity a
                   WHERE a.subject_type = 'orders.order' AND a.subject_id = o.id AND a.verb IN {CHANGES_THE_SUM}))""",
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
