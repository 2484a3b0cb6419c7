"""ポイントの操作: spend, earn, give, correct, take back, expire. One point is one yen off an order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from akinai.accounting.queries import sales as books
from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.marketing import rules
from akinai.marketing.models import PointBalance, PointEntry, PointLot, PointSettings
from akinai.marketing.services import ledger
from akinai.marketing.services.giving_back import settle_use, take_back_use
from akinai.marketing.services.ledger import Write
from akinai.orders import queries as orders
from akinai.party import queries as party

if TYPE_CHECKING:
    from datetime import date

    from akinai.orders.models import Order
    from akinai.staff.models import Staff

MOST = 1_000_000
__all__ = [
    "balance", "concerned", "correct", "expire_due", "give", "settle", "settle_use", "spend", "take_back_use", "terms",
]  # fmt: skip


def terms() -> PointSettings:
    """ポイントの決まり; as delivered while nobody has saved them."""
    return PointSettings.objects.filter(pk=1).first() or PointSettings(pk=1)


def balance(customer_id: int) -> int:
    """使えるポイント."""
    return int(live_lots(customer_id).aggregate(n=Sum("left_points"))["n"] or 0)


def live_lots(customer_id: int) -> QuerySet[PointLot]:
    """What can be used: those that are over by today do not count, also before the job has taken them."""
    return PointLot.objects.filter(customer_id=customer_id, left_points__gt=0).exclude(
        expires_on__lt=clock.today()
    )


def spend(customer_id: int, points: int, *, order_id: int, by: Staff | None = None) -> PointEntry:
    """ポイントを使う, in the transaction that places the order; once per order. The oldest-expiring go first.

    Raises NotEnoughPoints when somebody was faster, DomainError for less than the least.
    """
    least = terms().least_points
    if points < max(least, 1):
        raise DomainError(
            f"ポイントは {max(least, 1):,} ポイントからご利用いただけます。",
            way_out="ポイントの数を直してください。",
        )
    told = Write(customer_id, -points, PointEntry.Kind.USED, f"use:{order_id}", order_id)
    return ledger.write(told, by=by)


@transaction.atomic
def settle(order_id: int) -> int:
    """付与を合わせる: what this order deserves now, less what it was given. Call it at any time, as often as you like.

    Goods that have left earn by the rate on their 税抜 price after all cuts; what comes back takes its part away again, as far
    as the customer still has points. Out: the points moved.
    """
    order = orders.with_lines([order_id])[0]
    if order.customer_id is None:
        return 0
    left, told = ledger.hold(order.customer_id), terms()
    given = _given(order_id)
    rate = _rate_for(order, told, given)
    lacks = rules.earned_points(books.goods_net(order_id), rate, told.rounding) - sum(
        one.points for one in given
    )
    if lacks > 0:
        return _write_earned(
            order.customer_id, order, lacks, f"earn:{order_id}:{len(given)}", _last_day(told), rate
        )
    if lost := min(-lacks, left):
        return _write_lost(order.customer_id, order, lost, f"lose:{order_id}:{len(given)}", given[0])
    return 0


def _given(order_id: int) -> list[PointEntry]:
    """What the order earned, and what was taken away of it."""
    kind = PointEntry.Kind
    rows = PointEntry.objects.filter(order_id=order_id)
    return list(
        rows.filter(Q(kind=kind.EARNED) | Q(kind=kind.REVERSED, reverses__kind=kind.EARNED)).order_by("pk")
    )


def _rate_for(order: Order, told: PointSettings, given: Sequence[PointEntry]) -> Decimal:
    """What has earned keeps the rate it earned by; shops and switches decide about what has not."""
    if given and given[0].rate is not None:
        return given[0].rate
    return told.rate if told.is_on and order.channel.code in told.channels else Decimal(0)


def _write_earned(
    customer_id: int, order: Order, points: int, key: str, expires_on: date | None, rate: Decimal
) -> int:
    told = Write(
        customer_id, points, PointEntry.Kind.EARNED, key, order.pk, expires_on, order.number, rate=rate
    )
    return ledger.write(told, by=None).points


def _write_lost(customer_id: int, order: Order, lost: int, key: str, earned: PointEntry) -> int:
    """返品・取消: from the order's own lot first."""
    note = f"返品・取消 {order.number}"
    told = Write(customer_id, -lost, PointEntry.Kind.REVERSED, key, order.pk, None, note, earned.pk)
    return ledger.write(told, by=None, first=earned.pk).points


def _last_day(told: PointSettings) -> date | None:
    return clock.today() + timedelta(days=told.valid_days) if told.valid_days else None


def give(customer_id: int, points: int, *, key: str, note: str, by: Staff | None = None) -> PointEntry:
    """進呈: points as a present of a campaign; `key` once."""
    if not 1 <= points <= MOST:
        raise DomainError(
            f"{points:,} ポイントは進呈できません。", way_out=f"1 から {MOST:,} までにしてください。"
        )
    told = Write(customer_id, points, PointEntry.Kind.GIVEN, key, None, _last_day(terms()), note)
    return ledger.write(told, by=by)


@transaction.atomic
def correct(customer_id: int, points: int, *, reason: str, key: str = "", by: Staff | None) -> PointEntry:
    """訂正 by a clerk, up or down, with its reason. Never below 0 (NotEnoughPoints)."""
    if not points or abs(points) > MOST:
        raise DomainError(
            "増減するポイントがありません。", way_out=f"0 でない、{MOST:,} までの数を入力してください。"
        )
    if not reason.strip():
        raise DomainError("訂正の理由がありません。", way_out="理由を書いてください。")
    last = _last_day(terms()) if points > 0 else None
    told = Write(
        customer_id, points, PointEntry.Kind.CORRECTED, key or f"correct:{uuid.uuid4()}", None, last, reason
    )
    entry = ledger.write(told, by=by)
    customer = party.customer_by_id(customer_id)
    if customer is not None:
        activity.record(customer, "correct_points", by=by, summary=f"ポイント {points:+,}: {reason}"[:500])
    return entry


def expire_due() -> int:
    """期限切れ of everybody, each customer in a transaction of his own. Safe to run at any time. Out: points."""
    lots = PointLot.objects.filter(left_points__gt=0, expires_on__lt=clock.today())
    total = 0
    for customer_id in list(lots.order_by("customer_id").values_list("customer_id", flat=True).distinct()):
        with transaction.atomic():
            PointBalance.objects.select_for_update(no_key=True).get(pk=customer_id)
            total += ledger.expire(customer_id)
    return total


def concerned(order_ids: Sequence[int]) -> list[int]:
    """Which of these orders earn points, or have earned some: two queries for a file of a thousand orders."""
    told = terms()
    earned = set(PointEntry.objects.filter(order_id__in=order_ids).values_list("order_id", flat=True))
    if told.is_on:
        earned |= set(orders.ids_of_channels(order_ids, told.channels))
    return sorted(earned)
