"""セットの中身, read: of which goods a set is made, and the sentence for whoever takes it for goods of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from akinai.catalog.models import SetPart, Sku
from akinai.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Part:
    """中身: so many pieces of one SKU in each set."""

    sku_id: int
    code: str
    name: str
    quantity: int


class IsASet(DomainError):
    """セット商品 has no stock of its own."""

    code = "is_a_set"


def parts_of(sku_ids: Iterable[int]) -> dict[int, list[Part]]:
    """Set → its parts by code. SKUs that are no sets are left out. One query."""
    rows = (
        SetPart.objects.filter(set_sku__in=set(sku_ids))
        .select_related("part_sku__product")
        .order_by("set_sku_id", "part_sku__code")
    )
    found: dict[int, list[Part]] = {}
    for row in rows:
        sku = row.part_sku
        found.setdefault(row.set_sku_id, []).append(
            Part(sku.pk, sku.code, _title(sku.product.name, sku.variant), row.quantity)
        )
    return found


def sets_with(sku_ids: Iterable[int]) -> dict[int, set[int]]:
    """Part → the sets it is in. One query."""
    found: dict[int, set[int]] = {}
    rows = SetPart.objects.filter(part_sku__in=set(sku_ids)).values_list("part_sku_id", "set_sku_id")
    for part, whole in rows:
        found.setdefault(part, set()).add(whole)
    return found


def _title(name: str, variant: str) -> str:
    return f"{name}（{variant}）" if variant else name


def in_words(parts: Iterable[Part]) -> str:
    """A-1 × 2、B-1 × 1."""
    return "、".join(f"{part.code} × {part.quantity:,}" for part in parts)


def set_words(sku_ids: Iterable[int]) -> dict[int, str]:
    """Set → why it cannot stand in a list of goods, for whoever reads rows one by one. One query."""
    return {
        pk: f"セット商品なので、それ自身の在庫はありません。中身の商品（{in_words(parts)}）で書いてください。"
        for pk, parts in parts_of(sku_ids).items()
    }


def refuse_sets(sku_ids: Iterable[int]) -> None:
    """Goods that are counted, received or ordered are single ones. Raises IsASet naming the parts. One query, two when
    a set is among them."""
    found = Sku.objects.filter(pk__in=set(sku_ids), is_set=True).order_by("code").first()
    if found is None:
        return
    parts = in_words(parts_of([found.pk]).get(found.pk, []))
    raise IsASet(
        f"{found.code} はセット商品なので、それ自身の在庫はありません。",
        way_out=f"中身の商品（{parts}）で登録してください。",
    )
