"""一覧: 仕入先請求書, 支払待ち, 買掛台帳, 支払."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.forms.payables import GatherForm
from akinai.purchasing.models import PayableEntry, PaymentRun, SupplierBill
from akinai.purchasing.queries import payables as queries
from akinai.purchasing.services import billing, paying
from akinai.purchasing.states import BillState, RunState
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Worklist,
    YenRange,
    YesNo,
    each,
)


def _suppliers(_request: HttpRequest) -> Any:
    return party.supplier_choices(stopped_too=True)


def _by_supplier(rows: QuerySet[Any], text: str, *fields: str) -> QuerySet[Any]:
    word = text.strip()
    numbers = Q.create([(f"{field}__icontains", word) for field in fields], connector=Q.OR)
    return rows.filter(numbers | Q(supplier__in=party.supplier_ids_by_words(text)))


def entry_url(entry: PayableEntry) -> str:
    """The paper that owes: a bill, a correction, or what was owed before, which has none of its own."""
    if entry.kind == PayableEntry.Kind.OPENING:
        return f"{reverse('purchasing:payable_ledger')}?q={quote(entry.document)}"
    page = "correction" if entry.kind == PayableEntry.Kind.CORRECTION else "bill"
    return reverse(f"purchasing:{page}", args=[entry.document])


class BillList(Worklist):
    """仕入先請求書."""

    page = "purchasing.bills"
    title = "仕入先請求書"
    permission = "purchasing.view_supplierbill"
    template_name = "purchasing/bills.html"
    columns = [
        Column("number", "番号", sort="number", link=True, card="plain"),
        Column(
            "supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="title"
        ),
        Column("supplier_bill_no", "請求番号", card="hide"),
        Column("billed_on", "請求日", format="date", sort="billed_on"),
        Column("due_on", "支払期日", format="date", sort="due_on"),
        Column("state", "状態", format="badge", card="badge"),
        Column("net_yen", "税抜金額", format="yen", sort="net_yen", card="hide"),
        Column("tax_yen", "消費税額", format="yen", card="hide"),
        Column("deductible_yen", "控除できる税額", format="yen", visible=False),
        Column("total", "税込合計", format="yen", sort=F("total"), card="amount"),
    ]
    tabs = [
        Tab("draft", "下書き", Q(state=BillState.DRAFT), count=True, tone="warn"),
        Tab("posted", "計上済", Q(state=BillState.POSTED)),
        Tab("unqualified", "適格でない", Q(is_qualified=False, state=BillState.POSTED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=BillState.choices),
        Choice("supplier", "仕入先", choices=_suppliers, field="supplier"),
        DateRange("billed", "請求日", field="billed_on"),
        DateRange("due", "支払期日", field="due_on"),
        YenRange("total", "税込合計", field="total"),
    ]
    bulk_actions = [
        BulkAction("post", "計上する", run=each(billing.post_bill), permission="purchasing.change_supplierbill",
                   confirm="{count} 件を買掛に計上します。", icon="check"),
    ]  # fmt: skip
    search_hint = "番号・仕入先"
    default_sort = "-billed_on"
    export_name = "仕入先請求書"
    empty = {
        "icon": "invoice", "title": "仕入先の請求書はまだありません", "text": "届いた請求書を入荷と照合して、買掛に計上します。",
        "url_name": "purchasing:bill_add", "label": "請求書を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[SupplierBill]:
        return queries.for_bill_list()

    def search(self, queryset: QuerySet[SupplierBill], text: str) -> QuerySet[SupplierBill]:
        return _by_supplier(queryset, text, "number", "supplier_bill_no")

    def row_url(self, row: SupplierBill) -> str:
        return reverse("purchasing:bill", args=[row.number])


def _gather(rows: QuerySet[PayableEntry], *, by: Any, pay_on: date) -> HttpResponse:
    run = paying.gather(list(rows.values_list("pk", flat=True)), pay_on=pay_on, by=by)
    return redirect("purchasing:run", run.number)


class PayableList(Worklist):
    """支払待ち: what is owed and in no run of payment."""

    page = "purchasing.payables"
    title = "支払待ち"
    permission = "purchasing.view_payableentry"
    template_name = "purchasing/payables.html"
    columns = [
        Column("document", "番号", link=True, sort="document", card="plain"),
        Column(
            "supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="title"
        ),
        Column("note", "請求番号", card="hide"),
        Column("on", "請求日", format="date", sort="on", card="hide"),
        Column("due_on", "支払期日", format="date", sort="due_on"),
        Column("amount_yen", "請求額（税込）", format="yen", card="hide"),
        Column("left_yen", "残り", format="yen", sort=F("left_yen"), card="amount"),
    ]
    tabs = [
        Tab(
            "due",
            "期日が 7 日以内",
            lambda _request: Q(due_on__lte=clock.today() + timedelta(days=7)),
            count=True,
            tone="warn",
        ),
        Tab("late", "期日超過", lambda _request: Q(due_on__lt=clock.today()), count=True, tone="bad"),
    ]
    filters = [
        Choice("supplier", "仕入先", choices=_suppliers, field="supplier"),
        DateRange("due", "支払期日", field="due_on"),
        YenRange("left", "残り", field="left_yen"),
    ]
    bulk_actions = [
        BulkAction("gather", "総合振込で支払う", run=_gather, permission="purchasing.add_paymentrun", form=GatherForm,
                   confirm="{count} 件の支払を準備します。", icon="bank"),
    ]  # fmt: skip
    search_hint = "番号・仕入先"
    default_sort = "due_on"
    export_name = "支払待ち"
    empty = {
        "icon": "check-circle",
        "title": "支払を待つ請求はありません",
        "text": "計上した仕入先請求書が、ここに期日順に並びます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[PayableEntry]:
        return queries.payable_now()

    def search(self, queryset: QuerySet[PayableEntry], text: str) -> QuerySet[PayableEntry]:
        return _by_supplier(queryset, text, "document", "note")

    def row_url(self, row: PayableEntry) -> str:
        return entry_url(row)

    def row_tone(self, row: PayableEntry) -> str:
        return "warn" if row.due_on and row.due_on < clock.today() else ""


class PayableLedger(Worklist):
    """買掛台帳."""

    page = "purchasing.payable_ledger"
    title = "買掛台帳"
    permission = "purchasing.view_payableentry"
    columns = [
        Column("on", "日付", format="date", sort="on", card="plain"),
        Column("kind", "種類", format="badge", card="badge"),
        Column(
            "supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="title"
        ),
        Column("document", "書類", card="plain"),
        Column("amount_yen", "増減", format="signed_yen", sort="amount_yen", card="amount"),
        Column("due_on", "支払期日", format="date"),
        Column("note", "摘要"),
        Column("by", "担当者", value=lambda row: str(row.by or "システム"), card="hide"),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=PayableEntry.Kind.choices),
        Choice("supplier", "仕入先", choices=_suppliers, field="supplier"),
        DateRange("on", "日付", field="on"),
        YesNo("reversed", "取消済", yes=Q(reversed_by__isnull=False)),
    ]
    search_hint = "書類・仕入先"
    default_sort = "-on"
    export_name = "買掛台帳"
    empty = {"icon": "book", "title": "買掛はまだありません", "text": "請求書を計上すると、ここに残ります。"}

    def queryset(self, request: HttpRequest) -> QuerySet[PayableEntry]:
        return PayableEntry.objects.select_related("supplier", "by")

    def search(self, queryset: QuerySet[PayableEntry], text: str) -> QuerySet[PayableEntry]:
        return _by_supplier(queryset, text, "document", "note")


class RunList(Worklist):
    """支払."""

    page = "purchasing.runs"
    title = "支払（総合振込）"
    permission = "purchasing.view_paymentrun"
    columns = [
        Column("number", "支払番号", sort="number", link=True, card="title"),
        Column("pay_on", "支払日", format="date", sort="pay_on", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column("total_yen", "合計", format="yen", sort="total_yen", card="amount"),
        Column("written_at", "ファイル作成", format="datetime"),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム"), card="hide"),
    ]
    tabs = [
        Tab("draft", "準備中", Q(state=RunState.DRAFT), count=True, tone="warn"),
        Tab("written", "銀行の結果待ち", Q(state=RunState.WRITTEN), count=True, tone="warn"),
    ]
    filters = [
        MultiChoice("state", "状態", choices=RunState.choices),
        DateRange("pay", "支払日", field="pay_on"),
    ]
    search_hint = "支払番号"
    default_sort = "-pay_on"
    export_name = "支払"
    empty = {
        "icon": "bank", "title": "支払はまだありません", "text": "支払待ちの請求を選んで、総合振込のファイルを作ります。",
        "url_name": "purchasing:payables", "label": "支払待ちを見る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PaymentRun]:
        return queries.runs()

    def search(self, queryset: QuerySet[PaymentRun], text: str) -> QuerySet[PaymentRun]:
        return queryset.filter(number__icontains=text.strip())

    def row_url(self, row: PaymentRun) -> str:
        return reverse("purchasing:run", args=[row.number])
