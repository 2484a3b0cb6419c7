"""What is looked up before orders are judged (受付の下調べ): a few queries for any number of drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from akinai.core import postal
from akinai.orders import ports, queries
from akinai.orders.models import HoldRule
from akinai.orders.ports import OrderDraft
from akinai.orders.rules import Looked, RuleSetting, setting_of


@dataclass(frozen=True, slots=True)
class Known:
    """An order that is already here, as far as comparing needs it."""

    id: int
    number: str
    channel_order_no: str
    state: str
    digest: str
    payment_settled: bool
    shipped_outside: bool
    amounts_known: bool


def known_orders(channel_id: int, channel_order_nos: Sequence[str]) -> dict[str, Known]:
    """Orders of the channel by their numbers there. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, channel_order_no, state, content_digest, payment_settled, shipped_outside, "
            "amounts_known "
            "FROM orders_order WHERE channel_id = %s AND channel_order_no = ANY(%s)",
            [channel_id, list(channel_order_nos)],
        )
        return {row[2]: Known(*row) for row in cursor.fetchall()}


def rule_settings() -> dict[str, RuleSetting]:
    """Switches and limits of the built-in 要確認 rules. One query."""
    rows = HoldRule.objects.values_list("code", "is_enabled", "limit_days")
    return {code: RuleSetting(on, days) for code, on, days in rows}


def looked_up(
    draft: OrderDraft, now: datetime, twin: str = "", misses: str = "", others_miss: str = ""
) -> Looked:
    """What the rules need to know about one draft beside itself."""
    towns = postal.lookup(draft.ship_to.postal_code)
    return Looked(timezone.localdate(now), towns, twin, misses=misses, others_miss=others_miss)


@dataclass(slots=True)
class Credits:
    """与信: what customers who buy 掛け may owe, and what they owe. The limits stay locked until commit."""

    limits: Mapping[int, int]
    used: dict[int, int]

    @classmethod
    def of(cls, customer_ids: Sequence[int | None]) -> Credits:
        """Of these customers; no query when there is none."""
        limits = ports.credit_limits({pk for pk in customer_ids if pk is not None})
        return cls(limits, queries.credit_used(list(limits)) if limits else {})

    def told(self, looked: Looked, customer_id: int | None, total_yen: int) -> Looked:
        """`looked` with the customer's credit; the next order of the same call finds this one added."""
        if customer_id is None or customer_id not in self.limits:
            return looked
        used = self.used.get(customer_id, 0)
        self.used[customer_id] = used + total_yen
        return replace(looked, credit_limit_yen=self.limits[customer_id], credit_used_yen=used)


@dataclass(frozen=True, slots=True)
class Asked:
    """One order to be compared with the others: whose, when, which SKUs."""

    number: str
    customer_id: int | None
    at: datetime
    sku_ids: frozenset[int]


def twins(
    asked: Sequence[Asked],
    settings: Mapping[str, RuleSetting],
    *,
    new_customers: frozenset[int] = frozenset(),
) -> dict[str, str]:
    """重複の疑い: number → number of another order of the same customer with just the same SKUs, days apart at most.

    Looks among the asked ones and among those already here. One query, none when nobody can have ordered before.
    """
    setting = setting_of("duplicate", settings)
    if not setting.is_enabled:
        return {}
    within = timedelta(days=setting.limit_days or 0)
    wanted = [one for one in asked if one.customer_id and one.sku_ids]
    found = _among(wanted, within)
    before = _ordered_before([one for one in wanted if one.customer_id not in new_customers], within)
    for one in wanted:
        for at, number in before.get((one.customer_id, one.sku_ids), ()):
            if number != one.number and abs(at - one.at) <= within:
                found.setdefault(one.number, number)
    return found


Seen = tuple[datetime, str]


def _ordered_before(
    asked: Sequence[Asked], within: timedelta
) -> Mapping[tuple[int | None, frozenset[int]], list[Seen]]:
    """(customer, SKUs) → orders that are here, of these customers and around these days."""
    found: dict[tuple[int | None, frozenset[int]], list[Seen]] = defaultdict(list)
    if not asked:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.customer_id, o.ordered_at, o.number, array_agg(l.sku_id) FROM orders_order o "
            "JOIN orders_orderline l ON l.order_id = o.id AND l.sku_id IS NOT NULL AND l.quantity > 0 "
            "WHERE o.customer_id = ANY(%s) AND o.ordered_at BETWEEN %s AND %s "
            "AND o.state <> 'cancelled' AND NOT o.shipped_outside GROUP BY o.id ORDER BY o.ordered_at, o.id",
            [
                sorted({one.customer_id for one in asked if one.customer_id}),
                min(one.at for one in asked) - within,
                max(one.at for one in asked) + within,
            ],
        )
        for customer_id, at, number, skus in cursor.fetchall():
            found[customer_id, frozenset(skus)].append((at, number))
    return found


def _among(asked: Sequence[Asked], within: timedelta) -> dict[str, str]:
    """The same among the asked ones: the later one names the earlier one."""
    found: dict[str, str] = {}
    last: dict[tuple[int | None, frozenset[int]], Seen] = {}
    for one in sorted(asked, key=lambda one: (one.at, one.number)):
        key = (one.customer_id, one.sku_ids)
        if key in last and one.at - last[key][0] <= within:
            found[one.number] = last[key][1]
        last[key] = (one.at, one.number)
    return found
