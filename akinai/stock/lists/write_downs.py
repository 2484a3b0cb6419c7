"""評価損一覧."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core.money import cost_text
from akinai.stock.models import WriteDown
from akinai.stock.states import WriteDownState
from akinai.ui.worklist import Column, DateRange, MultiChoice, Worklist


def whole_yen(row: WriteDown) -> int:
    """評価損 in whole yen."""
    return int(row.yen.to_integral_value(ROUND_HALF_UP))


class WriteDownList(Worklist):
    """評価損一覧."""

    page = "stock.write_downs"
    title = "評価損"
    permission = "stock.view_writedown"
    template_name = "stock/write_downs.html"
    columns = [
        Column("number", "番号", sort="number", link=True, card="plain"),
        Column("at", "計上日時", format="datetime", sort="at"),
        Column("code", "商品コード", value="sku.code", sort="sku__code", card="plain"),
        Column("name", "商品名", value=lambda row: catalog.row_of(row.sku).title, card="title"),
        Column("reason", "理由", value="get_reason_display"),
        Column("note", "根拠", card="hide"),
        Column("pieces", "数量", format="number"),
        Column(
            "before", "評価前の単価", value=lambda row: cost_text(row.unit_before), align="end", card="hide"
        ),
        Column("after", "評価後の単価", value=lambda row: cost_text(row.unit_after), align="end"),
        Column("state", "状態", format="badge", card="badge"),
        Column("yen", "評価損", value=whole_yen, format="yen", sort="yen", card="amount"),
        Column(
            "created_by", "計上した人", value=lambda row: str(row.created_by or "システム"), visible=False
        ),
    ]
    filters = [
        MultiChoice("reason", "理由", choices=WriteDown.Reason.choices),
        MultiChoice("state", "状態", choices=WriteDownState.choices),
        DateRange("at", "計上日", field="at"),
    ]
    search_hint = "番号・商品"
    default_sort = "-at"
    export_name = "評価損"
    empty = {
        "icon": "yen", "title": "評価損はまだありません",
        "text": "売値が原価を下回った商品や傷んだ商品の在庫金額を、理由と根拠を付けて切り下げます。",
        "url_name": "stock:write_down_add", "label": "評価損を計上する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[WriteDown]:
        return WriteDown.objects.select_related("sku__product", "created_by")

    def search(self, queryset: QuerySet[WriteDown], text: str) -> QuerySet[WriteDown]:
        return queryset.filter(catalog.named(text) | Q(number__startswith=text.strip().upper()))

    def row_url(self, row: Any) -> str:
        return reverse("stock:write_down", args=[row.number])
