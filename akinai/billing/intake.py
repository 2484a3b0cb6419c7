"""請求条件の取込: the terms of many customers from one list; what the list leaves empty stays as it is.

Each row goes through the same form as the screen, so a file can agree to nothing that a clerk could not type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from akinai.billing import services
from akinai.billing.errors import NotInvoiceable
from akinai.billing.forms import TermsForm
from akinai.billing.models import BillingTerms
from akinai.core import intake
from akinai.core.business_days import END_OF_MONTH
from akinai.core.tables import Row, Table, unwrap_text
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.core.models import IntakeFile
    from akinai.party.models import Customer
    from akinai.staff.models import Staff

FIELDS = (
    intake.Field("customer", "顧客番号", required=True, names=("顧客", "得意先コード", "customer")),
    intake.Field("cycle", "請求の単位", names=("請求単位",), help="月締め・都度"),
    intake.Field("closing_day", "締め日", names=("締日",), help="1〜28、末日"),
    intake.Field("months", "支払月", names=("入金月",), help="当月・翌月・翌々月・3か月後〜"),
    intake.Field("paying_day", "支払日", names=("入金日",), help="1〜28、末日"),
    intake.Field("when_closed", "休業日のとき", names=("支払日が銀行休業日のとき",), help="翌営業日・前営業日・そのまま"),
    intake.Field("invoice_is", "適格請求書にする書類", names=("適格請求書",)),
    intake.Field("credit_limit_yen", "与信限度額", names=("与信", "限度額")),
    intake.Field("send_way", "送り方", help="メール・印刷して郵送"),
    intake.Field("send_to", "請求書の送り先", names=("送付先メール",)),
    intake.Field("recipient_name", "請求書の宛名", names=("宛名",)),
    intake.Field("payer_kana", "振込名義（カナ）", names=("振込名義", "振込名義カナ")),
    intake.Field("since", "適用開始日", names=("開始日",)),
)  # fmt: skip
COLUMNS = ("区分", "顧客", "請求条件", "与信限度額", "適用開始日")
NAMES = [one.code for one in FIELDS if one.code != "customer"]
CHOSEN = ("cycle", "closing_day", "months", "paying_day", "when_closed", "invoice_is", "send_way")
SHORT = {
    "月締め": "monthly",
    "都度": "per_order",
    "郵送": "post",
    "末": str(END_OF_MONTH),
    "末日": str(END_OF_MONTH),
    "月末": str(END_OF_MONTH),
}


def _pairs(name: str) -> list[tuple[str, str]]:
    """(value, word of the screen) of a field."""
    field: Any = BillingTerms._meta.get_field(name)
    return [(str(value), str(label)) for value, label in field.choices]


def _choices(name: str) -> dict[str, str]:
    """What a cell may say → the value: the words of the screen, the value itself, and the day without 日."""
    pairs = _pairs(name)
    found = {label: value for value, label in pairs} | {value: value for value, _ in pairs}
    known = set(found.values())
    return found | {word: value for word, value in SHORT.items() if value in known}


@dataclass(frozen=True, slots=True)
class Told:
    """1 行: the terms as they will be, and what they were."""

    customer: Customer
    terms: BillingTerms
    before: BillingTerms | None
    changed: tuple[str, ...]


class _Reading(intake.Reading):
    def __init__(self, files: Sequence[intake.Upload], options: intake.Options) -> None:
        super().__init__(files, options)
        self.told: list[Told] = []
        numbers = {unwrap_text(self.cell(row, "customer")).upper() for _, row in self.rows}
        self.customers = {one.number: one for one in party.customers_by_number(numbers)}
        self.terms = {
            one.customer_id: one for one in BillingTerms.objects.filter(customer__in=self.customers.values())
        }
        self.words = {name: _choices(name) for name in CHOSEN}
        self.seen: set[int] = set()
        for table, row in self.rows:
            self._take(table, row)

    def _take(self, table: Table, row: Row) -> None:
        customer = self.customers.get(unwrap_text(self.cell(row, "customer")).upper())
        if customer is None:
            self.wrong(
                table, row, "customer", "この顧客番号は登録されていません。顧客の一覧で確かめてください。"
            )
            return
        if customer.pk in self.seen:
            self.wrong(table, row, "customer", "同じ顧客が 2 行あります。1 行にまとめてください。")
            return
        self.seen.add(customer.pk)
        before = self.terms.get(customer.pk)
        data, is_readable = self._data(table, row, before)
        form = TermsForm(data, instance=BillingTerms(pk=before.pk if before else None, customer=customer))
        if not is_readable:
            return
        if not form.is_valid():
            for name, errors in form.errors.items():
                self.wrong(table, row, name if name in NAMES else "customer", "".join(map(str, errors)))
            return
        terms: BillingTerms = form.instance
        changed = tuple(
            name for name in NAMES if before is None or getattr(before, name) != getattr(terms, name)
        )
        self.told.append(Told(customer, terms, before, changed))

    def _data(self, table: Table, row: Row, before: BillingTerms | None) -> tuple[dict[str, Any], bool]:
        """What the form gets: the cell, else what stands, else the usual."""
        data: dict[str, Any] = {}
        start = before or BillingTerms()
        is_readable = True
        for name in NAMES:
            text = unwrap_text(self.cell(row, name)) if name in self.columns else ""
            if not text:
                value = getattr(start, name)
                data[name] = (
                    f"{value:%Y-%m-%d}" if name == "since" and value else "" if value is None else value
                )
            elif name in self.words:
                data[name] = self.words[name].get(text, self.words[name].get(f"{text}日"))
                if data[name] is None:
                    is_readable = False
                    said = "・".join(label for _, label in _pairs(name))
                    self.wrong(table, row, name, f"次のどれかを書いてください: {said}")
            else:
                data[name] = text
        return data, is_readable


class BillingTermsKind(intake.Kind):
    """請求条件."""

    code: ClassVar[str] = "billing_terms"
    title: ClassVar[str] = "請求条件"
    permission: ClassVar[str] = "billing.change_billingterms"
    about: ClassVar[str] = (
        "顧客番号ごとに、締め日・支払日・与信限度額などを登録します。空欄の項目は変えません。はじめての顧客には適用開始日が要ります。"
    )
    order: ClassVar[int] = 58
    done_url: ClassVar[str] = "billing:terms"
    generic: ClassVar[str] = "請求条件の一覧（CSV・Excel）"

    def fields(self) -> Sequence[intake.Field]:
        return FIELDS

    def plan(self, files: Sequence[intake.Upload], options: intake.Options) -> intake.Plan:
        reading = _Reading(files, options)
        if reading.errors:
            return intake.Plan.refusal(reading.errors, rows=len(reading.rows))
        new = [one for one in reading.told if one.before is None]
        changed = [one for one in reading.told if one.before is not None and one.changed]
        labels = {one.code: one.label for one in FIELDS}
        return intake.Plan(
            rows=len(reading.rows), created=len(new), changed=len(changed), unchanged=len(reading.told) - len(new) - len(changed),
            columns=COLUMNS, payload=[*new, *changed], preview=[_shown(one) for one in reading.told[:50]],
            changes=[
                intake.Change(one.customer.number, labels[name], _word(one.before, name), _word(one.terms, name))
                for one in changed for name in one.changed if one.before
            ],
        )  # fmt: skip

    def apply(self, plan: intake.Plan, by: Staff | None) -> intake.Result:
        for one in plan.payload:
            try:
                services.save_terms(one.terms, by=by)
            except NotInvoiceable as refusal:
                raise NotInvoiceable(
                    f"{one.customer.number}: {refusal.message}", way_out=refusal.way_out
                ) from None
        return intake.Result(message=f"請求条件を {len(plan.payload):,} 件登録・変更しました。")

    def made(self, intake_file: IntakeFile) -> Sequence[intake.Made]:
        return (intake.Made("請求条件", intake_file.created + intake_file.changed, "billing:terms"),)


def _word(terms: BillingTerms, name: str) -> str:
    shown = getattr(terms, f"get_{name}_display", None)
    value = shown() if shown else getattr(terms, name)
    return "" if value is None else str(value)


def _shown(one: Told) -> tuple[str, ...]:
    limit = one.terms.credit_limit_yen
    state = "新規" if one.before is None else "変更" if one.changed else "変更なし"
    who = f"{one.customer.number} {one.customer}"
    return (
        state,
        who,
        one.terms.sentence,
        "" if limit is None else f"¥{limit:,}",
        f"{one.terms.since:%Y/%m/%d}",
    )
