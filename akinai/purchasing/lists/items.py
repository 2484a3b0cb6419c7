"""仕入先商品一覧."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core.money import cost_text
from akinai.party import queries as party
from akinai.purchasing.lists import title_of
from akinai.purchasing.models import SupplierItem
from akinai.purchasing.queries import terms as queries
from akinai.ui.worklist import Choice, Column, DateRange, Tab, Text, Worklist, YesNo


class ItemList(Worklist):
    """仕入先商品一覧."""

    page = "purchasing.items"
    title = "仕入先商品"
    permission = "purchasing.view_supplieritem"
    template_name = "purchasing/items.html"
    columns = [
        Column("supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="plain"),
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=title_of, card="title"),
        Column("supplier_code", "仕入先の商品コード", sort="supplier_code"),
        Column("unit_cost", "仕入単価（税抜）", value=lambda row: cost_text(row.unit_cost), sort="unit_cost", align="end", card="amount"),
        Column("cost_before", "前の単価", value=lambda row: cost_text(row.cost_before), align="end"),
        Column("valid_from", "適用開始日", format="date", sort="valid_from"),
        Column("lot", "入数", format="number", card="hide"),
        Column("moq", "最小発注数", format="number", card="hide"),
        Column("is_preferred", "優先", format="bool", card="badge"),
        Column("lead_days", "納期（日）", format="number", visible=False),
        Column("supplier_name", "仕入先の商品名", visible=False),
        Column("order_unit", "発注単位", visible=False),
        Column("ended_on", "取扱終了日", format="date", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("sold", "取扱中", Q(ended_on=None)),
        Tab("raised", "値上げ", Q(cost_before__lt=F("unit_cost"))),
        Tab("ended", "取扱終了", Q(ended_on__isnull=False)),
    ]
    filters = [
        Choice("supplier", "仕入先", choices=lambda _request: party.supplier_choices(stopped_too=True), field="supplier"),
        YesNo("preferred", "優先", field="is_preferred"),
        DateRange("valid", "適用開始日", field="valid_from"),
        Text("sku", "商品コード", field="sku__code"),
    ]  # fmt: skip
    search_hint = "商品・仕入先のコード・仕入先名"
    default_sort = "supplier"
    export_name = "仕入先商品"
    empty = {
        "icon": "tag", "title": "仕入先商品はまだありません",
        "text": "仕入先の価格表を取り込むと、発注のときに仕入先のコードと単価が入ります。",
        "url_name": "purchasing:item_add", "label": "仕入先商品を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[SupplierItem]:
        return queries.for_item_list()

    def search(self, queryset: QuerySet[SupplierItem], text: str) -> QuerySet[SupplierItem]:
        return queries.by_item_words(queryset, text)

    def row_url(self, row: SupplierItem) -> str:
        return reverse("purchasing:item", args=[row.pk])
