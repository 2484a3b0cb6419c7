"""What others may ask of stock (在庫の照会)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, F, IntegerField, QuerySet, Sum, Value, When

from akinai.core.errors import DomainError
from akinai.stock.models import Reservation, StockEntry, StockLevel


@dataclass(frozen=True, slots=True)
class Held:
    """引当の状況 of one document line."""

    wanted: int
    quantity: int
    state: str

    @property
    def is_full(self) -> bool:
        return self.quantity == self.wanted


@dataclass(frozen=True, slots=True)
class Level:
    """在庫数 of one SKU over all places: on hand, reserved, free, and how many pieces are still asked for."""

    on_hand: int = 0
    reserved: int = 0
    waiting: int = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


def default_location_id() -> int:
    """The place orders are served from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM stock_location WHERE is_default")
        row = cursor.fetchone()
    if row is None:
        raise DomainError(
            "既定の出荷元がありません。", way_out="在庫場所のどれかを既定の出荷元にしてください。"
        )
    return int(row[0])


def reserved(references: Sequence[str]) -> dict[str, Held]:
    """Live or shipped reservations by document line."""
    rows = Reservation.objects.filter(reference__in=list(references)).exclude(
        state=Reservation.State.RELEASED
    )
    return {r: Held(w, q, s) for r, w, q, s in rows.values_list("reference", "wanted", "quantity", "state")}


def levels(sku_ids: Sequence[int]) -> dict[int, Level]:
    """Stock of these SKUs, all places together. Three numbers per SKU, two queries."""
    ids = list(sku_ids)
    found = {
        row["sku_id"]: row
        for row in StockLevel.objects.filter(sku_id__in=ids)
        .values("sku_id")
        .annotate(total=Sum("on_hand"), promised=Sum("reserved"))
    }
    short = dict(
        Reservation.objects.filter(sku_id__in=ids, state=Reservation.State.ACTIVE, quantity__lt=F("wanted"))
        .values("sku_id")
        .annotate(missing=Sum(F("wanted") - F("quantity")))
        .values_list("sku_id", "missing")
    )
    return {
        pk: Level(
            found[pk]["total"] if pk in found else 0,
            found[pk]["promised"] if pk in found else 0,
            short.get(pk, 0),
        )
        for pk in ids
    }


def entries_of(reference: str) -> QuerySet[StockEntry]:
    """Ledger rows that a document caused, oldest first."""
    return StockEntry.objects.filter(reference=reference).select_related("sku", "location").order_by("id")


def queue_first() -> QuerySet[Reservation]:
    """Lines that wait for goods, oldest first."""
    rank = Case(When(quantity__gt=0, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        Reservation.objects.filter(state=Reservation.State.ACTIVE, quantity__lt=F("wanted"))
        .annotate(rank=rank)
        .order_by("queued_at", "id")
    )
