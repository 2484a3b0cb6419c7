"""請求の一覧: orders that wait for their invoice, invoices, credit notes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from akinai.billing import jobs, queries, services
from akinai.billing.forms import IssueForm
from akinai.channels import queries as channels
from akinai.core.long_jobs import Outcome
from akinai.orders import queries as orders
from akinai.party import masking
from akinai.ui.jobs.views import in_background
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, Refused, Tab, Text, Worklist, YenRange


def _channels(_request: HttpRequest) -> list[tuple[str, str]]:
    return channels.choices()


def _issue(rows: QuerySet[Any], *, by: Any, issued_on: Any) -> HttpResponse | str | Refused:
    ids = list(rows.values_list("pk", flat=True))
    options = {"issued_on": issued_on.isoformat()}
    if len(ids) > jobs.AT_ONCE:
        return in_background(jobs.ISSUE, ids, by=by, options=options, back="billing:to_invoice")
    return told(jobs.issue(ids, options, by))


def told(outcome: Outcome) -> str | Refused:
    """What came of it, in one sentence for the toast."""
    done = "、".join(f"{word} {count:,} 件" for word, count in outcome.counts.items() if count)
    if not outcome.refused:
        return f"{done}。" if done else "すでに済んでいます。"
    shown = " ／ ".join(f"{number}: {reason}" for number, reason in outcome.refused[:3])
    rest = f" ほか {len(outcome.refused) - 3} 件" if len(outcome.refused) > 3 else ""
    return Refused(
        f"{done}{'。' if done else ''}{len(outcome.refused)} 件はできませんでした（{shown}{rest}）。"
    )


class ToInvoiceList(Worklist):
    """請求待ち: shipped orders without an invoice."""

    page = "billing.to_invoice"
    title = "請求待ち"
    permission = "billing.add_invoice"
    is_personal = True
    columns = [
        Column("number", "受注番号", sort="number", link=True, card="title"),
        Column("shipped_at", "出荷日時", format="datetime", sort="shipped_at"),
        Column("channel", "チャネル", value="channel.name"),
        Column("buyer_company", "会社名"),
        Column("buyer_name", "注文者"),
        Column("payment", "支払方法"),
        Column("total_yen", "請求金額", format="yen", sort="total_yen", card="amount"),
        Column("buyer_email", "メール", visible=False, mask=masking.MAIL),
        Column("customer_note", "備考", visible=False),
    ]
    tabs = [
        Tab("terms", "掛け払い", Q(payment="credit_terms"), count=True),
        Tab("unknown", "金額不明", Q(amounts_known=False), count=True, tone="warn"),
    ]
    filters = [
        Choice("channel", "チャネル", choices=_channels, field="channel__code"),
        DateRange("shipped", "出荷日", field="shipped_at"),
        YenRange("total", "金額", field="total_yen"),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "受注番号・氏名・会社名"
    default_sort = "shipped_at"
    empty = {
        "icon": "invoice",
        "title": "請求を待つ受注はありません",
        "text": "出荷した受注がここに並びます。",
    }
    bulk_actions = [
        BulkAction(
            "issue",
            "請求書を発行",
            run=_issue,
            form=IssueForm,
            icon="invoice",
            primary=True,
            permission="billing.add_invoice",
            limit=5000,
        )
    ]

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.to_invoice()

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return orders.sought(queryset, text)

    def row_url(self, row: Any) -> str:
        return reverse("orders:detail", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return "" if row.amounts_known else "warn"


def _send(rows: QuerySet[Any], *, by: Any) -> HttpResponse | str | Refused:
    ids = list(rows.values_list("pk", flat=True))
    if len(ids) > jobs.AT_ONCE:
        return in_background(jobs.SEND, ids, by=by, back="billing:list")
    return told(jobs.send(ids, {}, by))


def _printed(rows: QuerySet[Any], *, by: Any) -> str:
    return f"{services.mark_printed(list(rows), by=by):,} 件を同梱・印刷で渡した記録にしました。"


class InvoiceList(Worklist):
    """請求書一覧. The three searches of the 電子帳簿保存法 (day, amount, partner) are its filters and can be combined."""

    page = "billing.list"
    title = "請求書"
    permission = "billing.view_invoice"
    is_personal = True
    columns = [
        Column("number", "請求番号", sort="number", link=True, card="title"),
        Column("kind", "種類", visible=False),
        Column("issued_on", "発行日", format="date", sort="issued_on"),
        Column("transaction_on", "取引年月日", format="date", sort="transaction_on"),
        Column("recipient_name", "宛名", sort="recipient_name"),
        Column("order", "受注番号", value="order.number"),
        Column("channel", "チャネル", value="order.channel.name"),
        Column("total_yen", "税込合計", format="yen", sort="total_yen", card="amount"),
        Column("tax_yen", "消費税額", format="yen", visible=False),
        Column("sent", "送付", value=lambda row: queries.sent_badge(row), format="badge", card="badge",
               export=lambda row: queries.sent_badge(row)[0]),
        Column("due_on", "支払期限", format="date", visible=False),
        Column("pdf_sha256", "PDFの指紋", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab(
            "unsent",
            "未送付",
            Q(order__invoice_progress="done", order__shipped_outside=False, replaced_by=None),
            count=True,
            tone="warn",
        ),
        Tab("slips", "納品書（月締め）", Q(kind="slip")),
        Tab("credited", "返還あり", lambda _r: Q(credit_notes__isnull=False)),
        Tab("replaced", "訂正済", Q(replaced_by__isnull=False)),
    ]
    filters = [
        DateRange("transaction", "取引年月日", field="transaction_on"),
        YenRange("total", "取引金額", field="total_yen"),
        Text("partner", "取引先", field="recipient_name"),
        DateRange("issued", "発行日", field="issued_on"),
        Choice("channel", "チャネル", choices=_channels, field="order__channel__code"),
    ]
    search_hint = "請求番号・受注番号・宛名"
    default_sort = "-number"
    export_name = "請求書"
    empty = {
        "icon": "invoice", "title": "請求書はまだありません", "text": "出荷した受注から発行します。",
        "url_name": "billing:to_invoice", "label": "請求書を発行する",
    }  # fmt: skip
    bulk_actions = [
        BulkAction("send", "メールで送る", run=_send, icon="send", primary=True, permission="billing.add_paperdelivery",
                   confirm="{count} 件の請求書を PDF で送ります。", limit=5000),
        BulkAction("printed", "同梱・印刷で渡した", run=_printed, icon="printer", permission="billing.add_paperdelivery",
                   confirm="{count} 件を、印刷して渡した記録にします。"),
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.invoices_seen_by(request.user)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queries.find(queryset, text)

    def row_url(self, row: Any) -> str:
        return reverse("billing:detail", args=[row.number])


class CreditNoteList(Worklist):
    """返還請求書一覧."""

    page = "billing.credit_notes"
    title = "返還請求書"
    permission = "billing.view_invoice"
    is_personal = True
    columns = [
        Column("number", "返還請求番号", sort="number", link=True, card="title"),
        Column("issued_on", "発行日", format="date", sort="issued_on"),
        Column("returned_on", "返還・値引の日", format="date", sort="returned_on"),
        Column("recipient_name", "宛名"),
        Column("invoice", "元の請求番号", value="invoice.number"),
        Column("order", "受注番号", value="order.number"),
        Column("reason", "理由"),
        Column("total_yen", "税込合計", format="yen", sort="total_yen", card="amount"),
        Column("tax_yen", "消費税額", format="yen", visible=False),
    ]
    filters = [
        DateRange("returned", "返還・値引の日", field="returned_on"),
        YenRange("total", "金額", field="total_yen"),
        Text("partner", "取引先", field="recipient_name"),
    ]
    search_fields = ("number", "recipient_name", "invoice__number", "order__number")
    search_hint = "番号・宛名"
    default_sort = "-number"
    export_name = "返還請求書"
    empty = {
        "icon": "invoice",
        "title": "返還請求書はありません",
        "text": "返品や値引は、請求書の画面から発行します。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.credit_notes_seen_by(request.user)

    def row_url(self, row: Any) -> str:
        return reverse("billing:credit_note", args=[row.number])
