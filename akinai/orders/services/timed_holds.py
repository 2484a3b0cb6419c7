"""保留の自動解除: holds whose time has come, whose money is in, or whose goods are there, are released by the job."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction

from akinai.core import activity, clock
from akinai.core.activity import Fact
from akinai.orders.models import Order
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock_all

NOTES = {
    "at_time": "期限になったため自動で解除",
    "when_paid": "入金を確認したため自動で解除",
    "when_in_stock": "商品がそろったため自動で解除",
}
# What each rule waits for. The UPDATE asks once more under the orders' locks, so nothing is released twice or too early.
COME = """h.released_at IS NULL AND (
  (h.release_rule = 'at_time' AND h.due_at <= %(now)s)
  OR (h.release_rule = 'when_paid' AND (o.payment_settled OR (o.amounts_known AND o.paid_yen >= o.total_yen)))
  OR (h.release_rule = 'when_in_stock' AND NOT EXISTS (
    SELECT FROM orders_orderline l WHERE l.order_id = o.id AND l.quantity > 0 AND (l.sku_id IS NULL OR NOT coalesce((
      SELECT bool_and(r.quantity = l.quantity * r.per_set) FROM stock_reservation r
      WHERE r.reference = o.number || '/' || l.line_no AND r.state <> 'released' AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id
    ), false)))))"""
ASK = f"SELECT DISTINCT o.id FROM orders_hold h JOIN orders_order o ON o.id = h.order_id WHERE h.release_rule <> '' AND {COME}"
FREE = f"""
UPDATE orders_hold h SET released_at = %(now)s, note = %(notes)s::jsonb ->> h.release_rule
FROM orders_order o WHERE o.id = h.order_id AND o.id = ANY(%(ids)s) AND {COME}
RETURNING h.order_id, h.reason, h.note
"""


@transaction.atomic
def release_due_holds(now: datetime | None = None) -> int:
    """自動解除. Safe to run twice and beside clerks: orders first, then their holds. Out: how many holds were released."""
    asked = {"now": now or clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(ASK, asked)
        ids = [pk for (pk,) in cursor.fetchall()]
        if not ids:
            return 0
        by_id = {order.pk: order for order in lock_all(ids)}
        cursor.execute(FREE, asked | {"ids": ids, "notes": json.dumps(NOTES, ensure_ascii=False)})
        freed = cursor.fetchall()
    activity.record_many([_fact(by_id[pk], reason, note) for pk, reason, note in freed], by=None)
    advance(sorted({pk for pk, _, _ in freed}), by=None)
    return len(freed)


def _fact(order: Order, reason: str, note: str) -> Fact:
    return Fact(order, "release", summary=f"保留「{reason}」を解除: {note}"[:500], to_state="")
