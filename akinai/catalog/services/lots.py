"""ロット管理の印: set by the stock room once its levels have lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog.models import Sku
from akinai.core import activity

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def set_lot_rule(
    sku_id: int, *, shelf_life_days: int | None, ship_days_before: int, by: Staff | None
) -> None:
    """賞味期間と出荷期限: how long the goods keep, and how many days before the expiry shipping stops."""
    sku = Sku.objects.select_related("product").get(pk=sku_id)
    Sku.objects.filter(pk=sku_id).update(shelf_life_days=shelf_life_days, ship_days_before=ship_days_before)
    told = f"{shelf_life_days:,} 日" if shelf_life_days else "なし"
    summary = f"{sku.code} の賞味期間 {told}、出荷期限は期限の {ship_days_before:,} 日前"
    activity.record(sku.product, "change", by=by, summary=summary)


@transaction.atomic
def track_lots(sku_id: int, *, by: Staff | None) -> None:
    """From now on every movement of this SKU names its lot. The database refuses it while pieces lie there without one."""
    sku = Sku.objects.select_related("product").get(pk=sku_id)
    Sku.objects.filter(pk=sku_id).update(tracks_lots=True)
    activity.record(sku.product, "change", by=by, summary=f"{sku.code} のロット管理を開始")
