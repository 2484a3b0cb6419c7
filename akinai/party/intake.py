"""仕入先の取込: a list of suppliers. New ones are added, known ones get what the list says; empty cells change nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from akinai.core import intake
from akinai.core.corporate_number import NotANumber, parse_registration_number
from akinai.core.tables import EXCEL_WAY_OUT, Row, Table, is_excel_mangled, unwrap_text
from akinai.party import services
from akinai.party.models import Supplier

if TYPE_CHECKING:
    from akinai.core.intake.models import IntakeFile
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("code", "仕入先コード", required=True, names=("コード", "仕入先CD", "取引先コード", "code", "supplierid", "supplier id")),
    intake.Field("name", "仕入先名", required=True, names=("仕入先", "名称", "会社名", "取引先名", "name", "companyname", "company name")),
    intake.Field("kana", "フリガナ", names=("カナ", "仕入先名カナ", "kana")),
    intake.Field("registration_number", "登録番号", names=("インボイス登録番号", "適格請求書発行事業者登録番号", "T番号"), help="T と数字13桁"),
    intake.Field("phone", "電話番号", names=("電話", "TEL", "phone")),
    intake.Field("email", "メールアドレス", names=("メール", "email", "e-mail")),
    intake.Field("note", "メモ", names=("備考", "note")),
)  # fmt: skip
COLUMNS = ("区分", "仕入先コード", "仕入先名", "登録番号", "電話番号", "メールアドレス")
MOST = {"code": 40, "name": 100, "kana": 100, "phone": 30, "email": 254, "note": 2000}
NOTHING = {"NULL", "-", "－"}  # how other systems write an empty cell


@dataclass(slots=True)
class _Told:
    """One supplier of the file: what it says, and what is known."""

    values: dict[str, str]
    known: Supplier | None = None
    changes: list[str] = field(default_factory=list)


class _Reading(intake.Reading):
    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.told: list[_Told] = []
        self.warnings: list[str] = []
        self.seen: dict[str, int] = {}
        known = {one.code.upper(): one for one in Supplier.objects.all()}
        for table, row in self.rows:
            if values := self._values(table, row):
                told = _Told(values, known.get(values["code"].upper()))
                told.changes = [
                    name for name, text in values.items()
                    if name != "code" and text and told.known and getattr(told.known, name) != text
                ]  # fmt: skip
                self.told.append(told)

    def _values(self, table: Table, row: Row) -> dict[str, str] | None:
        before = len(self.errors)
        values = {name: self._text(table, row, name) for name in self.columns}
        for name, sentence in (("code", "仕入先コードが空欄です。"), ("name", "仕入先名が空欄です。")):
            if not values.get(name):
                self.wrong(table, row, name, sentence)
        if code := values.get("code", "").upper():
            if code in self.seen:
                self.wrong(table, row, "code", f"{self.seen[code]}行目に同じ仕入先コードがあります。")
            self.seen.setdefault(code, row.line)
        self._check(table, row, values)
        return values if len(self.errors) == before else None

    def _text(self, table: Table, row: Row, name: str) -> str:
        text = unwrap_text(self.cell(row, name))
        if not self.refuse_formula(table, row, name):
            if is_excel_mangled(self.cell(row, name)):
                self.wrong(table, row, name, f"Excelで値が壊れています。{EXCEL_WAY_OUT}")
            elif len(text) > MOST.get(name, 40):
                self.wrong(table, row, name, f"長すぎます（{MOST[name]}文字まで）。短くしてください。")
        return "" if text.upper() in NOTHING else unicodedata.normalize("NFC", text)

    def _check(self, table: Table, row: Row, values: dict[str, str]) -> None:
        if email := values.get("email"):
            try:
                validate_email(email)
            except ValidationError:
                self.wrong(
                    table, row, "email", "メールアドレスの形ではありません。直すか、空欄にしてください。"
                )
        if number := values.get("registration_number"):
            try:
                read = parse_registration_number(number)
            except NotANumber as problem:
                self.wrong(
                    table,
                    row,
                    "registration_number",
                    f"{problem}T と13桁の数字を書くか、空欄にしてください。",
                )
                return
            values["registration_number"] = read.number
            if read.warning:
                self.warnings.append(f"{row.line}行目 {values.get('name', '')}: {read.warning}")


class SuppliersKind(intake.Kind):
    """仕入先."""

    code: ClassVar[str] = "suppliers"
    title: ClassVar[str] = "仕入先"
    permission: ClassVar[str] = "party.add_supplier"
    about: ClassVar[str] = (
        "仕入先の一覧を読み、新しい仕入先を登録し、変わった項目を更新します。空欄の項目は変えません。"
    )
    order: ClassVar[int] = 32
    can_undo: ClassVar[bool] = True
    done_url: ClassVar[str] = "party:suppliers"
    generic: ClassVar[str] = "仕入先の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        new = [told for told in reading.told if told.known is None]
        changed = [told for told in reading.told if told.changes]
        labels = {one.code: one.label for one in FIELDS}
        return intake.Plan(
            rows=len(reading.rows), created=len(new), changed=len(changed), columns=COLUMNS, notes=reading.warnings[:20],
            unchanged=len(reading.told) - len(new) - len(changed), payload=[*new, *changed],
            preview=[_shown(told) for told in reading.told[:50]],
            changes=[
                intake.Change(told.values["code"], labels[name], getattr(told.known, name), told.values[name])
                for told in changed for name in told.changes
            ],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        new: list[int] = []
        changed: dict[str, dict[str, list[str]]] = {}
        for told in plan.payload:
            if told.known is None:
                fields = {name: text for name, text in told.values.items() if text}
                new.append(services.add_supplier(by=by, **fields))
                continue
            changed[str(told.known.pk)] = {
                name: [getattr(told.known, name), told.values[name]] for name in told.changes
            }
            for name in told.changes:
                setattr(told.known, name, told.values[name])
            services.save_supplier(told.known, by=by)
        return intake.Result(
            data={"new": new, "changed": changed},
            message=f"仕入先を登録しました（新規 {plan.created:,} 件、変更 {plan.changed:,} 件、変更なし {plan.unchanged:,} 件）。",
        )

    def undo(self, intake_file: IntakeFile, by: Staff | None) -> str:
        """New suppliers go, changed ones get their old words back; refused as a whole where somebody went on from there."""
        data = intake_file.result["data"]
        gone, back = services.take_back_suppliers(data["new"], data["changed"], by=by)
        return f"新しく登録した仕入先 {gone:,} 件を消し、変更した {back:,} 件を元に戻しました。"

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("仕入先", intake_file.created + intake_file.changed, "party:suppliers"),)


def _shown(told: _Told) -> tuple[str, ...]:
    sort = "新規" if told.known is None else "変更" if told.changes else "変更なし"
    return (
        sort,
        *(told.values.get(name, "") for name in ("code", "name", "registration_number", "phone", "email")),
    )
