"""二重価格: the former price is shown only while the law's rule of thumb allows it (catalog.double_price)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from akinai.catalog import double_price
from akinai.catalog.models import PriceChange, Sku

type History = list[tuple[datetime, int]]


def former_prices(skus: Sequence[Sku], *, now: datetime) -> dict[int, int]:
    """SKU id → the price that may be shown as the former one. No query where no SKU has one to show."""
    asked = {sku.pk: sku for sku in skus if sku.list_price_yen and sku.list_price_yen > sku.price_yen}
    if not asked:
        return {}
    history: dict[int, History] = {}
    rows = (
        PriceChange.objects.filter(sku__in=asked).order_by("sku", "id").values_list("sku", "at", "price_yen")
    )
    for pk, at, price in rows:
        history.setdefault(pk, []).append((at, price))
    return {
        pk: sku.list_price_yen for pk, sku in asked.items()
        if sku.list_price_yen and allowed(history.get(pk, []), sku.list_price_yen, now=now)
    }  # fmt: skip


def allowed(history: History, compare_yen: int, *, now: datetime) -> bool:
    """May `compare_yen` stand beside the present price at `now`? The sale begins where the present price began."""
    if not history:
        return False
    began = len(history) - 1
    while began and history[began - 1][1] == history[-1][1]:
        began -= 1
    starts_at = history[began][0]
    return not double_price.warnings(history[:began], compare_yen, starts_at=starts_at, ends_at=now)
