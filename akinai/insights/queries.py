"""漏れチェック and the numbers of the first screen. Reads every room by SQL, writes nothing.

The equation of the day: 受付 = 出荷 + 待ち + 保留 + キャンセル, by count and by yen, per channel. The lists beside it are
the places where something can be forgotten; each is a filter of a list one click away, and all are empty when the day
is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse

from akinai.core import clock
from akinai.orders import queries as orders

CHANNELS = """
SELECT c.code AS channel, c.name AS title,
  count(o.id) AS received, coalesce(sum(o.total_yen), 0) AS received_yen,
  count(o.id) FILTER (WHERE o.state IN ('shipped', 'completed')) AS shipped,
  coalesce(sum(o.total_yen) FILTER (WHERE o.state IN ('shipped', 'completed')), 0) AS shipped_yen,
  count(o.id) FILTER (WHERE o.state IN ('awaiting_payment', 'awaiting_stock', 'ready', 'picking')) AS waiting,
  coalesce(sum(o.total_yen) FILTER (WHERE o.state IN ('awaiting_payment', 'awaiting_stock', 'ready', 'picking')), 0)
    AS waiting_yen,
  count(o.id) FILTER (WHERE o.state = 'on_hold') AS held,
  coalesce(sum(o.total_yen) FILTER (WHERE o.state = 'on_hold'), 0) AS held_yen,
  count(o.id) FILTER (WHERE o.state = 'cancelled') AS cancelled,
  coalesce(sum(o.total_yen) FILTER (WHERE o.state = 'cancelled'), 0) AS cancelled_yen,
  coalesce(sum(o.paid_yen), 0) AS paid_yen
FROM channels_channel c JOIN orders_order o ON o.channel_id = c.id
GROUP BY c.id, c.code, c.name ORDER BY c.id
"""

# Orders that an intake says it made and that are not here: a lost order, whatever the reason.
LOST = """
SELECT count(*) FROM core_intakefile f
CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(f.result #> '{data,created}', '[]'::jsonb)) AS made(id)
WHERE f.kind = 'orders' AND f.state = 'applied'
  AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = made.id::bigint)
"""


@dataclass(frozen=True, slots=True)
class Leak:
    """漏れ: one list of things not done. `sql` counts them (count, yen); '' for those that orders count themselves."""

    name: str
    title: str
    url_name: str
    query: str
    note: str
    sql: str = ""


LEAKS = (
    Leak(
        "paid_not_shipped", "入金済・未出荷", "orders:list", "tab=paid_not_shipped",
        "お金を頂いているのに、まだ出ていない注文です",
    ),
    Leak(
        "shipped_not_invoiced", "出荷済・未請求", "orders:list", "tab=shipped_not_invoiced",
        "出荷したのに請求書を発行していません",
    ),
    Leak(
        "invoiced_not_sent", "請求済・未送付", "orders:list", "tab=invoiced_not_sent",
        "請求書をお客様に送っていません",
    ),
    Leak(
        "shipped_not_notified", "出荷済・未通知", "orders:list", "tab=shipped_not_notified",
        "出荷のお知らせが届いていません",
    ),
    Leak(
        "delivered_not_paid", "出荷済・未入金", "orders:list", "tab=delivered_not_paid",
        "商品は届いたのに、お金がまだです",
    ),
    Leak(
        "cancelled_with_money", "キャンセル済・返金前", "orders:list", "tab=cancelled_with_money",
        "キャンセルした注文の代金をお返ししていません",
    ),
    Leak(
        "money_without_order", "受注の分からない入金", "payments:list", "tab=todo",
        "どの注文のお金か、まだ決まっていません",
        "SELECT count(*), coalesce(sum(amount_yen - matched_yen), 0) FROM payments_banklinestatus "
        "WHERE state IN ('open', 'proposed', 'partial') OR (state = 'matched' AND returned_by_id IS NOT NULL)",
    ),
    Leak(
        "mail_failed", "送れなかったメール", "mail:list", "tab=failed", "宛先かメールサーバーの設定を確かめてください",
        "SELECT count(*), 0 FROM core_outgoingmail WHERE state = 'failed'",
    ),
)  # fmt: skip


@dataclass(slots=True)
class Leaks:
    """漏れチェックの結果. `balanced`: every channel adds up and no intake lost an order."""

    channels: list[dict[str, Any]] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0

    @property
    def balanced(self) -> bool:
        return not self.lost and all(channel["balanced"] for channel in self.channels)

    @property
    def open_count(self) -> int:
        """How many things are still to do over all lists."""
        return sum(item["count"] for item in self.lists)


def leaks() -> Leaks:
    """漏れチェック. Five queries, however many orders there are."""
    counted = orders.unfinished_counts()
    with connection.cursor() as cursor:
        cursor.execute(CHANNELS)
        names = [column[0] for column in cursor.description]
        channels = [_with_balance(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
        lists = [_measured(leak, counted.get(leak.name) or _counted(cursor, leak.sql)) for leak in LEAKS]
        cursor.execute(LOST)
        lost = cursor.fetchone()[0]
    return Leaks(channels, lists, lost)


def _with_balance(row: dict[str, Any]) -> dict[str, Any]:
    row = {name: int(value) if not isinstance(value, str) else value for name, value in row.items()}
    parts = ("shipped", "waiting", "held", "cancelled")
    row["balanced"] = row["received"] == sum(row[p] for p in parts) and row["received_yen"] == sum(
        row[f"{p}_yen"] for p in parts
    )
    return row


def _counted(cursor: Any, sql: str) -> tuple[int, int]:
    cursor.execute(sql)
    count, yen = cursor.fetchone()
    return count, int(yen)


def _measured(leak: Leak, found: tuple[int, int]) -> dict[str, Any]:
    count, yen = found
    return {
        "name": leak.name, "title": leak.title, "count": count, "yen": yen, "url": _url(leak), "note": leak.note,
        "tone": "bad" if count else "good",
    }  # fmt: skip


def _url(leak: Leak) -> str:
    try:
        address = reverse(leak.url_name)
    except NoReverseMatch:
        return ""
    return f"{address}?{leak.query}" if leak.query else address


def daily_shipments(days: int = 14, *, today: date | None = None) -> list[tuple[str, int]]:
    """出荷件数 per day for the chart of the first screen, oldest first."""
    last = today or clock.today()
    first = last - timedelta(days=days - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (shipped_at AT TIME ZONE 'Asia/Tokyo')::date AS day, count(*) FROM orders_order "
            "WHERE shipped_at >= %s GROUP BY 1",
            [first],
        )
        found = dict(cursor.fetchall())
    return [(f"{day:%-m/%-d}", found.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]
