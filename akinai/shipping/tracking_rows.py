"""Rows of a result file against our shipments (送り状番号の照合): new, known, refused, or not ours. Reads; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from akinai.core import clock
from akinai.core.tables import RowError, shorten
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.ports import Tracking
from akinai.shipping.services.tracking import clean_number, why_wrong
from akinai.shipping.states import ShipmentState

REFERENCE = "お客様管理番号"
NUMBER = "送り状番号"
OPEN = (ShipmentState.INSTRUCTED, ShipmentState.PACKED)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one file, and whose file it is."""

    file: str
    carrier: str
    tracking: Tracking

    @property
    def reference(self) -> str:
        return self.tracking.reference.strip().upper()

    @property
    def number(self) -> str:
        return clean_number(self.tracking.number)

    def error(self, column: str, value: str, message: str) -> RowError:
        return RowError(self.file, self.tracking.source_line, column, shorten(value), message)


@dataclass(slots=True)
class Compared:
    """What the files say, row by row, and what we make of it."""

    shipments: dict[str, Shipment]
    owners: dict[tuple[str, str], str]  # (carrier, number) → shipment number that has it
    errors: list[RowError] = field(default_factory=list)
    strangers: list[RowError] = field(default_factory=list)
    new: list[tuple[Shipment, str, str]] = field(default_factory=list)
    shipped_on: dict[int, date] = field(default_factory=dict)
    to_ship: dict[int, Shipment] = field(default_factory=dict)
    other_carrier: set[int] = field(default_factory=set)
    unchanged: int = 0
    preview: list[list[str]] = field(default_factory=list)


def compare(rows: Sequence[Row], *, ship: bool) -> Compared:
    """Every row with what we have, in a few queries. `ship`: what gets its number also leaves."""
    seen = Compared(_shipments_by_reference(rows), _owners(rows))
    for row in rows:
        shipment = seen.shipments.get(row.reference)
        text = _not_ours(seen, row) if shipment is None else _ours(seen, row, shipment, ship=ship)
        name = f"{shipment.to.name} 様" if shipment else ""
        order = shipment.order.number if shipment else ""
        line = str(row.tracking.source_line)
        seen.preview.append([line, row.tracking.reference, row.number, order, name, text])
    return seen


def _shipments_by_reference(rows: Sequence[Row]) -> dict[str, Shipment]:
    """By shipment number, or by order number where the clerk wrote that into the carrier's software."""
    wanted = {row.reference for row in rows}
    found = Shipment.objects.select_related("order", "address").prefetch_related("parcels").order_by("pk")
    by_order = {
        s.order.number: s
        for s in found.filter(order__number__in=wanted).exclude(state=ShipmentState.WITHDRAWN)
    }
    return by_order | {s.number: s for s in found.filter(number__in=wanted)}


def _owners(rows: Sequence[Row]) -> dict[tuple[str, str], str]:
    taken = Parcel.objects.filter(
        carrier__in={row.carrier for row in rows}, tracking_no__in={row.number for row in rows}
    ).values_list("carrier", "tracking_no", "shipment__number")
    return {(carrier, number): owner for carrier, number, owner in taken}


def _not_ours(seen: Compared, row: Row) -> str:
    message = (
        f"{REFERENCE}「{shorten(row.tracking.reference)}」の出荷はありません。番号を確かめるか、"
        "「Akinai のものでない行を読み飛ばす」を選んでください。"
    )
    seen.strangers.append(row.error(REFERENCE, row.tracking.reference, message))
    return message


def _ours(seen: Compared, row: Row, shipment: Shipment, *, ship: bool) -> str:
    """What becomes of a row that names one of our shipments, in a word for the preview."""
    owner = seen.owners.get((row.carrier, row.number), "")
    if refusal := _wrong_number(row, shipment, owner) or _wrong_time(row, shipment, owner, ship=ship):
        seen.errors.append(row.error(*refusal))
        return refusal[2]
    if ship and shipment.state in OPEN:
        seen.to_ship[shipment.pk] = shipment
        if row.tracking.shipped_on:
            seen.shipped_on[shipment.pk] = row.tracking.shipped_on
    if owner:
        seen.unchanged += 1
        return "登録済み"
    seen.new.append((shipment, row.carrier, row.number))
    seen.owners[row.carrier, row.number] = shipment.number
    if shipment.carrier != row.carrier:
        seen.other_carrier.add(shipment.pk)
    return "登録して出荷確定" if ship else "番号を登録"


type Refusal = tuple[str, str, str]  # (column, value, message)


def _wrong_number(row: Row, shipment: Shipment, owner: str) -> Refusal | None:
    """A number that cannot be one of this carrier, or belongs to another shipment."""
    if reason := why_wrong(row.carrier, row.number):
        return NUMBER, row.tracking.number, f"{reason}運送会社のソフトから出力し直してください。"
    if owner and owner != shipment.number:
        return (
            NUMBER, row.number,
            f"この送り状番号は {owner} に登録されています。どちらが正しいか確かめてください。",
        )  # fmt: skip
    return None


def _wrong_time(row: Row, shipment: Shipment, owner: str, *, ship: bool) -> Refusal | None:
    """A day that has not come, or a shipment that takes no more numbers."""
    shipped_on = row.tracking.shipped_on
    if ship and shipped_on and shipped_on > clock.today():
        way_out = "出荷した日に取り込むか、「番号の登録だけ行う」を選んでください。"
        return "出荷日", str(shipped_on), f"出荷日が未来の日付です。{way_out}"
    if owner or shipment.state in OPEN:
        return None
    if shipment.state == ShipmentState.WITHDRAWN:
        reason = "この出荷は指示が取り消されています。荷物が出ていないか確かめてください。"
        return REFERENCE, shipment.number, reason
    numbers = "、".join(parcel.tracking_no for parcel in shipment.parcels.all()) or "番号なし"
    return (
        REFERENCE, shipment.number,
        f"この出荷は「{shipment.get_state_display()}」で、送り状番号は {numbers} です。"
        "番号を足すときは出荷の画面で登録してください。",
    )  # fmt: skip
