"""個人情報の閲覧記録: who opened whose page. For the 店長 alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.party.models import Opening
from akinai.staff.queries import everybody
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Text, Worklist


def _customer(row: Any, value: Any, _request: HttpRequest) -> str:
    return (
        format_html('<a href="{}">{}</a>', reverse("party:customer", args=[value]), value) if value else "–"
    )


class ByStaff(Choice):
    """開いた人; nobody for what is no number."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(staff=int(self.values[0]))


class OfCustomer(Text):
    """顧客番号, whole."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        word = self.value.strip().upper()
        return queryset.none() if "\0" in word else queryset.filter(customer_number=word)


class OpeningList(Worklist):
    """個人情報の閲覧記録."""

    page = "party.openings"
    title = "個人情報の閲覧記録"
    permission = "party.read_openings"
    columns = [
        Column("at", "日時", format="datetime", sort="at", card="plain"),
        Column("staff", "開いた人", value=lambda row: str(row.staff), card="title"),
        Column("page", "画面", card="badge"),
        Column("subject", "番号", sort="subject", card="plain"),
        Column("customer_number", "顧客番号", value="customer_number", draw=_customer, card="plain"),
        Column("reason", "理由", card="plain"),
        Column("rows", "件数", format="number"),
    ]
    tabs = [
        Tab("pages", "画面", ~Q(page=Opening.Page.EXPORT)),
        Tab("exports", "書き出し", Q(page=Opening.Page.EXPORT)),
    ]
    filters = [
        ByStaff("staff", "開いた人", choices=lambda _request: [(str(pk), name) for pk, name in everybody()]),
        MultiChoice("page", "画面", choices=Opening.Page.choices),
        OfCustomer("customer", "顧客番号"),
        DateRange("at", "日", field="at"),
    ]
    search_hint = "受注・問い合わせ・顧客の番号"
    default_sort = "-at"
    export_name = "個人情報の閲覧記録"
    empty = {
        "icon": "eye", "title": "記録はまだありません",
        "text": "顧客・受注・問い合わせの画面を開くか、連絡先のある一覧を書き出すと、ここに残ります。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Opening]:
        return Opening.objects.select_related("staff")

    def search(self, queryset: QuerySet[Opening], text: str) -> QuerySet[Opening]:
        word = text.strip().upper()
        if "\0" in word:
            return queryset.none()
        return queryset.filter(Q(subject__startswith=word) | Q(customer_number__startswith=word))
