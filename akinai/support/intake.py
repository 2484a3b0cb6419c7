"""問い合わせの一覧の取込: what another help desk knows of its tickets, for the reports; one row per ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone

from akinai.core import intake
from akinai.core.tables import Row, RowError, Table, has_control, unwrap_text
from akinai.support.rules import ticket_files as cells
from akinai.support.rules.ticket_moments import ORDERS, DayOrder, day_order, moment
from akinai.support.services import voice
from akinai.support.ticket_columns import FIELDS

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

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


UNITS = {
    "first_reply": (
        ("first_reply_minutes", 1.0),
        ("first_reply_hours", 60.0),
        ("first_reply_seconds", 1 / 60),
    ),
    "resolution": (("resolution_hours", 60.0), ("resolution_minutes", 1.0), ("resolution_seconds", 1 / 60)),
}


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

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        # What one cell means, all cells of the file say: the order of its dates, the words of its marks.
        moments = ("opened_at", "solved_at", "first_replied_at", "resolution_told")
        asked = str(options.get("date_order") or "")
        if asked and asked not in DayOrder:
            message = "日付の並びは mdy（月/日/年）か dmy（日/月/年）です。どちらかを選んでください。"
            self.errors.append(RowError("", 0, "日付の並び", asked, message))
        self.order = day_order(self._texts(*moments), asked if asked in DayOrder else "")
        self.marks = cells.marks_of(self._texts("score"))

    def _texts(self, *fields: str) -> Iterator[str]:
        return (self.cell(row, field) for _, row in self.rows for field in fields if self.columns.get(field))

    def tickets(self) -> dict[str, Told]:
        found: dict[str, Told] = {}
        first: dict[str, int] = {}
        chosen = {column for column in self.columns.values() if column}
        for table, row in self.rows:
            before = len(self.errors)
            told = _Line(self, table, row).told(chosen)
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


class _Line:
    """One row: its cells by field; what cannot be read is noted in the reading."""

    def __init__(self, reading: _Reading, table: Table, row: Row) -> None:
        self.reading, self.table, self.row = reading, table, row
        self.zone = timezone.get_current_timezone()
        self.number = self._number()
        self.opened = self._opened()
        self.solved = self._solved()

    def told(self, chosen: set[str]) -> Told | None:
        """The ticket; None without a number or a beginning."""
        replied = self._took("first_replied_at", *UNITS["first_reply"])
        resolved = self._took("resolution_told", *UNITS["resolution"])
        kept = {name: self._kept(name) for name in ("first_reply", "resolution")}
        mark = self._read("score", lambda text: cells.score(text, self.reading.marks))
        if self.number is None or self.opened is None:
            return None
        resolved = cells.lasted(self.opened, self.solved) if resolved is None else resolved
        return Told(
            number=self.number, opened_at=self.opened, solved_at=self.solved,
            first_reply_minutes=replied, resolution_hours=None if resolved is None else resolved / 60,
            first_reply_kept=kept["first_reply"], resolution_kept=kept["resolution"], score=mark,
            more=self._rest(chosen), **{field: self._word(field) for field in WORDS},
        )  # fmt: skip

    def _read[T](self, field: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(self.reading.cell(self.row, field))
        except ValueError as problem:
            self._wrong(field, str(problem))
            return None

    def _wrong(self, field: str, message: str) -> None:
        self.reading.wrong(self.table, self.row, field, message)

    def _moment(self, field: str) -> datetime | None:
        return self._read(field, lambda text: moment(cells.plain(text), self.zone, self.reading.order))

    def _opened(self) -> datetime | None:
        found = self._moment("opened_at")
        if found is None and not cells.plain(self.reading.cell(self.row, "opened_at")):
            self._wrong("opened_at", "受付日時が空欄です。日時を書いてください。")
        return found

    def _solved(self) -> datetime | None:
        found = self._moment("solved_at")
        if self.opened and found and found < self.opened:
            self._wrong("solved_at", "解決日時が受付日時より前です。どちらかの日時を直してください。")
        return found

    def _took(self, told: str, *fields: tuple[str, float]) -> float | None:
        """Minutes: by a column with its unit, else by the one that holds a moment or a duration with its own unit."""
        found = [
            self._read(field, lambda text, unit=unit: cells.duration(text, minutes_per_unit=unit))  # type: ignore[misc]
            for field, unit in fields
        ]
        counted = _first(*found)
        if counted is not None:
            return counted
        end = self._read(told, lambda text: cells.moment_or_duration(text, self.zone, self.reading.order))
        return end if isinstance(end, float) else cells.lasted(self.opened, end)

    def _kept(self, name: str) -> bool | None:
        return _first(self._read(f"{name}_kept", cells.kept), self._read(f"{name}_broken", cells.broken))

    def _rest(self, chosen: set[str]) -> dict[str, str]:
        return {
            column: value[:200] for column in self.table.columns()
            if column not in chosen and cells.may_keep(column) and (value := self.row.get(column).strip()) and not has_control(value)
        }  # fmt: skip

    def _word(self, field: str) -> str:
        return cells.plain(self.reading.cell(self.row, field))[: WORDS[field]]

    def _number(self) -> str | None:
        text = unwrap_text(self.reading.cell(self.row, "number")).strip()
        problem = (
            "番号が空欄です。問い合わせの番号を書いてください。" if not text
            else "番号に見えない文字が入っています。取り除いてください。" if has_control(text)
            else "番号が長すぎます（60 文字まで）。列の対応を確かめてください。" if len(text) > 60
            else ""
        )  # fmt: skip
        if problem:
            self._wrong("number", problem)
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

    def options(self) -> Sequence[intake.Option]:
        return (
            intake.Option(
                "date_order", "日付の並び", "10/11/2024 のように年が最後の日付。ふつうはファイルの中の日付から決まります。", choices=lambda: ORDERS
            ),
        )  # fmt: skip

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        told = reading.tickets()
        fresh, changed, same = voice.compare_imported([_row(one) for one in told.values()])
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


def _row(told: Told) -> dict[str, Any]:
    """By name, and not `asdict`: that copies every cell of a file of 100,000 rows once more."""
    return {field.name: getattr(told, field.name) for field in fields(told)}


def _first[T](*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)


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
