"""何についての問い合わせか: tickets by SKU, lot, page and carrier, through the orders they are about.

A ticket about an order of three SKUs counts once for each of them: a reason is a hint where to look, not a share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from akinai.shipping.ports import CARRIERS
from akinai.support.queries.reports import Period

KINDS = {"sku": "商品", "lot": "ロット", "carrier": "運送会社", "page": "ページ"}
SHOWN = 100

# Each gives (order_id, subject, title) of the orders of `links`, once.
SUBJECTS = {
    "sku": """
SELECT DISTINCT l.order_id, s.code AS subject, s.code || ' ' || p.name AS title FROM orders_orderline l
JOIN catalog_sku s ON s.id = l.sku_id JOIN catalog_product p ON p.id = s.product_id
WHERE l.quantity + l.taken_out > 0 AND l.order_id IN (SELECT order_id FROM {orders})
""",
    "lot": """
SELECT DISTINCT h.order_id, s.code || '/' || b.code AS subject, s.code || ' ロット ' || b.code AS title
FROM shipping_shipment h
JOIN stock_stockentry e ON e.reference = h.number AND e.kind = 'shipment' AND e.lot_id IS NOT NULL
JOIN stock_lot b ON b.id = e.lot_id JOIN catalog_sku s ON s.id = b.sku_id
WHERE h.state IN ('shipped', 'delivered') AND h.order_id IN (SELECT order_id FROM {orders})
    AND NOT EXISTS (SELECT FROM stock_stockentry r WHERE r.reverses_id = e.id)
""",
    "carrier": """
SELECT DISTINCT h.order_id, h.carrier AS subject, h.carrier AS title FROM shipping_shipment h
WHERE h.state IN ('shipped', 'delivered') AND h.order_id IN (SELECT order_id FROM {orders})
""",
    "page": """
SELECT a.order_id, a.path AS subject, a.path AS title FROM content_pageassist a
WHERE a.order_id IN (SELECT order_id FROM {orders})
""",
}
LINKS = """
links AS (
    SELECT t.id AS ticket_id, t.category, t.opened_at, o.order_id FROM support_ticket t
    JOIN support_ticketorder o ON o.ticket_id = t.id
    WHERE t.opened_at >= %(begin)s AND t.opened_at < %(end)s AND t.state NOT IN ('merged', 'spam')
)
"""
REASONS = """
WITH {links}, subjects AS ({subjects})
SELECT subject, max(title), category, grouping(category), count(DISTINCT ticket_id), count(DISTINCT order_id)
FROM links JOIN subjects USING (order_id)
GROUP BY GROUPING SETS ((subject), (subject, category)) ORDER BY 5 DESC, subject LIMIT 1000
"""


@dataclass(slots=True)
class Reason:
    """問い合わせ about one thing."""

    subject: str
    title: str
    count: int = 0
    orders: int = 0
    before: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def title_of(kind: str, title: str) -> str:
    """運送会社 by its name; anything else as it stands."""
    if kind == "carrier" and title in CARRIERS:
        return CARRIERS[title].title.split()[0]
    return title


def by(kind: str, period: Period) -> list[Reason]:
    """Tickets of the period by one kind of thing, most first, beside as many days before. Two queries."""
    found = _count(kind, period)
    for subject, count in {key: one.count for key, one in _count(kind, period.before).items()}.items():
        if subject in found:
            found[subject].before = count
    return sorted(found.values(), key=lambda one: (-one.count, one.subject))[:SHOWN]


def _count(kind: str, period: Period) -> dict[str, Reason]:
    sql = REASONS.format(links=LINKS, subjects=SUBJECTS[kind].format(orders="links"))
    found: dict[str, Reason] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, period.bounds())
        for subject, title, category, is_whole, tickets, orders in cursor.fetchall():
            row = found.setdefault(subject, Reason(subject, title_of(kind, title)))
            if is_whole:
                row.count, row.orders = tickets, orders
            else:
                row.reasons[category] = tickets
    return found


def linked_share(period: Period) -> tuple[int, int]:
    """(tickets with an order, all tickets) of the period: what the reasons rest on."""
    sql = """
SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM support_ticketorder o WHERE o.ticket_id = t.id)), count(*)
FROM support_ticket t WHERE t.opened_at >= %(begin)s AND t.opened_at < %(end)s AND t.state NOT IN ('merged', 'spam')
"""
    with connection.cursor() as cursor:
        cursor.execute(sql, period.bounds())
        linked, count = cursor.fetchone()
    return linked, count


def words(reasons: Mapping[str, int], names: Mapping[str, str]) -> str:
    """届かない 3・こわれていた 2."""
    rows: Sequence[tuple[str, int]] = sorted(reasons.items(), key=lambda row: (-row[1], row[0]))
    return "・".join(
        f"{(names.get(code) or code) if code else '種類なし'} {count}" for code, count in rows[:4]
    )
