"""ロットの照会."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Count, DateField, F, Func, Q, QuerySet

from akinai.core import clock
from akinai.stock.models import Lot, LotLevel, StockEntry

SOON_DAYS = 30
SHIPS_UNTIL = Func(
    F("lot__expires_on"), F("lot__sku__ship_days_before"), template="(%(expressions)s)", arg_joiner=" - ",
    output_field=DateField(),
)  # fmt: skip


def lots_there() -> QuerySet[LotLevel]:
    """ロットの在庫 with `ships_until`, the last day on which it may be shipped."""
    return LotLevel.objects.filter(on_hand__gt=0).annotate(ships_until=SHIPS_UNTIL)


def lots_of(sku_id: int) -> Sequence[LotLevel]:
    """ロット of one SKU in the order they leave, each with `is_expired`."""
    rows = LotLevel.objects.filter(lot__sku_id=sku_id, on_hand__gt=0).select_related("lot__sku", "location")
    found = list(rows.order_by("lot__expires_on", "lot__received_on", "lot_id"))
    for row in found:
        row.is_expired = not row.lot.may_ship(clock.today())  # type: ignore[attr-defined]
    return found


def lot_of_entry(key: str) -> int | None:
    """The lot of the ledger row that was posted with this key; None without lots."""
    return StockEntry.objects.filter(key=key).values_list("lot_id", flat=True).first()


def lots_at(location_id: int, sku_ids: Iterable[int]) -> dict[int, list[Lot]]:
    """SKU id → the lots of which pieces lie at this place, the first to expire first. One query."""
    rows = LotLevel.objects.filter(location_id=location_id, lot__sku_id__in=list(sku_ids), on_hand__gt=0)
    turn = (F("lot__expires_on").asc(nulls_last=True), "lot__received_on", "lot_id")
    found: dict[int, list[Lot]] = {}
    for row in rows.select_related("lot").order_by(*turn):
        found.setdefault(row.lot.sku_id, []).append(row.lot)
    return found


def known_expiries(sku_ids: Iterable[int]) -> dict[tuple[int, str], date | None]:
    """(SKU id, ロット番号) → 期限 of every lot of these goods."""
    rows = Lot.objects.filter(sku_id__in=list(sku_ids)).values_list("sku_id", "code", "expires_on")
    return {(sku_id, code): day for sku_id, code, day in rows}


def lots_by_date(*, until: date) -> list[LotLevel]:
    """ロット that may be shipped until `until` at most, the first to go first."""
    rows = lots_there().filter(Q(ships_until__lte=until)).select_related("lot__sku__product", "location")
    return list(rows.order_by(F("ships_until"), "lot__expires_on", "pk"))


def lots_to_see(*, days: int = SOON_DAYS) -> tuple[int, int]:
    """(lots that may not be shipped any more, lots whose last day comes within `days`). One query."""
    today = clock.today()
    soon = Q(ships_until__range=(today, today + timedelta(days=days)))
    found = lots_there().aggregate(
        past=Count("pk", filter=Q(ships_until__lt=today)), soon=Count("pk", filter=soon)
    )
    return found["past"], found["soon"]
