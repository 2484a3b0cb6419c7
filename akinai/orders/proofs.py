"""What must never be found in orders (受注の検証)."""

from __future__ import annotations

from akinai.core import proofs

WAITING = "('on_hold', 'awaiting_payment', 'awaiting_stock', 'ready')"
OPEN_HOLD = "EXISTS (SELECT FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL)"
OPEN_ISSUE = "EXISTS (SELECT FROM orders_orderissue i WHERE i.order_id = o.id AND i.resolved_at IS NULL)"
OPEN_CHANGE = "EXISTS (SELECT FROM orders_orderchange c WHERE c.order_id = o.id AND c.state = 'pending')"
# The job of the day sets free what comes out today, so both sides allow for that day.
BEFORE = """EXISTS (SELECT FROM orders_orderline l JOIN catalog_sku s ON s.release_on {sign} (now() AT TIME ZONE 'Asia/Tokyo')::date
  WHERE l.order_id = o.id AND l.quantity > l.instructed AND (s.id = l.sku_id OR EXISTS (
    SELECT FROM catalog_setpart p WHERE p.set_sku_id = l.sku_id AND p.part_sku_id = s.id)))"""
HAS_PIECES = "EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.quantity > 0)"
LINES = "FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.sku_id IS NOT NULL AND l.quantity > 0"
# What a line holds in pieces of what was ordered: of a set whole sets, as few as its scarcest part allows.
HELD = """LATERAL (SELECT min(r.quantity / r.per_set) AS quantity, min(r.wanted / r.per_set) AS wanted, max(r.wanted / r.per_set) AS most
  FROM stock_reservation r WHERE r.reference = o.number || '/' || l.line_no AND r.state <> 'released'
    AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id) r ON true"""
RESERVATION = "stock_reservation r ON r.reference = o.number || '/' || l.line_no AND r.state = 'active'"
PARTS = (
    "goods_yen + shipping_yen + cod_fee_yen + payment_fee_yen + wrapping_yen + outer_tax_yen + adjustment_yen "
    "- discount_yen - points_yen"
)

