"""漏れチェック and the numbers of the first screen. Reads every room by SQL, writes nothing; how old things are stands in `ageing`.

The equation of the day: 受付 = 出荷 + 待ち + 保留 + キャンセル, by count and by yen, per channel. The lists beside it are
the places where something can be forgotten; each is a filter of a list one click away, and all are empty when the day
is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from akinai.orders import queries as orders
from akinai.orders.states import OrderState
from akinai.shipping import wave_queries as waves

S = OrderState

# One look at all orders, in an index of four columns; what a state means for the equation is said in PARTS.
BALANCE = """
SELECT c.code, c.name, b.state, b.count, b.total_yen, b.paid_yen FROM (
  SELECT channel_id, state, count(*) AS count, sum(total_yen) AS total_yen, sum(paid_yen) AS paid_yen
  FROM orders_order GROUP BY channel_id, state
) b JOIN channels_channel c ON c.id = b.channel_id ORDER BY c.id
"""
PARTS = {
    "shipped": (S.SHIPPED, S.COMPLETED),
    "waiting": (S.AWAITING_PAYMENT, S.AWAITING_STOCK, S.READY, S.PICKING),
    "held": (S.ON_HOLD,),
    "cancelled": (S.CANCELLED,),
}
PART_OF = {str(state): part for part, states in PARTS.items() for state in states}

# Orders that an intake says it made and that are not here: a lost order, whatever the reason.
LOST = """
SELECT coalesce(sum(f.created - coalesce(o.count, 0)), 0), 0 FROM core_intakefile f
LEFT JOIN (SELECT intake_file_id, count(*) AS count FROM orders_order WHERE intake_file_id IS NOT NULL GROUP BY 1) o
  ON o.intake_file_id = f.id
WHERE f.kind = 'orders' AND f.state = 'applied' AND f.created > coalesce(o.count, 0)
"""
FLOW = """
SELECT 'received', NULL::date, count(*), coalesce(sum(total_yen), 0) FROM orders_order WHERE received_at >= %(start)s
UNION ALL
SELECT 'shipped', (shipped_at AT TIME ZONE 'Asia/Tokyo')::date, count(*), sum(total_yen) FROM orders_order
WHERE shipped_at >= %(first)s GROUP BY 2
"""


@dataclass(frozen=True, slots=True)
class Leak:
    """漏れ: one list of things not done. `sql` counts them (count, yen); '' for those that orders or waves count themselves."""

    name: str
    title: str
    url_name: str
    query: str
    note: str
    sql: str = ""

    @property
    def url(self) -> str:
        """The list it is a filter of, "" where that screen is not there."""
        try:
            address = reverse(self.url_name)
        except NoReverseMatch:
            return ""
        return f"{address}?{self.query}" if self.query else address


HOLD_ENDS_SOON = "state = 'authorised' AND expires_on <= (now() AT TIME ZONE 'Asia/Tokyo')::date + 3"
# The newest attempt is over, nothing was paid, and the goods are gone.
HOLD_LOST = (
    "r.state IN ('expired', 'cancelled', 'failed') AND o.shipped_at IS NOT NULL AND o.paid_yen = 0 AND o.total_yen > 0 "
    "AND o.state <> 'cancelled' AND o.payment = r.kind AND NOT EXISTS (SELECT FROM payments_paymentrequest n "
    "WHERE n.order_id = r.order_id AND n.id > r.id)"
)
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

# Orders of which a part has left and the rest has not, since the first parcel.
REST_WAITS = """
FROM orders_order o CROSS JOIN LATERAL (
  SELECT min(s.shipped_at) AS at FROM shipping_shipment s WHERE s.order_id = o.id AND s.state IN ('shipped', 'delivered')) gone
WHERE o.in_parts AND o.state IN ('on_hold', 'awaiting_payment', 'awaiting_stock', 'ready') AND gone.at IS NOT NULL
"""

HOLD_OVERDUE = """
FROM orders_order o CROSS JOIN LATERAL (
  SELECT min(h.due_at) AS at FROM orders_hold h WHERE h.order_id = o.id AND h.released_at IS NULL AND h.due_at < now()) due
