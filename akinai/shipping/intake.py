"""送り状番号の取込: the carrier's result file brings tracking numbers back, and what left is posted out of stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.core.intake import Format, Kind, Made, Option, Options, Plan, Result, Upload
from akinai.core.tables import FileRefused, RowError, shorten
from akinai.shipping import services
from akinai.shipping.models import Parcel, Shipment
from akinai.shipping.ports import CARRIERS, Tracking
from akinai.shipping.services.tracking import add_parcels, clean_number, why_wrong
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

REFERENCE = "お客様管理番号"
NUMBER = "送り状番号"
OPEN = (ShipmentState.INSTRUCTED, ShipmentState.PACKED)


@dataclass(slots=True)
class _Seen:
    """What one file says, row by row, and what we make of it."""

    shipments: dict[str, Shipment]
    owners: dict[tuple[str, str], str]  # (carrier, number) → shipment number that has it
    errors: list[RowError] = field(default_factory=list)
    strangers: list[RowError] = field(default_factory=list)
    new: list[tuple[Shipment, str, str]] = field(default_factory=list)
    shipped_on: dict[int, date] = field(default_factory=dict)
    to_ship: dict[int, Shipment] = field(default_factory=dict)
    unchanged: int = 0
    preview: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Work:
    """The plan's payload."""

    new: Sequence[tuple[Shipment, str, str]]
    to_ship: Sequence[int]
    shipped_on: dict[int, date]


