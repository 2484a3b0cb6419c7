"""送り状番号の取込: the carriers' result files bring tracking numbers back, and what left is posted out of stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from akinai.core.intake import Format, Kind, Made, Option, Options, Plan, Result, Upload
from akinai.core.tables import FileRefused, RowError, refuse
from akinai.shipping import services
from akinai.shipping.models import Shipment
from akinai.shipping.ports import CARRIERS
from akinai.shipping.services.tracking import add_parcels, carried_by
from akinai.shipping.tracking_rows import NUMBER, REFERENCE, Compared, Row, compare

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

SEVERAL = "+"  # files of several carriers in one intake: "yamato+sagawa"


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
        """Each file says whose it is; files of several carriers may come together."""
        found = [_carrier_of(file) for file in files]
        if any(found) and not all(found):
            stranger = files[found.index("")]
            raise refuse(
                stranger.filename,
                "どの運送会社の発行済データか分かりません。運送会社ごとに分けて、形式を選んで取り込んでください。",
            )
        return SEVERAL.join(dict.fromkeys(found)) if all(found) else ""

    def plan(self, files: Sequence[Upload], options: Options) -> Plan:
        rows, errors = _read(files, str(options["format"]))
        if not rows and not errors:
            raise refuse(
                files[0].filename, "送り状番号の行がありません。発行済データを出力し直してください。"
            )
        skip = bool(options.get("skip_unknown"))
        seen = compare(rows, ship=not options.get("keep_open"))
        errors += seen.errors if skip else seen.errors + seen.strangers
        errors.sort(key=lambda error: (error.file, error.line))
        read = {(row.file, row.tracking.source_line) for row in rows}
        return Plan(
            rows=len(read | {(error.file, error.line) for error in errors}),
            created=0 if errors else len(seen.new),
            changed=0 if errors else len(seen.to_ship),
            unchanged=seen.unchanged,
            exceptions=len(seen.strangers) if skip else 0,
            errors=errors,
            refused=bool(errors),
            columns=["行", REFERENCE, NUMBER, "受注番号", "お届け先", "内容"],
            preview=seen.preview,
            notes=_notes(seen, skip),
            payload=_Work(seen.new, sorted(seen.to_ship), seen.shipped_on),
        )

    def apply(self, plan: Plan, by: Staff | None) -> Result:
        work: _Work = plan.payload
        carried_by([(shipment, carrier) for shipment, carrier, _ in work.new], by=by)
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


def _carrier_of(file: Upload) -> str:
    return next((code for code, door in CARRIERS.items() if door.sniff_result(file.data, file.filename)), "")


def _read(files: Sequence[Upload], format: str) -> tuple[list[Row], list[RowError]]:
    """All rows of all files, each read by its carrier's door. Raises FileRefused with the reasons of every file."""
    rows: list[Row] = []
    errors: list[RowError] = []
    refusals: list[RowError] = []
    for file in files:
        carrier = format if format in CARRIERS else _carrier_of(file)
        try:
            read = CARRIERS[carrier].read_result(file.data, file.filename)
        except FileRefused as refusal:
            refusals += refusal.errors
            continue
        rows += [Row(file.filename, carrier, tracking) for tracking in read.trackings]
        errors += read.errors
    if refusals:
        raise FileRefused(refusals)
    return rows, errors


def _notes(seen: Compared, skip_unknown: bool) -> list[str]:
    notes = []
    if seen.to_ship:
        notes.append(
            f"{len(seen.to_ship):,} 件を出荷確定します（在庫から出庫し、出荷メールを送信待ちに入れます）。"
        )
    if seen.other_carrier:
        notes.append(
            f"{len(seen.other_carrier):,} 件は、出荷指示と違う運送会社の番号です。運送会社を番号に合わせます。"
        )
    if seen.unchanged:
        notes.append(f"{seen.unchanged:,} 行は登録済みです。")
    if skip_unknown and seen.strangers:
        notes.append(f"{len(seen.strangers):,} 行は Akinai の出荷ではないため読み飛ばします。")
    return notes
