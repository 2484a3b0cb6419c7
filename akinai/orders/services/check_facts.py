"""要確認の規則の下調べ: which rules are in force, and what they need to know of many orders, in a few queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.orders import ports
from akinai.orders.check_rules import Check, Goods, History, Nearby, Need, OrderFacts, from_json, needs
from akinai.orders.check_rules.facts import address_key, phone_key
from akinai.orders.check_rules.standard import in_force
from akinai.orders.models import CheckRule, CheckRuleVersion
from akinai.orders.ports import OrderDraft
from akinai.orders.rules import Looked
from akinai.orders.states import CheckAction


@lru_cache(maxsize=512)
def _ready(
    code: str, name: str, condition: str, reason: str, is_warning: bool, version_id: int | None
) -> Check:
    """Made ready once: every part of the key is what decides it."""
    return Check(code, name, from_json(json.loads(condition)), reason, is_warning, version_id)


def live_checks() -> list[Check]:
    """規則 in force, in their order. One query."""
    rows = list(
        CheckRule.objects.filter(is_built_in=False)
        .order_by("priority", "id")
        .values_list("code", "name", Cast("live__condition", TextField()), "live__reason", "live__action", "live_id")
    )  # fmt: skip
    own = [
        _ready(code, name, condition, reason, action == CheckAction.WARN, pk)
        for code, name, condition, reason, action, pk in rows
        if pk is not None
    ]
    return own + in_force({row[0] for row in rows})


def check_of(rule: CheckRule, version: CheckRuleVersion) -> Check:
    """One version, whether it is in force or not."""
    is_warning = version.action == CheckAction.WARN
    return Check(rule.code, rule.name, from_json(version.condition), version.reason, is_warning, version.pk)


@dataclass(frozen=True, slots=True)
class ToCheck:
    """One order to be judged. `order_id` is None while it is not written; `skus`: line number → SKU."""

    draft: OrderDraft
    looked: Looked
    channel: str
    customer_id: int | None
    skus: Mapping[int, int]
    order_id: int | None = None

    @property
    def at(self) -> datetime:
        return self.draft.ordered_at


def gather(
    orders: Sequence[ToCheck], checks: Iterable[Check], *, new_customers: Collection[int] = frozenset()
) -> list[OrderFacts]:
    """The facts of each order, in their order: only what these rules ask for, at most six queries for any number."""
    wanted = needs(checks)
    histories = _histories(orders, new_customers) if Need.HISTORY in wanted else [None] * len(orders)
    nearby = _nearby(orders, wanted[Need.NEARBY]) if wanted.get(Need.NEARBY) else [Nearby()] * len(orders)
    goods = _goods(orders) if Need.GOODS in wanted else {}
    return [
        OrderFacts(one.draft, one.looked, one.channel, history, near, _goods_of(one, goods))
        for one, history, near in zip(orders, histories, nearby, strict=True)
    ]


# ---- この顧客のこれまで

PAST = """
SELECT customer_id, id, ordered_at, state = 'cancelled',
  state <> 'cancelled' AND NOT payment_settled AND paid_yen < total_yen
    AND (coalesce(payment_due_on < %s, false) OR state IN ('shipped', 'completed') AND payment IN ('deferred', 'credit_terms', 'cod')
         AND coalesce(shipped_at < %s, false))
