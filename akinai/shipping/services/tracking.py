"""送り状番号."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from akinai.core import activity
from akinai.core.activity import Fact
from akinai.core.errors import DomainError
from akinai.shipping import queries
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.ports import CARRIERS
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def clean_number(text: str) -> str:
    """Full-width digits and hyphens as people type them → what is stored."""
    return re.sub(r"[\s\-‐-―−ー]", "", unicodedata.normalize("NFKC", text)).upper()


def why_wrong(carrier: str, number: str) -> str:
    """'' or the Japanese reason why this cannot be a number of the carrier."""
    if not re.fullmatch(r"[0-9A-Z]{8,30}", number):
        return "送り状番号は半角の英数字 8〜30 桁です。"
    return CARRIERS[carrier].check_number(number) if carrier in CARRIERS else ""


@transaction.atomic
def add_tracking(
    shipment: Shipment, *, numbers: Sequence[str], carrier: str = "", by: Staff | None
) -> list[Parcel]:
    """送り状番号の登録: one parcel per number. A number the shipment already has is left alone; of 同梱 it is the parcel's.

    Raises DomainError for a wrong check digit and for a number that another shipment carries.
    """
    shipment = shipment.rides_with or shipment
    carrier = carrier or shipment.carrier
    cleaned = list(dict.fromkeys(clean_number(number) for number in numbers if number.strip()))
    for number in cleaned:
        if reason := why_wrong(carrier, number):
            raise DomainError(f"送り状番号 {number}: {reason}", way_out="送り状を見て入力し直してください。")
    Shipment.objects.select_for_update(no_key=True).get(pk=shipment.pk)
    known = set(shipment.parcels.values_list("tracking_no", flat=True))
    return add_parcels([(shipment, carrier, number) for number in cleaned if number not in known], by=by)


def add_parcels(
    rows: Iterable[tuple[Shipment, str, str]], *, by: Staff | None, intake_file_id: int | None = None
) -> list[Parcel]:
    """Set-based: (shipment, carrier, number). The unique constraint refuses a number that is in use."""
    made = [
        Parcel(
            shipment=shipment.rides_with or shipment,
            carrier=carrier,
            tracking_no=number,
            intake_file_id=intake_file_id,
        )
        for shipment, carrier, number in rows
    ]
    if not made:
        return []
    try:
        with transaction.atomic():
            Parcel.objects.bulk_create(made, batch_size=2000)
    except IntegrityError as error:
        raise DomainError(_taken(made), way_out="送り状と出荷番号の組み合わせを確かめてください。") from error
    _count_parcels({parcel.shipment_id for parcel in made})
    activity.record_many(
        [Fact(p.shipment, "add_tracking", summary=f"送り状番号 {p.tracking_no} を登録") for p in made], by=by
    )
    return made


def carried_by(rows: Iterable[tuple[Shipment, str]], *, by: Staff | None) -> None:
    """運送会社 as the number says it: what was instructed for another carrier has gone with this one."""
    by_carrier: dict[str, dict[int, Shipment]] = defaultdict(dict)
    for shipment, carrier in rows:
        if shipment.carrier != carrier:
            by_carrier[carrier][shipment.pk] = shipment
    for carrier, shipments in by_carrier.items():
        Shipment.objects.filter(pk__in=shipments).update(carrier=carrier)
        summary = f"運送会社を {queries.name_of(carrier)} に変更（送り状番号のとおり）"
        activity.record_many(
            [Fact(one, "change_carrier", summary=summary) for one in shipments.values()], by=by
        )


def _taken(made: Sequence[Parcel]) -> str:
    numbers = [parcel.tracking_no for parcel in made]
    taken = Parcel.objects.filter(tracking_no__in=numbers).select_related("shipment").first()
    if taken is None:
        return "同じ送り状番号が二度入っています。"
    return f"送り状番号 {taken.tracking_no} は {taken.shipment.number} に登録されています。"


def _count_parcels(shipment_ids: set[int]) -> None:
    """個口数 follows the numbers where there are more of them than was planned; the list knows who has one."""
    Shipment.objects.filter(Q(pk__in=shipment_ids) | Q(rides_with__in=shipment_ids)).update(is_numbered=True)
    for row in (
        Shipment.objects.filter(pk__in=shipment_ids).annotate(boxes=Count("parcels")).only("parcel_count")
    ):
        if row.boxes > row.parcel_count:
            Shipment.objects.filter(pk=row.pk).update(parcel_count=row.boxes)


@transaction.atomic
def remove_tracking(parcel: Parcel, *, by: Staff | None) -> None:
    """送り状番号の削除: a number given to the wrong shipment, before it left. The history keeps it."""
    shipment = Shipment.objects.select_for_update(no_key=True).get(pk=parcel.shipment_id)
    if shipment.state not in {ShipmentState.INSTRUCTED, ShipmentState.PACKED}:
        raise DomainError(
            f"{shipment.number} は「{shipment.get_state_display()}」なので、送り状番号を消せません。",
            way_out="正しい番号を追加して登録してください。",
        )
    activity.record(shipment, "remove_tracking", by=by, summary=f"送り状番号 {parcel.tracking_no} を削除")
    parcel.delete()
    forget_numbers([shipment.pk])


def forget_numbers(shipment_ids: Sequence[int]) -> None:
    """送り状番号なし again, where the last number was taken away."""
    left = Exists(Parcel.objects.filter(shipment=Coalesce(OuterRef("rides_with"), OuterRef("pk"))))
    some = Q(pk__in=shipment_ids) | Q(rides_with__in=shipment_ids)
    Shipment.objects.filter(some, ~left).update(is_numbered=False)
