"""What must never be found in coupons and points (マーケティングの検証)."""

from __future__ import annotations

from akinai.core import proofs

# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "coupons_count_their_uses", "クーポンの使われた回数は、使用の台帳の数",
        "SELECT count(*) FROM marketing_coupon",
        """SELECT c.code, c.used, count(u.id) FILTER (WHERE u.reverses_id IS NULL) - count(u.reverses_id) AS ledger FROM marketing_coupon c
            LEFT JOIN marketing_couponuse u ON u.coupon_id = c.id
            GROUP BY c.id HAVING c.used <> count(u.id) FILTER (WHERE u.reverses_id IS NULL) - count(u.reverses_id)
              OR c.used > c.total_limit""",
    ),
    (
        "coupon_codes_are_used_once", "1回限りのコードは、使用済と台帳が合う",
        "SELECT count(*) FROM marketing_couponcode",
        """SELECT k.code, k.is_used, count(u.id) FILTER (WHERE u.reverses_id IS NULL) - count(u.reverses_id) AS ledger
            FROM marketing_couponcode k LEFT JOIN marketing_couponuse u ON u.code_id = k.id
            GROUP BY k.id HAVING k.is_used::int <> count(u.id) FILTER (WHERE u.reverses_id IS NULL) - count(u.reverses_id)""",
    ),
    (
        "coupons_of_cancelled_orders_came_back", "キャンセルした受注のクーポンとポイントは、1時間より長く使われたままでない",
        "SELECT count(*) FROM marketing_couponuse WHERE reverses_id IS NULL",
        """SELECT o.number, o.state FROM orders_order o JOIN marketing_couponuse u ON u.order_id = o.id AND u.reverses_id IS NULL
            WHERE o.state = 'cancelled' AND NOT EXISTS (SELECT FROM marketing_couponuse r WHERE r.reverses_id = u.id)
              AND NOT EXISTS (SELECT FROM core_event e WHERE e.handled_at IS NULL AND e.created_at > now() - interval '1 hour')
           UNION ALL SELECT o.number, o.state FROM orders_order o
            JOIN marketing_pointentry e ON e.order_id = o.id AND e.kind = 'used' WHERE o.state = 'cancelled'
              AND NOT EXISTS (SELECT FROM marketing_pointentry r WHERE r.reverses_id = e.id)
              AND NOT EXISTS (SELECT FROM core_event e WHERE e.handled_at IS NULL AND e.created_at > now() - interval '1 hour')""",
    ),
    (
        "coupon_yen_is_off_the_order", "クーポンの値引は、その受注の値引に入っている",
        "SELECT count(DISTINCT order_id) FROM marketing_couponuse",
        """SELECT o.number, o.discount_yen, sum(u.yen) AS coupons FROM marketing_couponuse u JOIN marketing_coupon c ON c.id = u.coupon_id
            JOIN orders_order o ON o.id = u.order_id WHERE c.kind <> 'shipping' AND o.state <> 'cancelled'
            GROUP BY o.id HAVING sum(u.yen) > o.discount_yen""",
    ),
    (
        "point_balances_are_their_entries", "ポイント残高は、履歴の合計",
        "SELECT count(*) FROM marketing_pointbalance",
        """SELECT c.number, b.points, e.total FROM (
              SELECT customer_id, sum(points) AS total FROM marketing_pointentry GROUP BY 1) e
            FULL JOIN marketing_pointbalance b ON b.customer_id = e.customer_id
            JOIN party_customer c ON c.id = coalesce(b.customer_id, e.customer_id)
            WHERE coalesce(b.points, 0) <> coalesce(e.total, 0) OR b.points < 0""",
    ),
    (
        "point_lots_are_what_is_left", "付与ごとの残りは、付与から使った分を引いたもの",
        "SELECT count(*) FROM marketing_pointlot",
        """SELECT c.number, e.points, l.left_points, coalesce(d.gone, 0) AS gone FROM marketing_pointentry e
            LEFT JOIN marketing_pointlot l ON l.entry_id = e.id JOIN party_customer c ON c.id = e.customer_id
            LEFT JOIN (SELECT lot_id, sum(points) AS gone FROM marketing_pointdraw GROUP BY 1) d ON d.lot_id = e.id
            WHERE e.points > 0 AND (l.entry_id IS NULL OR l.left_points <> e.points - coalesce(d.gone, 0)
              OR (l.customer_id, l.expires_on) IS DISTINCT FROM (e.customer_id, e.expires_on))""",
    ),
    (
        "points_go_out_of_lots", "使ったポイントは、どの付与からかが言える",
        "SELECT count(*) FROM marketing_pointentry WHERE points < 0",
        """SELECT e.key, e.points, coalesce(sum(d.points), 0) AS drawn FROM marketing_pointentry e
            LEFT JOIN marketing_pointdraw d ON d.entry_id = e.id WHERE e.points < 0
            GROUP BY e.id HAVING coalesce(sum(d.points), 0) <> -e.points""",
    ),
    (
        "points_used_are_off_the_order", "使ったポイントは、その受注のポイント利用の額",
        "SELECT count(*) FROM marketing_pointentry WHERE kind = 'used'",
        """SELECT o.number, o.points_yen, -e.points AS used FROM marketing_pointentry e JOIN orders_order o ON o.id = e.order_id
            WHERE e.kind = 'used' AND o.state <> 'cancelled' AND o.points_yen <> -e.points""",
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