FROM orders_order WHERE customer_id = ANY(%s) AND ordered_at < %s
"""
PAID_WITHIN = timedelta(days=60)  # after the goods have left, for what is paid later


@dataclass(frozen=True, slots=True)
class _Past:
    order_id: int | None
    at: datetime
    cancelled: bool = False
    unpaid: bool = False


def _histories(orders: Sequence[ToCheck], new_customers: Collection[int]) -> list[History | None]:
    """As things are known now; orders that come in together count for the later ones."""
    past = _past_of(orders, new_customers)
    refused = {
        pk for pk, was_refused in ports.returned(
            [one.order_id for rows in past.values() for one in rows if one.order_id is not None]
        ).items() if was_refused
    }  # fmt: skip
    for one in orders:
        if one.order_id is None and one.customer_id is not None:
            past[one.customer_id].append(_Past(None, one.at))
    return [_history(one, past, refused) for one in orders]


def _past_of(orders: Sequence[ToCheck], new_customers: Collection[int]) -> dict[int, list[_Past]]:
    found: dict[int, list[_Past]] = defaultdict(list)
    customers = {one.customer_id for one in orders if one.customer_id is not None} - set(new_customers)
    if customers:
        today, latest = clock.today(), max(one.at for one in orders)
        with connection.cursor() as cursor:
            cursor.execute(PAST, [today, clock.now() - PAID_WITHIN, sorted(customers), latest])
            for customer_id, *row in cursor.fetchall():
                found[customer_id].append(_Past(*row))
    return found


def _history(one: ToCheck, past: Mapping[int, list[_Past]], refused: Collection[int]) -> History | None:
    if one.customer_id is None:
        return None
    rows = [row for row in past[one.customer_id] if row.at < one.at and (row.order_id or -1) != one.order_id]
    return History(
        len(rows), sum(row.cancelled for row in rows), sum(row.unpaid for row in rows),
        sum(row.order_id in refused for row in rows),
    )  # fmt: skip


# ---- 同じ住所・電話

NEAR = """
SELECT id, ordered_at, ship_prefecture || ship_city || ship_line1 || ship_line2, buyer_phone
FROM orders_order WHERE ordered_at BETWEEN %s AND %s
  AND (ship_postal_code = ANY(%s) OR regexp_replace(normalize(buyer_phone, NFKC), '[^0-9]', '', 'g') = ANY(%s))
"""


def _nearby(orders: Sequence[ToCheck], hours: int) -> list[Nearby]:
    """Others of the hours before, among those that are here and those that come in together. One query."""
    places: dict[str, list[tuple[datetime, object]]] = defaultdict(list)
    phones: dict[str, list[tuple[datetime, object]]] = defaultdict(list)
    for pk, at, address, phone in _near_rows(orders, hours):
        places[address_key(ports.Address(line1=address))].append((at, pk))
        phones[phone_key(phone)].append((at, pk))
    for one in orders:
        if one.order_id is None:
            places[address_key(one.draft.ship_to)].append((one.at, id(one)))
            phones[phone_key(one.draft.buyer.phone)].append((one.at, id(one)))
    return [
        Nearby(
            _ages(one, places.get(address_key(one.draft.ship_to) or "-", ())),
            _ages(one, phones.get(phone_key(one.draft.buyer.phone) or "-", ())),
        )
        for one in orders
    ]


def _near_rows(orders: Sequence[ToCheck], hours: int) -> list[tuple[int, datetime, str, str]]:
    if not orders:
        return []
    times = [one.at for one in orders]
    codes = {one.draft.ship_to.postal_code for one in orders} - {""}
    phones = {phone_key(one.draft.buyer.phone) for one in orders} - {""}
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [min(times) - timedelta(hours=hours), max(times), sorted(codes), sorted(phones)])
        return cursor.fetchall()


def _ages(one: ToCheck, others: Sequence[tuple[datetime, object]]) -> tuple[float, ...]:
    mine = one.order_id if one.order_id is not None else id(one)
    return tuple(
        (one.at - at).total_seconds() / 3600 for at, whose in others if at <= one.at and whose != mine
    )


# ---- 商品


def _goods(orders: Sequence[ToCheck]) -> Mapping[int, catalog.GoodsNames]:
    return catalog.goods_names({sku for one in orders for sku in one.skus.values()})


def _goods_of(one: ToCheck, names: Mapping[int, catalog.GoodsNames]) -> tuple[Goods, ...]:
    if not names:
        return ()
    return tuple(
        _line_goods(line.sku_code, names.get(one.skus.get(line.line_no, 0)))
        for line in one.draft.lines
        if line.quantity > 0
    )


def _line_goods(code: str, names: catalog.GoodsNames | None) -> Goods:
    if names is None:
        return Goods(frozenset({code} if code else ()))
    return Goods(frozenset({code, *names.codes} - {""}), names.category, names.brand, names.attributes)
