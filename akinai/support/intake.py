"""問い合わせの一覧の取込: what another help desk knows of its tickets, for the reports; one row per ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone

from akinai.core import intake
from akinai.core.tables import Row, Table, has_control, unwrap_text
from akinai.support.rules import ticket_files as cells
from akinai.support.services import voice

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

F = intake.Field
FIELDS = (
    F("number", "問い合わせ番号", required=True, names=("ticket_id", "ticket id", "ticket number", "チケット番号", "受付番号", "番号", "id", "case id", "case number")),
    F("opened_at", "受付日時", required=True, names=("created_date", "created at", "created time", "created", "opened at", "date created", "受付日", "作成日時", "登録日時", "date")),
    F("solved_at", "解決日時", names=("resolved_date", "resolved at", "resolved time", "solved at", "closed time", "closed at", "完了日時", "解決日", "対応完了日時")),
    F("channel", "経路", names=("channel", "ticket channel", "source", "チャネル", "受付経路", "媒体", "via")),
    F("category", "種類", names=("category", "ticket type", "type", "カテゴリ", "カテゴリー", "問い合わせ種別", "分類", "issue type", "ticket subject")),
    F("priority", "優先度", names=("priority", "ticket priority", "重要度")),
    F("agent", "担当", names=("agent", "assignee", "担当者", "対応者", "owner", "assigned to")),
    F("team", "チーム", names=("team", "group", "部署", "グループ")),
    F("state", "状態", names=("status", "ticket status", "ステータス", "state")),
    F("first_reply_minutes", "初回返信（分）", names=("first_response_minutes", "first reply time in minutes", "初回応答時間（分）", "first response time (minutes)")),
    F("first_reply_hours", "初回返信（時間）", names=("first_response_hours", "first response time (in hrs)", "first response time (hours)", "初回応答時間（時間）")),
    F("first_replied_at", "初回返信の日時", names=("first response time", "first responded at", "first_response_at", "初回返信日時", "初回応答日時")),
    F("resolution_hours", "解決（時間）", names=("resolution_hours", "resolution time (in hrs)", "resolution time (hours)", "解決時間（時間）")),
    F("resolution_minutes", "解決（分）", names=("resolution_minutes", "first resolution time in minutes", "full resolution time in minutes", "解決時間（分）")),
    F("first_reply_kept", "初回返信の約束を守った", names=("response_sla_met", "first response status", "first response sla met", "初回返信SLA", "初回応答SLA")),
    F("resolution_kept", "解決の約束を守った", names=("resolution_sla_met", "resolution status", "resolution sla met", "解決SLA")),
    F("score", "満足度（1～5）", names=("csat_score", "csat", "satisfaction score", "customer satisfaction rating", "survey results", "満足度", "評価")),
)  # fmt: skip
WORDS = {
    "channel": 60,
    "category": 100,
    "priority": 40,
    "agent": 100,
    "team": 100,
    "state": 40,
}
SHOWN = (
    "number",
    "opened_at",
    "channel",
    "category",
    "first_reply_minutes",
    "resolution_hours",
    "score",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One ticket as the file tells it."""

    number: str
    opened_at: datetime
    solved_at: datetime | None
    channel: str
    category: str
    priority: str
    agent: str
    team: str
    state: str
    first_reply_minutes: float | None
    resolution_hours: float | None
    first_reply_kept: bool | None
    resolution_kept: bool | None
    score: float | None
    more: dict[str, str]


