"""送り状番号から: what stands behind the numbers that a carrier or a company writes of (送り状番号の照会)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.db.models.functions import Coalesce

from akinai.shipping.models import Parcel, Shipment


def orders_by_tracking(numbers: Sequence[str], *, carrier: str = "") -> dict[str, list[int]]:
    """送り状番号 → the orders whose parcels bear it."""
    parcels = Parcel.objects.filter(tracking_no__in=list(numbers))
    if carrier:
        parcels = parcels.filter(carrier=carrier)
    found: dict[str, list[int]] = {}
    for number, order_id in parcels.order_by("pk").values_list("tracking_no", "shipment__order_id"):
        if order_id not in found.setdefault(number, []):
            found[number].append(order_id)
    return found


def collected_by_tracking(numbers: Sequence[str], *, carrier: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """送り状番号 → (受注, 代引金額) of everything in that parcel: of 同梱 several orders, of 分納 a part of one."""
    parcels = Parcel.objects.filter(tracking_no__in=list(numbers), carrier=carrier)
    told = list(parcels.order_by("pk").values_list("tracking_no", "shipment_id"))
    leads = [lead for _, lead in told]
    inside = Shipment.objects.filter(Q(pk__in=leads) | Q(rides_with__in=leads), cod_yen__gt=0)
    shares: dict[int, list[tuple[int, int]]] = {lead: [] for lead in leads}
    for lead, order_id, yen in inside.order_by("pk").values_list(
        Coalesce("rides_with_id", "pk"), "order_id", "cod_yen"
    ):
        shares[lead].append((order_id, yen))
    return {number: tuple(shares[lead]) for number, lead in told}
