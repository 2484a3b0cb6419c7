"""送り状の内容の変更 before the goods leave: carrier, way of delivery, boxes, day and slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import activity
from akinai.core.activity import Fact
from akinai.shipping import queries
from akinai.shipping.errors import NoCarrier, NotShippable
from akinai.shipping.models import CarrierAccount, Shipment
from akinai.shipping.ports import CARRIERS
from akinai.shipping.states import Service, ShipmentState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

OPEN = (ShipmentState.INSTRUCTED, ShipmentState.PACKED)
ON_THE_LABEL = (
    "carrier", "service", "temperature", "parcel_count", "ship_on", "delivery_on", "delivery_slot", "is_fragile", "label_note",
)  # fmt: skip


@transaction.atomic
def change_carrier(shipment_ids: Sequence[int], *, carrier: str, by: Staff | None) -> int:
    """運送会社の変更 before the goods leave. Raises NotShippable when one of them left already."""
    _refuse_unknown(carrier)
    rows = list(
        Shipment.objects.select_for_update(no_key=True)
        .filter(pk__in=shipment_ids, state__in=OPEN)
        .order_by("pk")
    )
    if len(rows) != len(set(shipment_ids)):
        raise NotShippable(
            "出荷済みか取り消された出荷の運送会社は変えられません。", way_out="画面を開き直してください。"
        )
    Shipment.objects.filter(pk__in=[row.pk for row in rows]).update(carrier=carrier, labels_exported_at=None)
    activity.record_many(
        [
            Fact(row, "change_carrier", summary=f"運送会社を {queries.name_of(carrier)} に変更")
            for row in rows
        ],
        by=by,
    )
    return len(rows)


def _refuse_unknown(carrier: str) -> None:
    if carrier not in CARRIERS and not CarrierAccount.objects.filter(carrier=carrier).exists():
        raise NoCarrier(
            f"運送会社「{carrier}」は登録されていません。", way_out="運送会社の設定で追加してください。"
        )


@transaction.atomic
def change_label(shipment: Shipment, *, by: Staff | None, **wanted: Any) -> Shipment:
    """送り状の内容を変える: any of `ON_THE_LABEL`. A label that was exported must be made anew.

    What is paid on delivery stays a parcel with collection. Raises NotShippable when the goods have left, NoCarrier.
    """
    now = Shipment.objects.select_for_update(no_key=True).get(pk=shipment.pk)
    if now.state not in OPEN:
        raise NotShippable(
            f"{now.number} は「{now.get_state_display()}」なので、送り状の内容を変えられません。",
            way_out="画面を開き直してください。",
        )
    if "carrier" in wanted:
        _refuse_unknown(wanted["carrier"])
    if now.cod_yen and wanted.get("service", now.service) == Service.PARCEL:
        wanted["service"] = Service.COD
    changes = {
        name: wanted[name] for name in ON_THE_LABEL if name in wanted and wanted[name] != getattr(now, name)
    }
    if changes:
        summary = _told(now, changes)
        for name, value in changes.items():
            setattr(now, name, value)
        now.labels_exported_at = None
        now.save(update_fields=[*changes, "labels_exported_at"])
        activity.record(now, "change", by=by, summary=summary)
    return now


def _told(shipment: Shipment, changes: Mapping[str, Any]) -> str:
    """個口数 1 → 2、温度帯 常温 → 冷蔵."""
    words = []
    for name, value in changes.items():
        field = Shipment._meta.get_field(name)
        choices = dict(field.flatchoices)  # type: ignore[union-attr]
        before, after = (choices.get(one, one) for one in (getattr(shipment, name), value))
        words.append(f"{field.verbose_name} {_word(before)} → {_word(after)}")  # type: ignore[union-attr]
    return "、".join(words)


def _word(value: object) -> str:
    return (
        {True: "あり", False: "なし"}.get(value, str(value))
        if isinstance(value, bool)
        else str(value or "なし")
    )
