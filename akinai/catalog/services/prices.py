"""価格の予約: plan, apply at its moment, bring back, cancel. Set-based: thousands of SKUs change at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from akinai.catalog import double_price
from akinai.catalog.models import PriceChange, PriceSchedule, Sku
from akinai.catalog.services.batch import Batch, lock_products, update_column, write
from akinai.core import activity, clock, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

State = PriceSchedule.State


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall become of one SKU's price."""

    sku: Sku
    price_yen: int
    list_price_yen: int | None = None


def warnings(plans: Sequence[Plan], *, starts_at: datetime, ends_at: datetime | None) -> list[str]:
    """二重価格: what the price history says against the former prices these plans show, one query for all."""
    told = [plan for plan in plans if plan.list_price_yen]
    history: dict[int, list[tuple[datetime, int]]] = {}
    rows = PriceChange.objects.filter(sku__in=[plan.sku.pk for plan in told]).order_by("sku", "id")
    for sku_id, at, price in rows.values_list("sku", "at", "price_yen"):
        history.setdefault(sku_id, []).append((at, price))
    return [
        f"{plan.sku.code}: {text}"
        for plan in told
        for text in double_price.warnings(
            history.get(plan.sku.pk, []), plan.list_price_yen or 0, starts_at=starts_at, ends_at=ends_at
        )
    ]


def schedule_prices(
    plans: Sequence[Plan], *, starts_at: datetime, ends_at: datetime | None, reason: str, by: Staff | None
) -> list[PriceSchedule]:
    """価格の予約. Without an end the price stays. Raises DomainError when one of the SKUs has a schedule in that time."""
    if starts_at <= clock.now():
        raise DomainError("開始日時が過ぎています。", way_out="これからの日時にしてください。")
    rows = [
        PriceSchedule(
            sku=plan.sku, price_yen=plan.price_yen, list_price_yen=plan.list_price_yen, starts_at=starts_at, ends_at=ends_at,
            reason=reason, created_by=by,
        )
        for plan in plans
    ]  # fmt: skip
    try:
        with transaction.atomic():
            PriceSchedule.objects.bulk_create(rows, batch_size=2000)
            facts = [activity.Fact(row.sku.product, "schedule_price", summary=_told(row)) for row in rows]
            activity.record_many(facts, by=by)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"同じ期間に、別の価格の予約があります{_named(plans, starts_at, ends_at)}。",
            way_out="価格の予約の一覧で取り消すか、期間をずらしてください。",
        ) from error
    return rows


def _named(plans: Sequence[Plan], starts_at: datetime, ends_at: datetime | None) -> str:
    there = PriceSchedule.objects.filter(
        sku__in=[plan.sku.pk for plan in plans], state__in=[State.WAITING, State.RUNNING],
        starts_at__lte=ends_at or starts_at,
    )  # fmt: skip
    codes = (
        there.exclude(ends_at__lte=starts_at).order_by("sku__code").values_list("sku__code", flat=True)[:4]
    )
    return f"（{'、'.join(codes[:3])}{' など' if len(codes) > 3 else ''}）" if codes else ""


def _told(row: PriceSchedule) -> str:
    end = f" 〜 {_moment(row.ends_at)}" if row.ends_at else " から"
    return f"{row.sku.code} ¥{row.price_yen:,}（{_moment(row.starts_at)}{end}）{row.reason}"[:500]


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y/%m/%d %H:%M")


@transaction.atomic
def apply_due(now: datetime | None = None) -> int:
    """Everything whose moment has come, in one transaction: ends first, then what was missed, then beginnings.

    Returns how many schedules moved. Safe to run twice and by two workers: a schedule somebody holds is left to him.
    """
    now = now or clock.now()
    moved = _end(_due(State.RUNNING, ends_at__lte=now))
    missed = _due(State.WAITING, ends_at__lte=now)
    note = {"note": "期間中に適用できませんでした（処理が止まっていました）。"}
    moved += len(transitions.apply_many(missed, "miss", by=None, set_fields=note))
    while rows := _first_of_each(_due(State.WAITING, starts_at__lte=now)):
        moved += _start(rows)
    return moved


def _due(state: str, **when: datetime) -> list[PriceSchedule]:
    rows = PriceSchedule.objects.select_for_update(skip_locked=True, of=("self",)).select_related("sku")
    return list(rows.filter(state=state, **when).order_by("starts_at", "id"))


def _first_of_each(rows: Sequence[PriceSchedule]) -> list[PriceSchedule]:
    """Of several that are due for one SKU, the earliest; the others' turn comes after it."""
    first: dict[int, PriceSchedule] = {}
    for row in rows:
        first.setdefault(row.sku_id, row)
    return list(first.values())


def _current(rows: Sequence[PriceSchedule]) -> dict[int, Sku]:
    """The SKUs as they stand, held until the end of the transaction."""
    lock_products({row.sku.product_id for row in rows})
    return Sku.objects.select_related("product").in_bulk([row.sku_id for row in rows])


def _start(rows: Sequence[PriceSchedule]) -> int:
    skus, batch = _current(rows), Batch()
    for row in rows:
        sku = skus[row.sku_id]
        row.price_before, row.list_price_before = sku.price_yen, sku.list_price_yen
        batch.edit(sku, "price_yen", row.price_yen)
        if row.list_price_yen is not None:
            batch.edit(sku, "list_price_yen", row.list_price_yen)
    write(batch, by=None, verb="price_start", created="", changed="価格の予約を適用: ")
    for name in ("price_before", "list_price_before"):
        update_column(PriceSchedule, name, [(row.pk, getattr(row, name)) for row in rows])
    moved = transitions.apply_many([row for row in rows if row.ends_at], "start", by=None)
    return len(moved) + len(
        transitions.apply_many([row for row in rows if not row.ends_at], "set_for_good", by=None)
    )


def _end(rows: Sequence[PriceSchedule], by: Staff | None = None) -> int:
    if not rows:
        return 0
    skus, batch = _current(rows), Batch()
    for row in rows:
        sku = skus[row.sku_id]
        if sku.price_yen == row.price_yen:
            batch.edit(sku, "price_yen", row.price_before)
        else:
            row.note = f"期間中に価格が ¥{sku.price_yen:,} に変えられたので、戻していません。"
        if row.list_price_yen is not None and sku.list_price_yen == row.list_price_yen:
            batch.edit(sku, "list_price_yen", row.list_price_before)
    write(batch, by=by, verb="price_end", created="", changed="価格の予約が終了: ")
    update_column(PriceSchedule, "note", [(row.pk, row.note) for row in rows])
    return len(transitions.apply_many(rows, "end", by=by))


def cancel_schedule(row: PriceSchedule, *, by: Staff | None) -> None:
    """予約の取消. Raises ImpossibleMove once it has begun."""
    transitions.apply(row, "cancel", by=by)


@transaction.atomic
def end_now(row: PriceSchedule, *, by: Staff | None) -> None:
    """いま終える: the price goes back now. Raises DomainError when it is not running."""
    found = PriceSchedule.objects.select_for_update(of=("self",)).select_related("sku").get(pk=row.pk)
    if found.state != State.RUNNING:
        raise DomainError(f"{row} は適用中ではありません。", way_out="一覧を開き直してください。")
    _end([found], by)
