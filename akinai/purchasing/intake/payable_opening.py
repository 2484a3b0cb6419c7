"""買掛の期首残高の取込: what is owed to each supplier on the day the ledger begins, so that it can be paid and aged here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from akinai.core import clock, intake
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_yen
from akinai.core.tables import Row, Table
from akinai.party import queries as party
from akinai.purchasing.intake.reading import SupplierReading
from akinai.purchasing.models import PayableEntry
from akinai.purchasing.services import ledger

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("supplier", "仕入先コード", required=True, names=("仕入先", "仕入先CD", "supplier")),
    intake.Field("yen", "残高（税込）", required=True, names=("残高", "買掛残高", "期首残高", "金額", "balance")),
    intake.Field("document", "請求番号", names=("書類番号", "伝票番号"), help="請求書ごとに分けるとき。空欄なら仕入先に1件"),
    intake.Field("on", "日付", required=True, names=("請求日", "残高の日付", "date")),
    intake.Field("due", "支払期日", names=("期日", "支払予定日")),
)  # fmt: skip
COLUMNS = ("区分", "仕入先", "請求番号", "残高（税込）", "日付", "支払期日")


@dataclass(frozen=True, slots=True)
class Opening:
    """期首残高 of one supplier or one of its bills. A debt of theirs (▲) is a negative one."""

    supplier_id: int
    document: str
    yen: int
    on: date
    due_on: date | None

    @property
    def key(self) -> str:
        return f"opening:{self.supplier_id}:{self.document}"


class _Reading(SupplierReading):
    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.told: dict[str, Opening] = {}
        self.places: dict[str, tuple[Table, Row]] = {}
        for table, row in self.rows:
            if self.is_plain(table, row):
                self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        supplier, on, yen = self.supplier(table, row), self._past(table, row), self._yen(table, row)
        document = self.text(table, row, "document", most=30)
        due = self.day(table, row, "due") if self.cell(row, "due") else on
        if not (supplier and on and yen and due) or document is None:
            return
        one = Opening(supplier, document or "期首残高", yen, on, due if yen > 0 else None)
        if one.key in self.told:
            self.wrong(
                table, row, "document",
                f"{self.places[one.key][1].line}行目と同じ仕入先・請求番号です。1行にまとめるか、請求番号を書いてください。",
            )  # fmt: skip
        self.told[one.key] = one
        self.places[one.key] = (table, row)

    def _past(self, table: Table, row: Row) -> date | None:
        on = self.day(table, row, "on")
        if on and on > clock.today():
            self.wrong(table, row, "on", "日付が未来です。残高の日付か請求日を書いてください。")
            return None
        return on

    def _yen(self, table: Table, row: Row) -> int | None:
        try:
            if yen := parse_yen(self.cell(row, "yen")):
                return yen
            problem = "残高が 0 円です。"
        except NotANumber as refusal:
            problem = str(refusal)
        self.wrong(table, row, "yen", f"{problem}残高のない仕入先の行は消してください。")
        return None


class PayableOpeningKind(intake.Kind):
    """買掛の期首残高."""

    code: ClassVar[str] = "payable_opening"
    title: ClassVar[str] = "買掛の期首残高"
    permission: ClassVar[str] = "purchasing.add_supplierbill"
    about: ClassVar[str] = "使い始める日に仕入先に払い残している金額を、買掛台帳に一度だけ入れます。支払待ちに期日順に並びます。"  # fmt: skip
    order: ClassVar[int] = 39
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "purchasing:payable_ledger"
    generic: ClassVar[str] = "期首残高の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        known = {row.key: row for row in PayableEntry.objects.filter(key__in=list(reading.told))}
        for key, row in known.items():
            if row.amount_yen != reading.told[key].yen:
                reading.wrong(
                    *reading.places[key], "yen",
                    f"この期首残高は {row.amount_yen:,} 円で登録済みです。先の取込を取り消すか、請求番号を変えてください。",
                )  # fmt: skip
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        new = [one for key, one in reading.told.items() if key not in known]
        names = dict(party.supplier_choices(stopped_too=True))
        return intake.Plan(
            rows=len(reading.rows), created=len(new), unchanged=len(known), columns=COLUMNS,
            total_yen=sum(one.yen for one in new), payload=new,
            preview=[
                ("登録済み" if one.key in known else "新規", names.get(one.supplier_id, ""), one.document, f"¥{one.yen:,}",
                 f"{one.on:%Y/%m/%d}", f"{one.due_on:%Y/%m/%d}" if one.due_on else "")
                for one in list(reading.told.values())[:50]
            ],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        entries = [
            ledger.write(
                one.supplier_id, PayableEntry.Kind.OPENING, one.yen, document=one.document, key=one.key, on=one.on,
                due_on=one.due_on, note="期首残高", by=by,
            ).pk
            for one in plan.payload
        ]  # fmt: skip
        total = sum(one.yen for one in plan.payload)
        return intake.Result(
            message=f"期首残高 {len(entries):,} 件、{total:,} 円を買掛台帳に入れました。",
            data={"entries": entries},
        )

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("買掛台帳", intake_file.created, "purchasing:payable_ledger"),)

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """The opposite rows; refused as a whole where one is in a payment. The same balance cannot come in again under its number."""
        rows = list(PayableEntry.objects.select_for_update(of=("self",)).filter(pk__in=intake_file.result["data"]["entries"], reversed_by=None).order_by("pk"))  # fmt: skip
        if not rows:
            raise DomainError(
                "この取込の期首残高はもう残っていません。", way_out="取り消すものはありません。"
            )
        for row in rows:
            if row.payments.filter(is_live=True).exists() or row.settled_by.exists():
                raise DomainError(
                    f"{row.document} は支払に入っています。",
                    way_out="支払を取り消してから取り消してください。",
                )
            ledger.reverse(row, note="取込の取消", by=by)
        return f"期首残高 {len(rows):,} 件を取り消しました。"
