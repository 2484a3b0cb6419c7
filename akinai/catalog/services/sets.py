"""セットの中身を決める. What accepted orders need was written down when they were reserved and does not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from akinai.catalog import ports, sets
from akinai.catalog.models import Product, SetPart, Sku
from akinai.core import activity, clock
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MOST_PARTS, MOST_PIECES = 50, 9_999


@transaction.atomic
def compose_set(sku_id: int, parts: Mapping[int, int], *, by: Staff | None) -> bool:
    """セットの中身: part SKU → pieces; empty turns the set into goods of its own again. Out: whether anything changed.

    The rows of the set and of all parts are locked against every new entry, promise and set that would name them, so
    that no set comes to lie inside a set and none has pieces of its own.
    """
    rows = {
        row.pk: row for row in Sku.objects.select_for_update().filter(pk__in={sku_id, *parts}).order_by("pk")
    }
    whole = rows.pop(sku_id)
    if problem := _problem(whole, rows, parts):
        raise DomainError(problem[0], way_out=problem[1])
    before = sets.parts_of([sku_id]).get(sku_id, [])
    if {part.sku_id: part.quantity for part in before} == dict(parts) and whole.is_set == bool(parts):
        return False
    _refuse_turn(whole, becomes_set=bool(parts))
    SetPart.objects.filter(set_sku=whole).delete()
    Sku.objects.filter(pk=sku_id).update(is_set=bool(parts), updated_at=clock.now())
    SetPart.objects.bulk_create(
        [SetPart(set_sku=whole, part_sku_id=pk, quantity=parts[pk]) for pk in sorted(parts)]
    )
    _note(whole, sets.in_words(before), by)
    return True


def _problem(whole: Sku, rows: Mapping[int, Sku], parts: Mapping[int, int]) -> tuple[str, str] | None:
    """What is wrong, and the way out."""
    if whole.pk in parts:
        return f"{whole.code} の中身に {whole.code} 自身は入れられません。", "この行を消してください。"
    if len(parts) > MOST_PARTS:
        return (
            f"セットの中身は {MOST_PARTS} 品までです（{len(parts)} 品あります）。",
            "セットを分けてください。",
        )
    for pk, quantity in parts.items():
        if not 1 <= quantity <= MOST_PIECES:
            return (
                f"{rows[pk].code} の数量 {quantity:,} は使えません。",
                f"1～{MOST_PIECES:,} にしてください。",
            )
    if inner := next((row for row in rows.values() if row.is_set), None):
        return (
            f"{inner.code} はセット商品です。セットの中にセットは入れられません。",
            "その中身を1品ずつ入れてください。",
        )
    outer = SetPart.objects.filter(part_sku=whole).select_related("set_sku").first() if parts else None
    if outer:
        return (
            f"{whole.code} はセット {outer.set_sku.code} の中身です。セットの中にセットは入れられません。",
            f"先に {outer.set_sku.code} の中身から外してください。",
        )
    if parts and whole.tracks_lots:
        return (
            f"{whole.code} はロットを管理しています。セット商品にはできません。",
            "セット用の新しい商品コードを登録してください。",
        )
    return None


def problem_of(sku_id: int, parts: Mapping[int, int]) -> tuple[str, str] | None:
    """What stands against such a set as the books are now, and the way out; writes nothing and locks nothing."""
    rows = {row.pk: row for row in Sku.objects.filter(pk__in={sku_id, *parts})}
    whole = rows.pop(sku_id)
    return _problem(whole, rows, parts)


def _refuse_turn(whole: Sku, *, becomes_set: bool) -> None:
    """Single goods become a set, and a set single goods, only while nothing lies there and nobody waits."""
    if whole.is_set == becomes_set:
        return
    if kept := ports.why_kept(whole.pk):
        word = "セット商品にできません" if becomes_set else "セットをやめられません"
        raise DomainError(
            f"{whole.code} は{kept}ため、{word}。",
            way_out="セット用の新しい商品コードを登録するか、片付いてから変えてください。",
        )


def _note(whole: Sku, before: str, by: Staff | None) -> None:
    now = sets.in_words(sets.parts_of([whole.pk]).get(whole.pk, []))
    Product.objects.filter(pk=whole.product_id).update(version=F("version") + 1, updated_at=clock.now())
    text = f"{whole.code} のセットの中身: {before or 'なし'} → {now or 'なし'}"
    activity.record(whole.product, "change", by=by, summary=text[:500])
