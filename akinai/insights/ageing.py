"""漏れの経過日数: how long things sit in each leak, per channel, against the limit of that leak. Reads only.

Orders tell their own leaks; the others are plain SQL. Each gives rows of (channel, since when, yen).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.models import Activity
from akinai.insights.models import LeakLimit
from akinai.insights.queries import BESIDE, HOLD_ENDS_SOON, HOLD_LOST, HOLD_OVERDUE, LEAKS, REST_WAITS, Leak
from akinai.orders import queries as orders
from akinai.shipping import wave_queries as waves

if TYPE_CHECKING:
    from akinai.shipping.wave_rules import Missed

ELSEWHERE = ""  # the channel of what belongs to none


@dataclass(frozen=True, slots=True)
class Usual:
    """担当と期限 as long as the shop has not said otherwise."""

    role: str
    days: int


USUAL: Mapping[str, Usual] = {
    "paid_not_shipped": Usual("倉庫", 3), "shipped_not_invoiced": Usual("経理", 2), "invoiced_not_sent": Usual("経理", 2),
    "shipped_not_notified": Usual("倉庫", 1), "delivered_not_paid": Usual("経理", 45), "cancelled_with_money": Usual("経理", 3),
    "mall_not_told": Usual("倉庫", 1), "rest_waits": Usual("受注", 14), "wave_missed": Usual("倉庫", 0), "hold_overdue": Usual("受注", 0), "return_unsettled": Usual("経理", 5), "money_without_order": Usual("経理", 3),
    "mail_failed": Usual("受注", 1), "dispute_open": Usual("経理", 3), "hold_ends_soon": Usual("受注", 1),
    "shipped_not_captured": Usual("経理", 1), "hold_lost": Usual("経理", 1), "provider_said_no": Usual("経理", 1),
    "provider_notice_odd": Usual("経理", 1),
}  # fmt: skip

# What is not an order's own leak: (channel id, since, yen) of each thing.
OTHERS: Mapping[str, str] = {
    "mall_not_told": "SELECT o.channel_id, s.shipped_at, o.total_yen FROM shipping_shipment s JOIN orders_order o ON o.id = s.order_id "
    "WHERE s.mall_notice IN ('waiting', 'refused') AND s.state IN ('shipped', 'delivered')",
    "rest_waits": f"SELECT o.channel_id, gone.at, o.total_yen {REST_WAITS}",
    "hold_overdue": f"SELECT o.channel_id, due.at, o.total_yen {HOLD_OVERDUE}",
    "return_unsettled": "SELECT o.channel_id, c.waits_since, 0 FROM shipping_returncase c JOIN orders_order o ON o.id = c.order_id "
    "WHERE c.state IN ('arrived', 'inspected')",
    "money_without_order": "SELECT NULL::bigint, (\"on\"::timestamp AT TIME ZONE 'Asia/Tokyo'), amount_yen - matched_yen "
    "FROM payments_banklinestatus WHERE state IN ('open', 'proposed', 'partial') OR (state = 'matched' AND returned_by_id IS NOT NULL)",
    "mail_failed": "SELECT NULL::bigint, created_at, 0 FROM core_outgoingmail WHERE state = 'failed'",
    # It counts from a week before the answer is due, so that it is late when three days are left.
    "dispute_open": "SELECT o.channel_id, ((r.answer_by - 7)::timestamp AT TIME ZONE 'Asia/Tokyo'), r.disputed_yen "
    "FROM payments_paymentrequest r JOIN orders_order o ON o.id = r.order_id WHERE r.state = 'disputed'",
    "hold_ends_soon": "SELECT o.channel_id, ((r.expires_on - 3)::timestamp AT TIME ZONE 'Asia/Tokyo'), r.amount_yen "
    f"FROM payments_paymentrequest r JOIN orders_order o ON o.id = r.order_id WHERE r.{HOLD_ENDS_SOON}",
    "shipped_not_captured": "SELECT o.channel_id, o.shipped_at, r.amount_yen FROM payments_paymentrequest r "
    "JOIN orders_order o ON o.id = r.order_id WHERE r.state = 'authorised' AND o.shipped_at IS NOT NULL",
    "hold_lost": "SELECT o.channel_id, o.shipped_at, r.amount_yen FROM payments_paymentrequest r "
    f"JOIN orders_order o ON o.id = r.order_id WHERE {HOLD_LOST}",
    "provider_said_no": "SELECT o.channel_id, c.done_at, c.amount_yen FROM payments_providercall c "
    "JOIN payments_paymentrequest r ON r.id = c.request_id JOIN orders_order o ON o.id = r.order_id WHERE c.state IN ('refused', 'failed')",
    "provider_notice_odd": "SELECT NULL::bigint, received_at, 0 FROM payments_webhookevent WHERE state = 'failed'",
}
OTHER = """
SELECT '{name}', x.channel, count(*), coalesce(sum(x.yen), 0), count(*) FILTER (WHERE x.since < %s), min(x.since)
FROM ({sql}) x(channel, since, yen) GROUP BY 2
"""


@dataclass(frozen=True, slots=True)
class Part:
    """漏れ of one channel: how many, for how much, how many past the limit, and since when the oldest."""

    channel_id: int | None
    channel: str
    code: str
    count: int
    yen: int
    late: int
    days: int
    url: str = ""


@dataclass(slots=True)
class Aged:
    """漏れ with its owner and limit, and its parts by channel, the longest waiting first."""

    leak: Leak
    role: str
    owner: Any
    limit_days: int
    is_mailed: bool
    url: str
    parts: list[Part] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def yen(self) -> int:
        return sum(part.yen for part in self.parts)

    @property
    def late(self) -> int:
        return sum(part.late for part in self.parts)

    @property
    def days(self) -> int:
        return max((part.days for part in self.parts), default=0)

    @property
    def who(self) -> str:
        """担当者, else the role."""
        return str(self.owner) if self.owner else self.role


def aged(today: date | None = None) -> list[Aged]:
    """Every leak with its age. Five queries, however much sits in them."""
    day = today or clock.today()
    found = {leak.name: _empty(leak, limit) for leak, limit in _limits()}
    names = {pk: (code, name) for pk, code, name in channels.every_id()}
    bounds = {name: _bound(day, one.limit_days) for name, one in found.items()}
    for name, channel_id, count, yen, late, since in [*_orders(bounds), *_others(bounds), *_waves(bounds)]:
        code, title = names.get(channel_id, (ELSEWHERE, "（チャネルなし）"))
        days = max((day - timezone.localdate(since)).days, 0) if since else 0
        url = _with_channel(found[name].url, code)
        found[name].parts.append(Part(channel_id, title, code, count, int(yen), late, days, url))
    for one in found.values():
        one.parts.sort(key=lambda part: (-part.days, part.channel))
    return list(found.values())


def _limits() -> Iterable[tuple[Leak, LeakLimit | None]]:
    kept = {row.leak: row for row in LeakLimit.objects.select_related("owner")}
    return [(leak, kept.get(leak.name)) for leak in (*LEAKS, *BESIDE)]


def _empty(leak: Leak, limit: LeakLimit | None) -> Aged:
    usual = USUAL.get(leak.name, Usual("店長", 3))
    if limit is None:
        return Aged(leak, usual.role, None, usual.days, True, leak.url)
    return Aged(leak, limit.role or usual.role, limit.owner, limit.limit_days, limit.is_mailed, leak.url)


def _bound(today: date, limit_days: int) -> datetime:
    """Things that began before this moment are past their limit: the limit counts whole days."""
    return timezone.make_aware(datetime.combine(today - timedelta(days=limit_days), time.min))


def _since(name: str) -> Any:
    """When an order began to wait in this leak."""
    if name == "paid_not_shipped":
        return F("received_at")
    if name == "cancelled_with_money":
        cancelled = Activity.objects.filter(
            subject_type="orders.order", subject_id=OuterRef("pk"), verb="cancel"
        )
        return Coalesce(Subquery(cancelled.order_by("-id").values("at")[:1]), F("received_at"))
    return Coalesce(F("shipped_at"), F("received_at"), output_field=DateTimeField())


def _orders(bounds: Mapping[str, datetime]) -> list[Sequence[Any]]:
    parts = []
    for name in orders.UNFINISHED:
        rows = orders.unfinished(name).order_by().annotate(since=_since(name))
        grouped = rows.values(leak=Value(name, output_field=TextField()), where=F("channel_id"))
        parts.append(
            grouped.annotate(
                n=Count("pk"), yen=Sum("total_yen"), late=Count(Case(When(Q(since__lt=bounds[name]), then=1))), first=Min("since")
            ).values_list("leak", "where", "n", "yen", "late", "first")
        )  # fmt: skip
    return list(parts[0].union(*parts[1:], all=True))


def _others(bounds: Mapping[str, datetime]) -> list[Sequence[Any]]:
    whole = " UNION ALL ".join(OTHER.format(name=name, sql=sql) for name, sql in OTHERS.items())
    with connection.cursor() as cursor:
        cursor.execute(whole, [bounds[name] for name in OTHERS])
        return list(cursor.fetchall())


def _waves(bounds: Mapping[str, datetime]) -> list[Sequence[Any]]:
    """締め切りを過ぎた受注 by channel, since their cut-off: the calendar of business decides it, not the database."""
    parts: dict[int, list[Missed]] = {}
    for one in waves.missed():
        parts.setdefault(one.order.channel_id, []).append(one)
    return [
        (
            "wave_missed", channel_id, len(mine), sum(one.order.total_yen for one in mine),
            sum(one.at < bounds["wave_missed"] for one in mine), min(one.at for one in mine),
        )
        for channel_id, mine in parts.items()
    ]  # fmt: skip


def _with_channel(url: str, code: str) -> str:
    return f"{url}&f.channel={code}" if url and code and "?" in url else url
