"""引当の照会: what a document line holds, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akinai.stock.models import Reservation


@dataclass(frozen=True, slots=True)
class HeldPart:
    """引当 of one SKU under a line; of a set, one of its parts, with its code and name."""

    reference: str
    sku_id: int
    location_id: int
    wanted: int
    quantity: int
    state: str
    code: str
    name: str
    jan: str
    shelf: str
    variant: str
    set_sku_id: int | None = None
    per_set: int = 1

    @property
    def missing(self) -> int:
        return self.wanted - self.quantity


@dataclass(frozen=True, slots=True)
class Held:
    """引当の状況 of one document line, in pieces of what was ordered: of a set, whole sets. `parts` is empty for single goods."""

    wanted: int
    quantity: int
    state: str
    parts: tuple[HeldPart, ...] = ()

    @property
    def is_full(self) -> bool:
        return self.quantity == self.wanted


def held_parts(references: Sequence[str]) -> list[HeldPart]:
    """Live or shipped reservations of these lines, by line and code. One query."""
    rows = (
        Reservation.objects.filter(reference__in=list(references))
        .exclude(state=Reservation.State.RELEASED)
        .select_related("sku__product")
        .order_by("reference", "sku__code")
    )
    return [
        HeldPart(
            row.reference, row.sku_id, row.location_id, row.wanted, row.quantity, row.state, row.sku.code,
            row.sku.product.name, row.sku.jan or "", row.sku.shelf, row.sku.variant, row.set_sku_id, row.per_set,
        )
        for row in rows
    ]  # fmt: skip


def set_parts(references: Sequence[str]) -> dict[str, list[HeldPart]]:
    """Line → the parts of its set, for lines of sets alone."""
    found: dict[str, list[HeldPart]] = {}
    for part in held_parts(references):
        if part.set_sku_id:
            found.setdefault(part.reference, []).append(part)
    return found


def reserved(references: Sequence[str]) -> dict[str, Held]:
    """Live or shipped reservations by document line."""
    by_line: dict[str, list[HeldPart]] = {}
    for part in held_parts(references):
        by_line.setdefault(part.reference, []).append(part)
    return {reference: _line(parts) for reference, parts in by_line.items()}


def _line(parts: Sequence[HeldPart]) -> Held:
    wanted = max(part.wanted // part.per_set for part in parts)
    whole = min(part.quantity // part.per_set for part in parts)
    return Held(wanted, whole, parts[0].state, tuple(part for part in parts if part.set_sku_id))
