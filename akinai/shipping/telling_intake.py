"""モール出荷報告の結果の取込: what the mall says of the file it was given; each shipment is told, or 未報告 again with the reason.

Malls write their results in columns of their own that change, so the columns are named once and remembered. One row that
cannot be read keeps the whole file out.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from akinai.core import intake
from akinai.core.tables import EXCEL_WAY_OUT, Row, Table, is_excel_mangled
from akinai.shipping import services, telling_queries
from akinai.shipping.states import MallNotice

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.shipping.models import TrackingExport, TrackingExportItem
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("order_no", "注文番号", required=True, names=("受注番号", "注文id", "order-id", "order id", "orderid", "amazon-order-id", "orderno")),
    intake.Field("result", "結果", names=("処理結果", "更新結果", "ステータス", "登録結果", "status", "result"), help="成功・失敗の別。列がないときは、エラー内容のある行を失敗とします"),
    intake.Field("reason", "エラー内容", names=("エラーメッセージ", "エラー", "理由", "メッセージ", "error", "error-message", "message", "detail")),
)  # fmt: skip
COLUMNS = ("モールの返事", "チャネル", "注文番号", "理由")
GOOD = frozenset(
    {"成功", "正常", "正常終了", "完了", "処理済", "登録済", "ok", "success", "succeeded", "done"}
)
BAD = frozenset({"失敗", "異常", "異常終了", "エラー", "ng", "error", "failed", "failure", "fatal"})


@dataclass(frozen=True, slots=True)
class Answer:
    """モールの返事 for one order: '' when it was taken, else why not."""

    order_no: str
    refused: str


class _Reading(intake.Reading):
    """Rows become answers; what was in no file of ours, or cannot be understood, is a problem of its line."""

    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        numbers = {self._text(row, "order_no") for _, row in self.rows}
        self.items = telling_queries.last_told(numbers)
        told = [answer for table, row in self.rows if (answer := self._answer(table, row))]
        # A mall that answers line by line has refused an order when it refused one of its lines.
        self.answers: dict[str, Answer] = {}
        for answer in told:
            if answer.refused or answer.order_no not in self.answers:
                self.answers[answer.order_no] = answer

    def _text(self, row: Row, name: str) -> str:
        return unicodedata.normalize("NFKC", self.cell(row, name)).strip()

    def _answer(self, table: Table, row: Row) -> Answer | None:
        number = self._text(row, "order_no")
        if is_excel_mangled(number):
            self.wrong(table, row, "order_no", f"Excelで値が壊れています。{EXCEL_WAY_OUT}")
            return None
        items = self.items.get(number, [])
        if not items:
            self.wrong(
                table,
                row,
                "order_no",
                "出荷報告ファイルに入れた注文ではありません。行を消すか、注文番号を確かめてください。",
            )
            return None
        if len({item.export.channel_id for item in items}) > 1:
            self.wrong(
                table,
                row,
                "order_no",
                "同じ注文番号が複数のチャネルにあります。出荷報告ファイルの画面で貼り付けてください。",
            )
            return None
        return self._judged(table, row, number)

    def _judged(self, table: Table, row: Row, number: str) -> Answer | None:
        result, reason = self._text(row, "result"), self._text(row, "reason")
        if not self.columns.get("result"):
            return Answer(number, reason)
        if result.lower() in BAD:
            return Answer(number, reason or result)
        if result.lower() in GOOD:
            return Answer(number, "")
        self.wrong(table, row, "result", "成功か失敗か分かりません。「成功」か「失敗」に直してください。")
        return None


class TellingResultKind(intake.Kind):
    """モール出荷報告の結果."""

    code: ClassVar[str] = "tracking-results"
    title: ClassVar[str] = "モール出荷報告の結果"
    permission: ClassVar[str] = "shipping.add_trackingexport"
    about: ClassVar[str] = (
        "モールに出荷報告ファイルを登録した結果（楽天・Yahoo!・Amazon などの結果ファイル）を読み、受け付けられなかった出荷を未報告に戻します。"
    )
    order: ClassVar[int] = 45
    can_undo: ClassVar[bool] = False
    done_url: ClassVar[str] = "shipping:telling"
    generic: ClassVar[str] = "結果ファイル（CSV・TSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if not reading.columns.get("result") and not reading.columns.get("reason"):
            for table, row in reading.rows[:1]:
                reading.wrong(
                    table,
                    row,
                    "order_no",
                    "結果かエラー内容の列を選んでください。どちらもないと、成功か失敗か分かりません。",
                )
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        fresh = [
            answer for answer in reading.answers.values() if _is_news(answer, reading.items[answer.order_no])
        ]
        return intake.Plan(
            rows=len(reading.rows), changed=len(fresh), unchanged=len(reading.answers) - len(fresh), columns=COLUMNS,
            preview=[
                ("受け付けず" if answer.refused else "受付済", reading.items[answer.order_no][0].export.channel.name, answer.order_no, answer.refused)
                for answer in list(reading.answers.values())[:50]
            ],
            payload=[(answer, reading.items[answer.order_no]) for answer in fresh],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        refused: dict[int, dict[str, str]] = defaultdict(dict)
        taken: dict[int, list[str]] = defaultdict(list)
        exports: dict[int, TrackingExport] = {}
        for answer, items in plan.payload:
            export = exports.setdefault(items[0].export_id, items[0].export)
            if answer.refused:
                refused[export.pk][answer.order_no] = answer.refused
            else:
                taken[export.pk].append(answer.order_no)
        back = [services.note_refused_by_mall(exports[pk], told, by=by) for pk, told in refused.items()]
        good = [services.note_taken_by_mall(exports[pk], told, by=by) for pk, told in taken.items()]
        return intake.Result(
            message=f"受け付けられなかった {sum(back):,} 件を未報告に戻し、{sum(good):,} 件を報告済にしました（前と同じ {plan.unchanged:,} 件）。"
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("モールへの出荷報告", intake_file.changed, "shipping:telling"),)


def _is_news(answer: Answer, items: Sequence[TrackingExportItem]) -> bool:
    """Does the answer change anything? The same file again does not."""
    open_ones = [item for item in items if item.shipment.mall_notice in (MallNotice.TOLD, MallNotice.REFUSED)]
    wanted = MallNotice.REFUSED if answer.refused else MallNotice.TOLD
    return any(
        item.shipment.mall_notice != wanted or item.refused != answer.refused[:200] for item in open_ones
    )
