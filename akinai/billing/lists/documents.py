"""書類の検索 (電子帳簿保存法): day and amount by range, partner, all together (AND)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import reverse

from akinai.billing import archive, jobs, queries
from akinai.billing.models import DocumentEntry, DocumentKind
from akinai.billing.queries.documents import TO_SEND
from akinai.core import clock
from akinai.ui.jobs.views import in_background
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
)


class PartnerText(Text):
    """取引先: every word, whatever the width, case or kana."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.none() if "\0" in self.value else queryset.filter(queries.of_partner(self.value))


def _zip(rows: QuerySet[Any], *, by: Any) -> HttpResponseBase:
    ids = list(rows.values_list("pk", flat=True))
    if len(ids) > archive.MOST:
        return in_background(jobs.ZIP, ids, by=by, back="billing:documents")
    name = f"書類_{clock.today():%Y%m%d}.zip"
    return FileResponse(archive.zip_of(list(rows)), as_attachment=True, filename=name)


def _sent(row: Any) -> str:
    """How the paper reached the customer, where it has to."""
    if row.direction == DocumentEntry.Direction.RECEIVED or row.kind not in (
        "invoice",
        "credit_note",
        "statement",
        "receipt",
    ):
        return ""
    return "不達" if row.is_undelivered else "送付済" if row.is_sent else "未送付"


MOST_IN_ONE = 50_000  # papers of one ZIP


class DocumentList(Worklist):
    """書類の検索."""

    page = "billing.documents"
    title = "書類の検索"
    permission = "billing.view_documententry"
    is_personal = True
    template_name = "billing/documents.html"
    columns = [
        Column("number", "番号", link=True, card="title", sort="number"),
        Column("direction", "発行・受領"),
        Column("kind", "種類"),
        Column("on", "取引年月日", format="date", sort="on"),
        Column("partner", "取引先"),
        Column("amount_yen", "取引金額", format="yen", card="amount", sort="amount_yen"),
        Column("sent", "送付", value=_sent, visible=False),
        Column("is_void", "無効・訂正済", format="bool", visible=False),
        Column("kept_at", "保存日時", format="datetime", visible=False),
        Column("sha256", "指紋（SHA-256）", visible=False),
    ]
    tabs = [
        Tab("unsent", "未送付", TO_SEND & Q(is_sent=False), tone="warn"),
        Tab("undelivered", "不達", TO_SEND & Q(is_undelivered=True), tone="bad"),
        Tab("issued", "発行", Q(direction="issued")),
        Tab("received", "受領", Q(direction="received")),
    ]
    filters = [
        DateRange("on", "取引年月日", field="on"),
        YenRange("amount", "取引金額", field="amount_yen"),
        PartnerText("partner", "取引先", field="partner_key"),
        MultiChoice("kind", "種類", choices=lambda _r: list(DocumentKind.choices)),
        Choice(
            "void",
            "無効・訂正済",
            choices=lambda _r: [("True", "含むもの"), ("False", "有効だけ")],
            field="is_void",
        ),
    ]
    search_hint = "番号・取引先"
    default_sort = "-on"
    export_name = "書類"
    empty = {
        "icon": "file", "title": "書類はありません", "text": "発行した書類はひとりでに並びます。受け取った書類はここから保存します。",
        "url_name": "billing:keep_document", "label": "受け取った書類を保存する",
    }  # fmt: skip
    bulk_actions = [
        BulkAction("zip", "ZIPでダウンロード", run=_zip, icon="download", permission="billing.view_documententry",
                   limit=MOST_IN_ONE),
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.documents_seen_by(request.user)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(number__startswith=text.strip().upper()) | queries.of_partner(text))

    def row_url(self, row: Any) -> str:
        return url_of(row)

    def row_tone(self, row: Any) -> str:
        return "mute" if row.is_void else ""


PAGES = {
    "invoice": "billing:detail", "slip": "billing:detail", "credit_note": "billing:credit_note",
    "statement": "billing:statement", "receipt": "billing:receipt", "purchase_order": "purchasing:order",
    "shipment": "shipping:detail", "quote": "orders:quote_detail",
}  # fmt: skip


def url_of(entry: DocumentEntry) -> str:
    """The page of a paper."""
    if entry.direction == DocumentEntry.Direction.RECEIVED:
        return reverse("billing:document", args=[entry.number])
    return reverse(PAGES[entry.kind], args=[entry.number])
