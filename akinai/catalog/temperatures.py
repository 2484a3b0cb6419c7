"""温度帯 of goods: how cold they travel. A parcel is as cold as the coldest that lies in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import F, Max, TextChoices, Value
from django.db.models.functions import Coalesce, Greatest


class Temperature(TextChoices):
    """温度帯. The codes sort from warm to cold, so the coldest of several is the greatest."""

    NORMAL = "", "常温"
    CHILLED = "chilled", "冷蔵"
    FROZEN = "frozen", "冷凍"


def coldest(found: Iterable[str]) -> str:
    """温度帯 of one parcel with all of these."""
    return max(found, default=Temperature.NORMAL)


def of_sku(path: str = "") -> Greatest:
    """温度帯 of SKUs as an expression, `path` leading to them: the product's own, of a set also that of its parts. Groups."""
    parts = Coalesce(Max(f"{path}parts__part_sku__product__temperature"), Value(""))
    return Greatest(Coalesce(Max(f"{path}product__temperature"), Value("")), parts)


def temperatures(sku_ids: Iterable[int]) -> Mapping[int, str]:
    """SKU → 温度帯. One query, none for no goods."""
    from akinai.catalog.models import Sku

    wanted = set(sku_ids)
    rows = Sku.objects.filter(pk__in=wanted).order_by().values(sku=F("pk")).annotate(cold=of_sku())
    return dict(rows.values_list("sku", "cold")) if wanted else {}
