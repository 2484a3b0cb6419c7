"""ロット管理の印: set by the stock room once its levels have lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog.models import Sku
from akinai.core import activity

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def track_lots(sku_id: int, *, by: Staff | None) -> None:
    """From now on every movement of this SKU names its lot. The database refuses it while pieces lie there without one."""
    sku = Sku.objects.select_related("product").get(pk=sku_id)
    Sku.objects.filter(pk=sku_id).update(tracks_lots=True)
    activity.record(sku.product, "change", by=by, summary=f"{sku.code} のロット管理を開始")
