"""What must never be found in subscriptions (定期購入の検証)."""

from __future__ import annotations

from akinai.core import proofs

# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "due_turns_are_made_or_told", "受注をつくる日を過ぎた回は、つくれない理由が出ている",
        "SELECT count(*) FROM orders_subscription WHERE state = 'active'",
        """SELECT s.number, s.order_on FROM orders_subscription s
            WHERE s.state = 'active' AND s.order_on < (now() AT TIME ZONE 'Asia/Tokyo')::date - 1
              AND NOT EXISTS (SELECT FROM orders_subscriptionturn t WHERE t.subscription_id = s.id
                              AND t.turn = s.next_turn AND t.state = 'failed')""",
    ),
    (
        "turns_follow_one_another", "定期購入の回は 1 から抜けなく並び、次の回はその後",
        "SELECT count(*) FROM orders_subscription",
        """SELECT s.number, s.next_turn, count(t.id) AS turns FROM orders_subscription s
            LEFT JOIN orders_subscriptionturn t ON t.subscription_id = s.id AND t.turn < s.next_turn
            GROUP BY s.id HAVING count(t.id) <> s.next_turn - 1""",
    ),
    (
        "orders_of_turns_bear_their_number", "回の受注は、その定期購入と回の番号を持つか、定期購入がそこから始まったもの",
        "SELECT count(*) FROM orders_subscriptionturn WHERE state = 'made'",
        """SELECT s.number, t.turn, o.channel_order_no FROM orders_subscriptionturn t
            JOIN orders_subscription s ON s.id = t.subscription_id JOIN orders_order o ON o.id = t.order_id
            WHERE o.channel_order_no <> s.number || '-' || t.turn AND s.began_from_id IS DISTINCT FROM o.id""",
    ),
    (
        "orders_of_subscriptions_have_their_turn", "定期購入の受注はどれも、つくられた回のもの",
        "SELECT count(*) FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id WHERE c.code = 'subscription'",
        """SELECT o.number, o.channel_order_no FROM orders_order o JOIN channels_channel c ON c.id = o.channel_id
            WHERE c.code = 'subscription'
              AND NOT EXISTS (SELECT FROM orders_subscriptionturn t WHERE t.order_id = o.id AND t.state = 'made')""",
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
