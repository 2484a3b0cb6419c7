"""過去の販売実績の一覧."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.purchasing.models import PastSale
from akinai.ui.worklist import Column, DateRange, FromIntake, Tab, Text, Worklist


class PastSaleList(Worklist):
    """過去の販売実績: what was sold before orders were kept here, by day and SKU."""

    page = "purchasing.past_sales"
    title = "過去の販売実績"
    permission = "purchasing.view_pastsale"
    template_name = "purchasing/past_sales.html"
    columns = [
        Column("on", "日付", format="date", sort="on", card="plain"),
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=lambda row: catalog.row_of(row.sku).title, card="title"),
        Column("pieces", "数量", format="number", sort="pieces", card="amount"),
        Column("created_at", "登録日時", format="datetime", sort="created_at", card="hide"),
    ]
    tabs = [Tab("back", "返品が上回る日", Q(pieces__lt=0))]
    filters = [
        DateRange("on", "日付", field="on"),
        Text("sku", "商品コード", field="sku__code"),
        FromIntake("intake", "取込", field="batch", data="batch"),
    ]
    search_hint = "商品コード・商品名・JAN"
    default_sort = "-on"
    export_name = "過去の販売実績"
    empty = {
        "icon": "trend", "title": "過去の販売実績はまだありません",
        "text": "前のシステムの売上を「過去の販売実績」のファイルで取り込むと、需要予測が初日から使えます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PastSale]:
        return PastSale.objects.select_related("sku__product")

    def search(self, queryset: QuerySet[PastSale], text: str) -> QuerySet[PastSale]:
        return queryset.filter(catalog.named(text))

    def row_url(self, row: PastSale) -> str:
        return reverse("stock:card", args=[row.sku_id])