class _Reading(intake.Reading):
    """One look at the rows: number → ticket."""

    def tickets(self) -> dict[str, Told]:
        zone = timezone.get_current_timezone()
        found: dict[str, Told] = {}
        first: dict[str, int] = {}
        chosen = {column for column in self.columns.values() if column}
        for table, row in self.rows:
            before = len(self.errors)
            told = self._one(table, row, zone, chosen)
            if told is None or len(self.errors) > before:
                continue
            if told.number in found and found[told.number] != told:
                self.wrong(
                    table, row, "number",
                    f"同じ番号が {first[told.number]} 行目にもあり、中身が違います。どちらかを消してください。",
                )  # fmt: skip
            found.setdefault(told.number, told)
            first.setdefault(told.number, row.line)
        return found

    def _one(self, table: Table, row: Row, zone: Any, chosen: set[str]) -> Told | None:
        def read[T](field: str, reader: Callable[[str], T]) -> T | None:
            try:
                return reader(self.cell(row, field))
            except ValueError as problem:
                self.wrong(table, row, field, str(problem))
                return None

        number = self._number(table, row)
        opened = read("opened_at", lambda text: cells.moment(text, zone))
        if opened is None and not cells.plain(self.cell(row, "opened_at")):
            self.wrong(table, row, "opened_at", "受付日時が空欄です。日時を書いてください。")
        solved = read("solved_at", lambda text: cells.moment(text, zone))
        if opened and solved and solved < opened:
            self.wrong(
                table, row, "solved_at", "解決日時が受付日時より前です。どちらかの日時を直してください。"
            )
        minutes = {
            field: read(field, lambda text, unit=unit: cells.duration(text, minutes_per_unit=unit))  # type: ignore[misc]
            for field, unit in (("first_reply_minutes", 1.0), ("first_reply_hours", 60.0))
        }
        replied = read("first_replied_at", lambda text: cells.moment(text, zone))
        hours = {
            field: read(field, lambda text, unit=unit: cells.duration(text, minutes_per_unit=unit))  # type: ignore[misc]
            for field, unit in (("resolution_hours", 1.0), ("resolution_minutes", 1 / 60))
        }
        promises = {field: read(field, cells.kept) for field in ("first_reply_kept", "resolution_kept")}
        mark = read("score", cells.score)
        if number is None or opened is None:
            return None
        taken = cells.lasted(hours, None, None)
        between = cells.lasted({}, opened, solved)
        return Told(
            number=number, opened_at=opened, solved_at=solved,
            channel=self._word(row, "channel"), category=self._word(row, "category"), priority=self._word(row, "priority"),
            agent=self._word(row, "agent"), team=self._word(row, "team"), state=self._word(row, "state"),
            first_reply_minutes=cells.lasted(minutes, opened, replied),
            resolution_hours=taken if taken is not None else between / 60 if between is not None else None,
            first_reply_kept=promises["first_reply_kept"], resolution_kept=promises["resolution_kept"], score=mark,
            more={
                column: value[:200] for column in table.columns()
                if column not in chosen and cells.may_keep(column) and (value := row.get(column).strip()) and not has_control(value)
            },
        )  # fmt: skip

    def _word(self, row: Row, field: str) -> str:
        return cells.plain(self.cell(row, field))[: WORDS[field]]

    def _number(self, table: Table, row: Row) -> str | None:
        text = unwrap_text(self.cell(row, "number")).strip()
        problem = (
            "番号が空欄です。問い合わせの番号を書いてください。" if not text
            else "番号に見えない文字が入っています。取り除いてください。" if has_control(text)
            else "番号が長すぎます（60 文字まで）。列の対応を確かめてください。" if len(text) > 60
            else ""
        )  # fmt: skip
        if problem:
            self.wrong(table, row, "number", problem)
        return None if problem else text


class TicketsKind(intake.Kind):
    """問い合わせの履歴."""

    code: ClassVar[str] = "tickets"
    title: ClassVar[str] = "問い合わせの履歴"
    permission: ClassVar[str] = "support.add_importedticket"
    about: ClassVar[str] = (
        "ほかの問い合わせ管理から書き出した一覧を読み、集計で比べられるようにします。お客様への返信には使いません。"
    )
    order: ClassVar[int] = 90
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "support:history"
    generic: ClassVar[str] = "問い合わせの一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        told = reading.tickets()
        fresh, changed, same = voice.compare_imported([asdict(one) for one in told.values()])
        plan = intake.Plan(
            rows=len(reading.rows), created=len(fresh), changed=len(changed), unchanged=len(same),
            errors=reading.errors, refused=bool(reading.errors), columns=[_label(field) for field in SHOWN],
            preview=[[_shown(getattr(one, field)) for field in SHOWN] for one in list(told.values())[:50]],
            changes=[
                intake.Change(number, _label(field), _shown(before), _shown(after))
                for number, field, before, after in voice.differences(changed)[:300]
            ],
            payload=(fresh, changed),
        )  # fmt: skip
        plan.notes = [
            "時間帯の書いていない日時は、日本時間として読みます。",
            "お名前・連絡先・本文に見える列は、集計に要らないので残しません。",
        ]
        return plan

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        fresh, changed = plan.payload
        voice.keep_imported(fresh, changed, intake_file=plan.record)
        return intake.Result(
            message=f"{len(fresh):,} 件を登録し、{len(changed):,} 件を新しくしました。",
            data={"changed": len(changed)},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        count = voice.count_imported(intake_file)
        query = f"f.intake={intake_file.pk}"
        return [intake.Made("この取込の問い合わせの履歴", count, "support:history", query)] if count else ()

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        changed = int(intake_file.result.get("data", {}).get("changed", 0))
        removed = voice.remove_imported(intake_file)
        rest = f"この取込で新しくした {changed:,} 件は、そのまま残ります。" if changed else ""
        return f"{removed:,} 件の履歴を取り除きました。{rest}"


def _label(field: str) -> str:
    return next((one.label for one in FIELDS if one.code == field), field)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y/%m/%d %H:%M}"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return (
        ""
        if value is None
        else f"{value:.2f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else str(value)
    )
