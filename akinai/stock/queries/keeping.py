"""取置の照会."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet, Sum

from akinai.stock.models import KeepAside
from akinai.stock.states import KeepState


@dataclass(frozen=True, slots=True)
class Kept:
    """取置 that an order could use."""

    number: str
    sku_id: int
    code: str
    left: int
    purpose: str
    until_on: date


def kept_asides() -> QuerySet[KeepAside]:
    """取置一覧."""
    return KeepAside.objects.select_related("sku__product", "location", "customer", "created_by")


def kept_of(sku_ids: Iterable[int]) -> Sequence[KeepAside]:
    """取置中 of these SKUs, the first to expire first."""
    rows = KeepAside.objects.filter(sku_id__in=list(sku_ids), state=KeepState.KEPT)
    return list(rows.order_by("until_on", "id"))


def kept_pieces(sku_ids: Iterable[int]) -> dict[int, int]:
    """取置中 in pieces by SKU; SKUs without any are left out."""
    rows = KeepAside.objects.filter(sku_id__in=list(sku_ids), state=KeepState.KEPT).order_by()
    return dict(rows.values("sku_id").annotate(n=Sum(F("quantity") - F("used"))).values_list("sku_id", "n"))


def kept_for(customer_id: int | None, sku_ids: Iterable[int], location_id: int) -> list[Kept]:
    """取置中 for this customer of these SKUs at the place the order leaves from. No query without a customer."""
    ids = list(sku_ids)
    if customer_id is None or not ids:
        return []
    rows = KeepAside.objects.filter(
        customer_id=customer_id, sku_id__in=ids, location_id=location_id, state=KeepState.KEPT
    ).select_related("sku")
    return [
        Kept(row.number, row.sku_id, row.sku.code, row.left, row.purpose, row.until_on)
        for row in rows.order_by("until_on", "id")
    ]