WHERE o.state IN ('on_hold', 'awaiting_payment', 'awaiting_stock', 'ready') AND due.at IS NOT NULL
"""

# What the shop owes to others than the customer of an order: watched and aged like the rest, outside the day's equation.
BESIDE = (
    Leak(
        "hold_overdue", "保留の期限切れ", "orders:list", "tab=hold_overdue", "決めた期限を過ぎても、保留のままです",
        f"SELECT count(*), coalesce(sum(o.total_yen), 0) {HOLD_OVERDUE}",
    ),
    Leak(
        "mall_not_told", "出荷済・モール未報告", "shipping:telling", "tab=untold", "モールに送り状番号を報告していません",
        "SELECT count(*), coalesce(sum(o.total_yen), 0) FROM shipping_shipment s JOIN orders_order o ON o.id = s.order_id "
        "WHERE s.mall_notice IN ('waiting', 'refused') AND s.state IN ('shipped', 'delivered')",
    ),
    Leak(
        "rest_waits", "一部出荷・残り未出荷", "orders:list", "tab=rest_waits", "一部だけ届いて、残りがまだ出ていません",
        f"SELECT count(*), coalesce(sum(o.total_yen), 0) {REST_WAITS}",
    ),
    Leak(
        "wave_missed", "締め切りを過ぎた出荷待ち", "shipping:ready", "tab=missed",
        "ウェーブの締め切りまでに、出荷指示が出ていません",
    ),
    Leak(
        "return_unsettled", "返品到着・未精算", "shipping:returns", "f.state=arrived&f.state=inspected",
        "戻った商品の検品か精算が終わっていません",
        "SELECT count(*), 0 FROM shipping_returncase WHERE state IN ('arrived', 'inspected')",
    ),
    Leak(
        "dispute_open", "異議申立（回答待ち）", "payments:requests", "tab=disputed&sort=answer_by",
        "カード会社への回答に期限があります。過ぎると、お金が戻りません",
        "SELECT count(*), coalesce(sum(disputed_yen), 0) FROM payments_paymentrequest WHERE state = 'disputed'",
    ),
    Leak(
        "hold_ends_soon", "与信期限まで3日", "payments:requests", "tab=soon",
        "出荷しないうちに、カードの与信が切れそうです",
        f"SELECT count(*), coalesce(sum(amount_yen), 0) FROM payments_paymentrequest WHERE {HOLD_ENDS_SOON}",
    ),
    Leak(
        "shipped_not_captured", "出荷済・売上未確定", "payments:requests", "tab=capture", "出荷したのに、カードの売上を確定していません",
        "SELECT count(*), coalesce(sum(r.amount_yen), 0) FROM payments_paymentrequest r JOIN orders_order o ON o.id = r.order_id "
        "WHERE r.state = 'authorised' AND o.shipped_at IS NOT NULL",
    ),
    Leak(
        "hold_lost", "出荷済・与信切れ", "payments:requests", "tab=lost", "商品は出たのに、カードから頂けません。お支払いを頼み直してください",
        f"SELECT count(*), coalesce(sum(amount_yen), 0) FROM payments_paymentrequest r JOIN orders_order o ON o.id = r.order_id WHERE {HOLD_LOST}",
    ),
    Leak(
        "provider_said_no", "決済会社が断った依頼", "payments:calls", "tab=open", "売上確定か返金が、できていません",
        "SELECT count(*), coalesce(sum(amount_yen), 0) FROM payments_providercall WHERE state IN ('refused', 'failed')",
    ),
    Leak(
        "provider_notice_odd", "要確認の知らせ（決済会社）", "payments:webhooks", "tab=failed", "決済会社からの知らせを、処理できていません",
        "SELECT count(*), 0 FROM payments_webhookevent WHERE state = 'failed'",
    ),
)  # fmt: skip


LATE = "late:"
LATEST = """
SELECT 'late:' || leak, sum(late), 0 FROM insights_leaksnapshot
WHERE "on" = (SELECT max("on") FROM insights_leaksnapshot) GROUP BY 1
"""


@dataclass(slots=True)
class Leaks:
    """漏れチェックの結果. `balanced`: every channel adds up and no intake lost an order."""

    channels: list[dict[str, Any]] = field(default_factory=list)
    lists: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    states: dict[str, tuple[int, int]] = field(default_factory=dict)  # (count, yen) of orders by state
    others: list[dict[str, Any]] = field(default_factory=list)  # the lists of BESIDE
    late: dict[str, int] = field(default_factory=dict)  # leak → past its limit at the latest record

    @property
    def balanced(self) -> bool:
        return not self.lost and all(channel["balanced"] for channel in self.channels)

    @property
    def open_count(self) -> int:
        """How many things are still to do over all lists."""
        return sum(item["count"] for item in self.lists)


def leaks() -> Leaks:
    """漏れチェック. Four queries, however many orders there are."""
    counted = orders.unfinished_counts()
    statements = {leak.name: leak.sql for leak in (*LEAKS, *BESIDE) if leak.sql} | {"lost": LOST}
    with connection.cursor() as cursor:
        cursor.execute(BALANCE)
        channels, states = _balance(cursor.fetchall())
        found = _counted(cursor, statements)
    late = {name.removeprefix(LATE): count for name, (count, _yen) in found.items() if name.startswith(LATE)}
    late_for_wave = [one.order.total_yen for one in waves.missed()]
    counted |= found | {"wave_missed": (len(late_for_wave), sum(late_for_wave))}
    lists = [_measured(leak, counted[leak.name]) for leak in LEAKS]
    others = [_measured(leak, counted[leak.name]) for leak in BESIDE]
    return Leaks(channels, lists, counted["lost"][0], states, others, late)


def _balance(
    rows: Sequence[tuple[str, str, str, int, Any, Any]],
) -> tuple[list[dict[str, Any]], dict[str, tuple[int, int]]]:
    """(the equation of each channel, (count, yen) of each state)."""
    channels: dict[str, dict[str, Any]] = {}
    states: dict[str, tuple[int, int]] = {}
    for code, title, state, count, total_yen, paid_yen in rows:
        row = channels.setdefault(code, {"channel": code, "title": title, **dict.fromkeys(FIGURES, 0)})
        for name in ("received", *([PART_OF[state]] if state in PART_OF else [])):
            row[name] += count
            row[f"{name}_yen"] += int(total_yen)
        row["paid_yen"] += int(paid_yen)
        before = states.get(state, (0, 0))
        states[state] = (before[0] + count, before[1] + int(total_yen))
    for row in channels.values():
        row["balanced"] = all(
            row[f"received{unit}"] == sum(row[f"{part}{unit}"] for part in PARTS) for unit in ("", "_yen")
        )
    return list(channels.values()), states


FIGURES = (
    "received",
    "received_yen",
    *(f"{part}{unit}" for part in PARTS for unit in ("", "_yen")),
    "paid_yen",
)


def _counted(cursor: Any, statements: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """(count, yen) of each of these statements, and of what was late at the latest record, asked in one."""
    whole = " UNION ALL ".join(
        f"SELECT '{name}', x.* FROM ({sql}) x(count, yen)" for name, sql in statements.items()
    )
    cursor.execute(f"{whole} UNION ALL {LATEST}")
    return {name: (int(count), int(yen)) for name, count, yen in cursor.fetchall()}


def _measured(leak: Leak, found: tuple[int, int]) -> dict[str, Any]:
    count, yen = found
    return {
        "name": leak.name, "title": leak.title, "count": count, "yen": yen, "url": leak.url, "note": leak.note,
        "tone": "bad" if count else "good",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """今日の出入り: what was received today, and what was shipped on each of the last days, oldest first."""

    received: tuple[int, int]  # count, yen
    shipped: tuple[int, int]
    days: Sequence[tuple[str, int]]


def flow(days: int, *, today: date) -> Flow:
    """受付と出荷 of today and 出荷件数 per day for the chart of the first screen. One query."""
    first = today - timedelta(days=days - 1)
    moments = {
        name: timezone.make_aware(datetime.combine(day, time.min))
        for name, day in (("start", today), ("first", first))
    }
    with connection.cursor() as cursor:
        cursor.execute(FLOW, moments)
        found = {(kind, day): (count, int(yen)) for kind, day, count, yen in cursor.fetchall()}
    shown = [first + timedelta(days=n) for n in range(days)]
    chart = [(f"{day:%-m/%-d}", found.get(("shipped", day), (0, 0))[0]) for day in shown]
    return Flow(found["received", None], found.get(("shipped", today), (0, 0)), chart)
