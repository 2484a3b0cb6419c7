"""在庫数を実際の数に合わせる: the ledger gets the difference between what it says and what lies on the shelf."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog import queries as catalog
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import MAX_QUANTITY
from akinai.stock import services
from akinai.stock.models import StockEntry, StockLevel
from akinai.stock.services.places import lock

if TYPE_CHECKING:
    from akinai.staff.models import Staff

FROM_DOCUMENTS = {
    StockEntry.Kind.RECEIPT: "入荷の画面から仕入伝票を取り消してください。",
    StockEntry.Kind.SHIPMENT: "返品を受け入れるか、調整で数を直してください。",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """棚の数: so many pieces lie at one place. `before` is what the ledger said when it was looked at."""

    sku_id: int
    location_id: int
    quantity: int
    before: int = 0
    is_first: bool = False
    unit_cost: Decimal | None = None
    note: str = ""

    @property
    def difference(self) -> int:
        return self.quantity - self.before


@dataclass(frozen=True, slots=True)
class Standing:
    """台帳の今: on hand, promised, and whether anything was ever posted here."""

    on_hand: int = 0
    reserved: int = 0
    is_first: bool = True


def standing(sku_ids: Iterable[int]) -> dict[tuple[int, int], Standing]:
    """By (sku, location), for those that have a level."""
    ids = list(set(sku_ids))
    moved = set(StockEntry.objects.filter(sku_id__in=ids).values_list("sku_id", "location_id").distinct())
    rows = StockLevel.objects.filter(sku_id__in=ids).values_list(
        "sku_id", "location_id", "on_hand", "reserved"
    )
    return {(sku, place): Standing(have, held, (sku, place) not in moved) for sku, place, have, held in rows}


@transaction.atomic
def set_on_hand(counts: Sequence[Counted], *, reference: str, key: str, by: Staff | None) -> list[StockEntry]:
    """Post the differences: OPENING where nothing was posted before, else ADJUSTMENT.

    Raises ChangedMeanwhile when goods moved after the counts were compared, NotEnoughStock below what is promised.
    """
    catalog.refuse_sets(one.sku_id for one in counts)
    places = [(one.sku_id, one.location_id) for one in counts]
    lock(places)
    now = standing(one.sku_id for one in counts)
    if any(
        now.get(place, Standing()).on_hand != one.before for place, one in zip(places, counts, strict=True)
    ):
        raise ChangedMeanwhile("確認している間に在庫が動きました。", way_out="もう一度取り込んでください。")
    return services.post([_movement(one, reference, key) for one in counts if one.difference], by=by)


def _movement(one: Counted, reference: str, key: str) -> services.Movement:
    kind = StockEntry.Kind.OPENING if one.is_first else StockEntry.Kind.ADJUSTMENT
    return services.Movement(
        one.sku_id, one.location_id, kind, one.difference, reference, f"{key}:{one.sku_id}:{one.location_id}",
        unit_cost=one.unit_cost, note=one.note[:200],
    )  # fmt: skip


@transaction.atomic
def adjust(
    *, sku_id: int, location_id: int, quantity: int, is_counted: bool, reason: str, by: Staff | None
) -> StockEntry:
    """調整: `quantity` is what lies on the shelf (`is_counted`) or what is added (＋) or taken (－)."""
    if not reason.strip():
        raise DomainError("調整の理由が空欄です。", way_out="なぜ数が変わるのかを書いてください。")
    catalog.refuse_sets([sku_id])
    lock([(sku_id, location_id)])
    have = standing([sku_id])[sku_id, location_id].on_hand
    change = quantity - have if is_counted else quantity
    if not change:
        raise DomainError(f"現在庫はすでに {have:,} 点です。", way_out="調整は要りません。")
    if have + change < 0 or have + change > MAX_QUANTITY:
        raise DomainError(
            f"調整すると在庫が {have + change:,} 点になります。",
            way_out=f"0～{MAX_QUANTITY:,} 点になる数を入れてください。",
        )
    move = services.Movement(
        sku_id, location_id, StockEntry.Kind.ADJUSTMENT, change, "調整", f"adjust:{secrets.token_hex(12)}",
        note=reason.strip()[:200],
    )  # fmt: skip
    return services.post([move], by=by)[0]


@transaction.atomic
def take_back(entry: StockEntry, *, reason: str, by: Staff | None) -> StockEntry:
    """入出庫の取消 by hand: openings, adjustments, counts. What a document posted is undone at that document."""
    if not reason.strip():
        raise DomainError("取り消す理由が空欄です。", way_out="理由を書いてください。")
    if way_out := FROM_DOCUMENTS.get(StockEntry.Kind(entry.kind)):
        raise DomainError(
            f"{entry.reference} の{entry.get_kind_display()}は、ここでは取り消せません。", way_out=way_out
        )
    return services.reverse([entry.pk], by=by, note=reason.strip()[:200])[0]
