"""取置一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.stock import queries
from akinai.stock.models import KeepAside
from akinai.stock.queries.keeping import kept_asides
from akinai.stock.states import KeepState
from akinai.ui.worklist import Choice, Column, DateRange, Tab, Worklist


def _title(row: KeepAside) -> str:
    variant = f"（{row.sku.variant}）" if row.sku.variant else ""
    return f"{row.sku.product.name}{variant}"


def _for(row: Any) -> str:
    return row.customer.name if row.customer else ""


class KeepList(Worklist):
    """取置一覧."""

    page = "stock.keeps"
    title = "取置"
    permission = "stock.view_keepaside"
    is_personal = True
    columns = [
        Column("number", "取置番号", sort="number", link=True, card="line"),
        Column("state", "状態", format="badge", card="badge"),
        Column("code", "商品コード", value="sku.code", card="line"),
        Column("name", "商品名", value=_title, card="title"),
        Column("left", "取置中", value=lambda row: row.left if row.state == KeepState.KEPT else 0, format="number", card="amount"),
        Column("quantity", "数量", format="number", card="hide"),
        Column("used", "使用", format="number", card="hide"),
        Column("customer", "顧客", value=_for),
        Column("purpose", "用途"),
        Column("until_on", "期限", format="date", sort="until_on"),
        Column("location", "場所", value="location.name", card="hide"),
        Column("created_at", "登録日時", format="datetime", sort="created_at", card="hide"),
        Column("created_by", "担当者", value=lambda row: str(row.created_by or "システム"), visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("kept", "取置中", Q(state=KeepState.KEPT), count=True),
        Tab("today", "今日まで", lambda _request: Q(state=KeepState.KEPT, until_on__lte=clock.today()), count=True, tone="warn"),
        Tab("ended", "終わったもの", ~Q(state=KeepState.KEPT)),
    ]  # fmt: skip
    filters = [
        Choice("location", "在庫場所", choices=lambda _request: queries.location_choices(selling=True), field="location__code"),
        DateRange("until", "期限", field="until_on"),
        DateRange("created", "登録日", field="created_at"),
    ]  # fmt: skip
    search_hint = "取置番号・商品・顧客・用途"
    default_sort = "-created_at"
    export_name = "取置"
    empty = {
        "icon": "bookmark", "title": "取置はまだありません", "text": "在庫の商品を開いて「取り置く」を押すと、期限まで注文に回さずに取っておけます。",
        "url_name": "stock:list", "label": "在庫を開く",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[KeepAside]:
        return kept_asides()

    def search(self, queryset: QuerySet[KeepAside], text: str) -> QuerySet[KeepAside]:
        told = text.strip()
        words = (
            Q(purpose__icontains=told) | Q(customer__name__icontains=told) | Q(customer__number=told.upper())
        )
        return queryset.filter(catalog.named(text) | Q(number__startswith=told.upper()) | words)

    def row_url(self, row: KeepAside) -> str:
        return reverse("stock:kept", args=[row.number])

    def row_tone(self, row: KeepAside) -> str:
        return "warn" if row.state == KeepState.KEPT and row.until_on <= clock.today() else ""
