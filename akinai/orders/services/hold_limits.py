"""確認の期限: a hold of a rule with a limit of hours ought to be answered within them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

GIVE = """
UPDATE orders_hold h SET due_at = h.placed_at + r.limit_hours * interval '1 hour' FROM orders_checkrule r
WHERE r.code = h.rule AND r.limit_hours IS NOT NULL AND h.order_id = ANY(%s) AND h.released_at IS NULL AND h.due_at IS NULL
"""


def give_limits(order_ids: Collection[int]) -> None:
    """期限を付ける to open holds of these orders that have none yet. One statement, none for no orders."""
    if order_ids:
        with connection.cursor() as cursor:
            cursor.execute(GIVE, [list(order_ids)])
