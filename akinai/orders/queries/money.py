"""未入金と金額: what orders owe and came to, as matching, settlements and credit limits ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from akinai.core.search import search
from akinai.orders.models import Order
from akinai.orders.states import OrderState, PaymentKind

PAID_BY_TRANSFER = (PaymentKind.BANK_TRANSFER, PaymentKind.CREDIT_TERMS, PaymentKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class BankDue:
    """未入金 that a transfer may pay, with the names as the order tells them."""

    order_id: int
    number: str
    channel_order_no: str
    customer_id: int | None
    buyer_name: str
    buyer_kana: str
    buyer_company: str
    ship_name: str
    ship_kana: str
    owed_yen: int
    ordered_on: date


@dataclass(frozen=True, slots=True)
class ClosedDue:
    """済んだ受注: paid by transfer, or cancelled without money."""

    number: str
    customer_id: int | None
    buyer_name: str
    buyer_kana: str
    total_yen: int
    is_cancelled: bool


def bank_dues() -> list[BankDue]:
    """Every order that a bank transfer may pay, oldest first."""
    rows = (
        Order.objects.filter(
            payment__in=PAID_BY_TRANSFER, payment_settled=False, total_yen__gt=F("paid_yen"), amounts_known=True,
            shipped_outside=False,
        )
        .exclude(state=OrderState.CANCELLED)
        .order_by("ordered_at", "id")
        .values_list(
            "id", "number", "channel_order_no", "customer_id", "buyer_name", "buyer_kana", "buyer_company", "ship_name",
            "ship_kana", "total_yen", "paid_yen", "ordered_at",
        )
    )  # fmt: skip
    return [
        BankDue(
            pk, number, channel_no, customer, name, kana, company, ship_name, ship_kana, total - paid, timezone.localdate(at)
        )
        for pk, number, channel_no, customer, name, kana, company, ship_name, ship_kana, total, paid, at in rows
    ]  # fmt: skip


def closed_dues(amounts: Sequence[int], *, since: date) -> list[ClosedDue]:
    """Orders by transfer since that day with one of these totals that are paid in full or cancelled."""
    first = timezone.make_aware(datetime.combine(since, time.min))
    rows = (
        Order.objects.filter(payment__in=PAID_BY_TRANSFER, ordered_at__gte=first, total_yen__gt=0)
        .filter(Q(state=OrderState.CANCELLED) | Q(total_yen=F("paid_yen")))
        .values_list("number", "customer_id", "buyer_name", "buyer_kana", "total_yen", "state")
    )
    wanted = set(amounts)
    return [
        ClosedDue(number, customer, name, kana, total, state == OrderState.CANCELLED)
        for number, customer, name, kana, total, state in rows.iterator(chunk_size=5_000)
        if total in wanted
    ]


def owed(order_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """order → (yen still owed, customer)."""
    rows = Order.objects.filter(pk__in=list(order_ids)).values_list(
        "pk", "total_yen", "paid_yen", "customer_id"
    )
    return {pk: (total - paid, customer) for pk, total, paid, customer in rows}


def paid(order_ids: Sequence[int]) -> dict[int, int]:
    """order → yen paid."""
    return dict(Order.objects.filter(pk__in=list(order_ids)).values_list("pk", "paid_yen"))


@dataclass(frozen=True, slots=True)
class OrderSum:
    """受注の金額 as a settlement meets it."""

    order_id: int
    number: str
    total_yen: int
    paid_yen: int
    points_yen: int
    amounts_known: bool
    is_cancelled: bool


def sums_of(order_ids: Sequence[int]) -> dict[int, OrderSum]:
    """order → its amounts."""
    names = ("pk", "number", "total_yen", "paid_yen", "points_yen", "amounts_known", "state")
    rows = Order.objects.filter(pk__in=list(order_ids)).values_list(*names)
    return {
        pk: OrderSum(pk, number, total, paid, points, known, state == OrderState.CANCELLED)
        for pk, number, total, paid, points, known, state in rows
    }


def credit_used(customer_ids: Sequence[int]) -> dict[int, int]:
    """顧客 → 掛けの未入金: what open 掛け orders owe, shipped or not."""
    rows = (
        Order.objects.filter(customer_id__in=list(customer_ids), payment=PaymentKind.CREDIT_TERMS)
        .exclude(state=OrderState.CANCELLED)
        .filter(total_yen__gt=F("paid_yen"))
        .values("customer_id")
        .annotate(yen=Sum(F("total_yen") - F("paid_yen")))
        .values_list("customer_id", "yen")
    )
    return dict(rows)


def rows_for_matching(order_ids: Sequence[int]) -> dict[int, Order]:
    """Orders that still owe, with their channel, by id."""
    found = Order.objects.filter(pk__in=list(order_ids), total_yen__gt=F("paid_yen")).select_related(
        "channel"
    )
    return {order.pk: order for order in found}


def _owing() -> QuerySet[Order]:
    """未入金: orders that still owe money that we have to see ourselves."""
    owing = Order.objects.filter(total_yen__gt=F("paid_yen"), payment_settled=False)
    return owing.exclude(state=OrderState.CANCELLED).select_related("channel")


def find_owing(text: str, *, limit: int = 12) -> list[Order]:
    """Orders that still owe and contain the text (name, kana, phone, the mall's number), newest first.

    Our own number is found by its beginning ("SO-2026-00") or by its last digits ("39").
    """
    key = text.strip().upper()
    named = Q(number__startswith=key) if key.startswith("SO-") else Q(number__endswith=key)
    by_number = _owing().filter(named).order_by("-ordered_at")[:limit] if key[-1:].isdigit() else []
    found = {order.pk: order for order in by_number}
    found |= {order.pk: order for order in search(_owing(), text).order_by("-ordered_at")[:limit]}
    return list(found.values())[:limit]


def owing_of(customer_id: int, *, limit: int = 20) -> list[Order]:
    """Orders of a customer that still owe, oldest first."""
    return list(_owing().filter(customer_id=customer_id).order_by("ordered_at", "id")[:limit])