# name, title, how many rows are looked at, what must not be found
PROOFS = (
    (
        "ready_orders_have_their_goods", "出荷待ち・作業中の受注はすべて引当済",
        "SELECT count(*) FROM orders_order WHERE state IN ('ready', 'picking')",
        f"""SELECT o.number, l.line_no, l.quantity, coalesce(r.quantity, 0) AS reserved {LINES}
            LEFT JOIN {HELD}
            WHERE o.state IN ('ready', 'picking') AND coalesce(r.quantity, 0) <> l.quantity""",
    ),
    (
        "waiting_orders_stand_in_the_queue", "出荷前の受注の明細は引当の列に並んでいる",
        f"SELECT count(*) {LINES} WHERE o.state IN {WAITING}",
        f"""SELECT o.number, l.line_no, l.quantity, r.wanted {LINES} LEFT JOIN {HELD}
            WHERE o.state IN {WAITING} AND (coalesce(r.wanted, 0) <> l.quantity OR r.most <> r.wanted)""",
    ),
    (
        "short_orders_wait_for_stock", "引当待ちの受注は在庫が足りない",
        "SELECT count(*) FROM orders_order WHERE state = 'awaiting_stock'",
        f"""SELECT o.number FROM orders_order o WHERE o.state = 'awaiting_stock' AND NOT EXISTS (
              SELECT FROM orders_orderline l LEFT JOIN {HELD}
              WHERE l.order_id = o.id AND l.sku_id IS NOT NULL AND coalesce(r.quantity, 0) < l.quantity)
            AND NOT {BEFORE.format(sign=">=")}""",
    ),
    (
        "nothing_is_ready_before_its_day", "発売日の前の商品がある受注は出荷待ちにならない",
        "SELECT count(*) FROM orders_order",
        f"SELECT o.number FROM orders_order o WHERE o.state = 'ready' AND {BEFORE.format(sign='>')}",
    ),
    (
        "held_orders_say_why", "確認待ちの受注には理由がある",
        "SELECT count(*) FROM orders_order WHERE state = 'on_hold'",
        f"""SELECT o.number FROM orders_order o
            WHERE o.state = 'on_hold' AND NOT {OPEN_HOLD} AND NOT {OPEN_ISSUE} AND NOT {OPEN_CHANGE} AND {HAS_PIECES}""",
    ),
    (
        "nothing_open_goes_on", "理由のある受注は先へ進んでいない",
        "SELECT count(*) FROM orders_order WHERE state IN ('awaiting_payment', 'awaiting_stock', 'ready')",
        f"""SELECT o.number, o.state FROM orders_order o WHERE o.state IN ('awaiting_payment', 'awaiting_stock', 'ready')
            AND ({OPEN_HOLD} OR {OPEN_ISSUE} OR {OPEN_CHANGE} OR NOT {HAS_PIECES})""",
    ),
    (
        "prepaid_orders_wait_for_money", "前払い・未決済の受注は入金まで進まない",
        "SELECT count(*) FROM orders_order WHERE payment NOT IN ('cod', 'deferred', 'credit_terms')",
        """SELECT number, state, payment, total_yen, paid_yen FROM orders_order
            WHERE payment IN ('bank_transfer', 'convenience', 'card', 'wallet', 'mall') AND NOT payment_settled
              AND paid_yen < total_yen AND state IN ('ready', 'awaiting_stock')""",
    ),
    (
        "orders_have_lines", "受注には明細がある（ないものは例外が付いている）",
        "SELECT count(*) FROM orders_order",
        """SELECT o.number FROM orders_order o
            WHERE NOT EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id)
              AND NOT EXISTS (SELECT FROM orders_orderissue i WHERE i.order_id = o.id)""",
    ),
    (
        "order_totals_add_up", "請求金額は内訳の合計（違うものは例外が付いている）",
        "SELECT count(*) FROM orders_order WHERE amounts_known",
        f"""SELECT o.number, o.total_yen, {PARTS} AS parts FROM orders_order o
            WHERE o.amounts_known AND o.total_yen <> {PARTS} AND NOT EXISTS (
              SELECT FROM orders_orderissue i WHERE i.order_id = o.id
              AND i.code IN ('total_mismatch', 'tax_mismatch', 'bad_price', 'currency'))""",
    ),
    # A buyer's own ラッピング料 comes on top of what was chosen for the lines.
    (
        "gifts_are_charged", "ラッピング料は、明細で選んだのし・ラッピングの価格を含む",
        "SELECT count(*) FROM orders_orderline WHERE gift <> '{}'",
        """SELECT o.number, o.wrapping_yen, g.yen AS chosen_yen FROM orders_order o
            JOIN (SELECT l.order_id, sum((one ->> 'yen')::bigint * (one ->> 'count')::bigint) AS yen
                  FROM orders_orderline l CROSS JOIN jsonb_array_elements(l.gift -> 'options') one
                  WHERE l.gift <> '{}' GROUP BY 1) g ON g.order_id = o.id
            WHERE o.wrapping_yen < g.yen""",
    ),
    (
        "addresses_get_what_was_assigned", "送付先に割り当てた数は送付先の明細の合計",
        "SELECT count(*) FROM orders_orderaddress",
        """SELECT o.number, l.line_no, l.assigned, coalesce(sum(a.quantity), 0) AS pieces
            FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
            LEFT JOIN orders_orderaddressline a ON a.order_line_id = l.id
            WHERE l.assigned > 0 OR a.id IS NOT NULL
            GROUP BY o.number, l.id HAVING l.assigned <> coalesce(sum(a.quantity), 0)""",
    ),
    (
        "cancelled_orders_hold_nothing", "キャンセル・出荷済の受注は在庫を押さえていない",
        "SELECT count(*) FROM orders_order WHERE state IN ('cancelled', 'shipped', 'completed')",
        f"""SELECT o.number, r.reference, r.quantity FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
            JOIN {RESERVATION} WHERE o.state IN ('cancelled', 'shipped', 'completed')""",
    ),
    (
        "payment_progress_follows_the_money", "入金の進みは入金済額と決済のとおり",
        "SELECT count(*) FROM orders_order",
        """SELECT number, payment_progress, payment_settled, paid_yen, total_yen FROM orders_order
            WHERE (payment_progress = 'done' AND NOT payment_settled AND paid_yen < total_yen)
               OR (payment_progress = 'none' AND (paid_yen > 0 OR payment_settled) AND state <> 'cancelled')
               OR (payment_progress = 'partial' AND NOT (paid_yen > 0 AND paid_yen < total_yen))""",
    ),
    (
        "orders_shipped_elsewhere_stay_out", "取込前に出荷済の受注に出荷指示はない",
        "SELECT count(*) FROM orders_order WHERE shipped_outside",
        """SELECT o.number FROM orders_order o WHERE o.shipped_outside
            AND (o.state NOT IN ('shipped', 'completed')
                 OR EXISTS (SELECT FROM shipping_shipment s WHERE s.order_id = o.id AND s.state <> 'withdrawn'))""",
    ),
)  # fmt: skip


def register() -> None:
    for name, title, rows, broken in PROOFS:
        proofs.register(name, title=title, rows=rows, broken=broken)