class TrackingKind(Kind):
    code = "tracking"
    title = "送り状番号"
    permission = "shipping.change_shipment"
    about = "運送会社のソフトから出力した発行済データで、送り状番号の登録と出荷確定をします。"
    order = 40
    done_url = "shipping:list"

    def formats(self) -> Sequence[Format]:
        return [Format(code, door.title) for code, door in CARRIERS.items()]

    def options(self) -> Sequence[Option]:
        return [
            Option(
                "keep_open",
                "番号の登録だけ行い、出荷確定はあとで行う",
                "在庫の出庫と出荷メールは出荷確定のときに行われます。",
            ),
            Option(
                "skip_unknown",
                "Akinai のものでない行を読み飛ばす",
                "ほかの用件で発行した送り状が混ざっているときに選びます。",
            ),
        ]

    def accepts(self, files: Sequence[Upload], options: Options) -> str:
        found = {self._format_of(file) for file in files}
        return found.pop() if len(found) == 1 else ""

    @staticmethod
    def _format_of(file: Upload) -> str:
        return next(
            (code for code, door in CARRIERS.items() if door.sniff_result(file.data, file.filename)), ""
        )

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        carrier = str(options["format"])
        door = CARRIERS[carrier]
        rows: list[tuple[str, Tracking]] = []
        errors: list[RowError] = []
        for file in files:
            read = door.read_result(file.data, file.filename)
            rows += [(file.filename, tracking) for tracking in read.trackings]
            errors += read.errors
        if not rows and not errors:
            raise FileRefused(
                [
                    RowError(
                        files[0].filename,
                        0,
                        "",
                        "",
                        "送り状番号の行がありません。発行済データを出力し直してください。",
                    )
                ]
            )
        seen = _look(carrier, rows, ship=not options.get("keep_open"))
        errors += seen.errors if options.get("skip_unknown") else seen.errors + seen.strangers
        errors.sort(key=lambda error: (error.file, error.line))
        return Plan(
            rows=len(rows)
            + len({(error.file, error.line) for error in errors} - {(f, t.source_line) for f, t in rows}),
            created=0 if errors else len(seen.new),
            changed=0 if errors else len(seen.to_ship),
            unchanged=seen.unchanged,
            exceptions=len(seen.strangers) if options.get("skip_unknown") else 0,
            errors=errors,
            refused=bool(errors),
            format=carrier,
            columns=["行", REFERENCE, NUMBER, "受注番号", "お届け先", "内容"],
            preview=seen.preview,
            notes=_notes(seen, bool(options.get("skip_unknown"))),
            payload=_Work(seen.new, sorted(seen.to_ship), seen.shipped_on),
        )

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        work: _Work = plan.payload
        made = add_parcels(work.new, by=by, intake_file_id=plan.record.pk if plan.record else None)
        by_day: dict[date | None, list[int]] = defaultdict(list)
        for pk in work.to_ship:
            by_day[work.shipped_on.get(pk)].append(pk)
        for shipped_on, ids in sorted(by_day.items(), key=lambda item: item[1]):
            services.ship(ids, by=by, shipped_on=shipped_on, note="送り状番号の取込で出荷確定")
        done = f"送り状番号 {len(made):,} 件を登録し、{len(work.to_ship):,} 件を出荷確定しました。"
        return Result(
            message=done if made or work.to_ship else "すべて登録済みです。何も変わっていません。",
            data={"parcels": len(made), "shipped": len(work.to_ship)},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[Made]:
        count = intake_file.result.get("data", {}).get("parcels", 0)
        return (
            Made("この取込で送り状番号が付いた出荷", count, "shipping:list", f"f.intake={intake_file.pk}"),
        )


def _notes(seen: _Seen, skip_unknown: bool) -> list[str]:
    notes = []
    if seen.to_ship:
        notes.append(
            f"{len(seen.to_ship):,} 件を出荷確定します（在庫から出庫し、出荷メールを送信待ちに入れます）。"
        )
    if seen.unchanged:
        notes.append(f"{seen.unchanged:,} 行は登録済みです。")
    if skip_unknown and seen.strangers:
        notes.append(f"{len(seen.strangers):,} 行は Akinai の出荷ではないため読み飛ばします。")
    return notes


def _look(carrier: str, rows: Sequence[tuple[str, Tracking]], *, ship: bool) -> _Seen:
    """Compare every row with what we have, in two queries."""
    seen = _Seen(_shipments_by_reference(rows), _owners(carrier, rows))
    for file, tracking in rows:
        _row(seen, carrier, file, tracking, ship=ship)
    return seen


def _shipments_by_reference(rows: Sequence[tuple[str, Tracking]]) -> dict[str, Shipment]:
    """By shipment number, or by order number where the clerk wrote that into the carrier's software."""
    wanted = {tracking.reference.strip().upper() for _, tracking in rows}
    found = Shipment.objects.select_related("order").prefetch_related("parcels").order_by("pk")
    by_order = {
        s.order.number: s
        for s in found.filter(order__number__in=wanted).exclude(state=ShipmentState.WITHDRAWN)
    }
    return by_order | {s.number: s for s in found.filter(number__in=wanted)}


def _owners(carrier: str, rows: Sequence[tuple[str, Tracking]]) -> dict[tuple[str, str], str]:
    numbers = {clean_number(tracking.number) for _, tracking in rows}
    taken = Parcel.objects.filter(carrier=carrier, tracking_no__in=numbers).values_list(
        "tracking_no", "shipment__number"
    )
    return {(carrier, number): owner for number, owner in taken}


def _row(seen: _Seen, carrier: str, file: str, tracking: Tracking, *, ship: bool) -> None:
    number = clean_number(tracking.number)
    shipment = seen.shipments.get(tracking.reference.strip().upper())

    def note(text: str) -> None:
        name = f"{shipment.order.ship_name} 様" if shipment else ""
        order = shipment.order.number if shipment else ""
        seen.preview.append([str(tracking.source_line), tracking.reference, number, order, name, text])

    def refuse(column: str, value: str, message: str) -> None:
        seen.errors.append(RowError(file, tracking.source_line, column, shorten(value), message))
        note(message)

    if shipment is None:
        message = (
            f"{REFERENCE}「{shorten(tracking.reference)}」の出荷はありません。番号を確かめるか、"
            "「Akinai のものでない行を読み飛ばす」を選んでください。"
        )
        seen.strangers.append(
            RowError(file, tracking.source_line, REFERENCE, shorten(tracking.reference), message)
        )
        note(message)
    elif reason := why_wrong(carrier, number):
        refuse(NUMBER, tracking.number, f"{reason}運送会社のソフトから出力し直してください。")
    elif (owner := seen.owners.get((carrier, number))) and owner != shipment.number:
        refuse(
            NUMBER, number, f"この送り状番号は {owner} に登録されています。どちらが正しいか確かめてください。"
        )
    elif ship and tracking.shipped_on and tracking.shipped_on > clock.today():
        way_out = "出荷した日に取り込むか、「番号の登録だけ行う」を選んでください。"
        refuse("出荷日", str(tracking.shipped_on), f"出荷日が未来の日付です。{way_out}")
    elif owner:
        _known(seen, shipment, tracking, ship=ship)
        note("登録済み")
    elif shipment.state == ShipmentState.WITHDRAWN:
        refuse(
            REFERENCE,
            shipment.number,
            "この出荷は指示が取り消されています。荷物が出ていないか確かめてください。",
        )
    elif shipment.state not in OPEN:
        numbers = "、".join(parcel.tracking_no for parcel in shipment.parcels.all()) or "番号なし"
        refuse(
            REFERENCE, shipment.number,
            f"この出荷は「{shipment.get_state_display()}」で、送り状番号は {numbers} です。"
            "番号を足すときは出荷の画面で登録してください。",
        )  # fmt: skip
    else:
        seen.new.append((shipment, carrier, number))
        seen.owners[carrier, number] = shipment.number
        _known(seen, shipment, tracking, ship=ship, is_new=True)
        note("登録して出荷確定" if ship else "番号を登録")


def _known(seen: _Seen, shipment: Shipment, tracking: Tracking, *, ship: bool, is_new: bool = False) -> None:
    """The number belongs to this shipment (now or before); a shipment that is still open leaves."""
    if not is_new:
        seen.unchanged += 1
    if ship and shipment.state in OPEN:
        seen.to_ship[shipment.pk] = shipment
        if tracking.shipped_on:
            seen.shipped_on[shipment.pk] = tracking.shipped_on
