"""合計請求書と請求条件の一覧."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from akinai.billing import jobs, queries, services
from akinai.billing.lists.papers import told
from akinai.billing.models import BillingTerms
from akinai.billing.models.terms import DAYS
from akinai.core import clock
from akinai.core.search import looks_like_number, matching
from akinai.ui.jobs.views import in_background
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, Refused, Tab, Text, Worklist, YenRange


def state_of(statement: Any) -> tuple[str, str]:
    """(word, tone): void, paid, overdue, or how far the paper got."""
    if not statement.is_live:
        return "取消", "mute"
    if not statement.owes:
        return "入金済", "good"
    if statement.due_on < clock.today():
        return "期限切れ", "bad"
    return ("送付済", "info") if statement.is_sent else ("未送付", "warn")


def _send(rows: QuerySet[Any], *, by: Any) -> HttpResponse | str | Refused:
    ids = list(rows.values_list("pk", flat=True))
    if len(ids) > jobs.AT_ONCE:
        return in_background(jobs.SEND_STATEMENTS, ids, by=by, back="billing:statements")
    return told(jobs.send_statements(ids, {}, by))


def _printed(rows: QuerySet[Any], *, by: Any) -> str:
    return f"{services.mark_printed(list(rows), by=by):,} 件を印刷して送った記録にしました。"


class StatementList(Worklist):
    """合計請求書一覧."""

    page = "billing.statements"
    title = "合計請求書"
    permission = "billing.view_statement"
    is_personal = True
    template_name = "billing/statements.html"
    columns = [
        Column("number", "番号", sort="number", link=True, card="title"),
        Column("closed_on", "締め日", format="date", sort="closed_on"),
        Column("recipient_name", "宛名"),
        Column("previous_yen", "前回", format="yen", visible=False),
        Column("received_yen", "入金", format="yen", visible=False),
        Column("carried_yen", "繰越", format="yen"),
        Column("total_yen", "今回（税込）", format="yen"),
        Column("asked_yen", "請求額", format="yen", sort="asked_yen", card="amount"),
        Column("due_on", "支払期限", format="date", sort="due_on"),
        Column(
            "state", "状態", value=state_of, format="badge", card="badge", export=lambda row: state_of(row)[0]
        ),
        Column("issued_on", "発行日", format="date", visible=False),
        Column("pdf_sha256", "PDFの指紋", visible=False),
    ]
    tabs = [
        Tab("unsent", "未送付", Q(is_live=True, is_sent=False), count=True, tone="warn"),
        Tab("open", "未入金", Q(is_live=True, owes=True), count=True),
        Tab(
            "overdue",
            "期限切れ",
            lambda _r: Q(is_live=True, owes=True, due_on__lt=clock.today()),
            count=True,
            tone="bad",
        ),
        Tab("void", "取消", Q(is_live=False)),
    ]
    filters = [
        DateRange("closed", "締め日", field="closed_on"),
        YenRange("asked", "請求額", field="asked_yen"),
        Text("partner", "取引先", field="recipient_name"),
        DateRange("due", "支払期限", field="due_on"),
    ]
    search_hint = "番号・宛名・顧客"
    default_sort = "-number"
    export_name = "合計請求書"
    empty = {
        "icon": "invoice", "title": "合計請求書はまだありません", "text": "請求条件が月締めの顧客を、締め処理で締めます。",
        "url_name": "billing:closing", "label": "締め処理へ",
    }  # fmt: skip
    bulk_actions = [
        BulkAction("send", "メールで送る", run=_send, icon="send", primary=True, permission="billing.add_paperdelivery",
                   confirm="{count} 件の合計請求書を PDF で送ります。", limit=5000),
        BulkAction("printed", "印刷して送った", run=_printed, icon="printer", permission="billing.add_paperdelivery",
                   confirm="{count} 件を、印刷して送った記録にします。"),
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.statements_seen_by(request.user)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        if looks_like_number(text):
            return queryset.filter(number=text.strip().upper())
        return queryset.filter(matching(text))

    def row_url(self, row: Any) -> str:
        return reverse("billing:statement", args=[row.number])


def _word(name: str) -> Callable[[Any], Any]:
    """A column's value in the words of the screen."""

    def value(row: Any) -> Any:
        shown = getattr(row, f"get_{name}_display", None)
        return shown() if shown else getattr(row, name)

    return value


class TermsList(Worklist):
    """請求条件一覧."""

    page = "billing.terms"
    title = "請求条件"
    permission = "billing.view_billingterms"
    is_personal = True
    columns = [
        Column(
            "number", "顧客番号", value="customer.number", link=True, card="plain", sort="customer__number"
        ),
        Column("company", "会社名", value="customer.company", card="plain"),
        Column("name", "氏名", value="customer.name", card="title", sort="customer__kana"),
        Column("sentence", "締めと支払い"),
        Column("invoice_is", "適格請求書"),
        Column("credit_limit_yen", "与信限度額", format="yen", card="amount", sort="credit_limit_yen"),
        Column("send_way", "送り方", visible=False),
        Column("since", "適用開始日", format="date", visible=False),
    ]
    filters = [
        Choice("cycle", "請求の単位", choices=lambda _r: BillingTerms.Cycle.choices, field="cycle"),
        Choice(
            "day", "締め日", choices=lambda _r: [(str(day), name) for day, name in DAYS], field="closing_day"
        ),
        YenRange("limit", "与信限度額", field="credit_limit_yen"),
    ]
    search_fields = ("customer__search_grams", "customer__search_text")
    search_hint = "氏名・会社名・顧客番号"
    default_sort = "customer__number"
    export_name = "請求条件"
    empty = {
        "icon": "settings", "title": "請求条件はまだありません",
        "text": "掛けで売る顧客のページから、締め日と支払日を決めます。", "url_name": "party:customers", "label": "顧客を選ぶ",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.terms_seen_by(request.user)

    def file_columns(self) -> Sequence[Column]:
        """The rest of the terms, so that the file can come back by 取込「請求条件」."""
        return [
            Column(name, title, value=_word(name)) for name, title in (
                ("cycle", "請求の単位"), ("closing_day", "締め日"), ("months", "支払月"), ("paying_day", "支払日"),
                ("when_closed", "休業日のとき"), ("send_to", "請求書の送り先"), ("recipient_name", "請求書の宛名"),
                ("payer_kana", "振込名義（カナ）"),
            )
        ]  # fmt: skip

    def row_url(self, row: Any) -> str:
        return reverse("billing:terms_edit", args=[row.customer.number])
