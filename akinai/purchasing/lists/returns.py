"""仕入返品一覧."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.party import queries as party
from akinai.purchasing.models import SupplierReturn
from akinai.purchasing.states import ReturnState
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Text, Worklist


class ReturnList(Worklist):
    """仕入返品一覧."""

    page = "purchasing.returns"
    title = "仕入返品"
    permission = "purchasing.view_supplierreturn"
    template_name = "purchasing/returns.html"
    columns = [
        Column("number", "返品番号", sort="number", link=True, card="title"),
        Column(
            "supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="plain"
        ),
        Column("returned_on", "返品日", format="date", sort="returned_on"),
        Column("reason", "理由"),
        Column("state", "状態", format="badge", card="badge"),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ReturnState.choices),
        Choice("supplier", "仕入先", choices=lambda _request: party.supplier_choices(stopped_too=True), field="supplier"),
        DateRange("returned", "返品日", field="returned_on"),
        Text("sku", "商品コード", field="lines__sku__code"),
    ]  # fmt: skip
    search_hint = "番号・仕入先"
    default_sort = "-returned_on"
    export_name = "仕入返品"
    empty = {
        "icon": "return", "title": "仕入返品はまだありません", "text": "棚の商品を仕入先に返すと、次の請求書から引く行になります。",
        "url_name": "purchasing:return_add", "label": "返品を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[SupplierReturn]:
        return SupplierReturn.objects.select_related("supplier")

    def search(self, queryset: QuerySet[SupplierReturn], text: str) -> QuerySet[SupplierReturn]:
        return queryset.filter(
            Q(number__icontains=text.strip()) | Q(supplier__in=party.supplier_ids_by_words(text))
        )

    def row_url(self, row: SupplierReturn) -> str:
        return reverse("purchasing:return", args=[row.number])
