"""在庫場所の操作: made, renamed, taken off sale. What is promised somewhere keeps that place on sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.stock.models import Location, Reservation

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def save_location(place: Location, *, by: Staff | None) -> Location:
    """登録・変更. The usual place changes hands; a place where goods are promised stays on sale."""
    is_new = place.pk is None
    if not is_new:
        # Whoever is promising goods here holds a share of this row, and we wait for them.
        Location.objects.select_for_update().get(pk=place.pk)
        _refuse_promised(place)
    if place.is_default:
        Location.objects.filter(is_default=True).exclude(pk=place.pk).update(is_default=False)
    place.save()
    activity.record(place, "create" if is_new else "change", by=by, summary=place.name)
    return place


def _refuse_promised(place: Location) -> None:
    held = Reservation.objects.filter(location_id=place.pk, state=Reservation.State.ACTIVE)
    if not place.is_sellable and held.exists():
        raise DomainError(
            f"{place.name}には引当済みか入荷待ちの受注が {held.count():,} 行あります。販売をやめられません。",
            way_out="先にその受注を出荷するか、引当を解除してください。",
        )
