"""不一致一覧."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.party import queries as party
from akinai.purchasing.models import Discrepancy
from akinai.purchasing.queries import checks as queries
from akinai.purchasing.states import DiscrepancyState
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Text, Worklist


class DiscrepancyList(Worklist):
    """不一致一覧."""

    page = "purchasing.discrepancies"
    title = "不一致"
    permission = "purchasing.view_discrepancy"
    columns = [
        Column("number", "不一致番号", sort="number", link=True, card="plain"),
        Column("kind", "種類", format="badge"),
        Column("text", "内容", card="title"),
        Column("supplier", "仕入先", value=lambda row: str(row.supplier or ""), card="plain"),
        Column("receipt", "入荷", value=lambda row: row.receipt.number if row.receipt else "", card="plain"),
        Column("held", "保留", format="number", sort="held"),
        Column("yen", "金額（税抜）", format="yen", sort="yen", card="amount"),
        Column("owner", "担当", value=lambda row: str(row.owner or ""), card="hide"),
        Column("state", "状態", format="badge", card="badge"),
        Column("cause", "原因", value=lambda row: row.get_cause_display(), visible=False),
        Column("resolution", "解決", value=lambda row: row.get_resolution_display(), visible=False),
        Column("created_at", "発生日時", format="datetime", sort="created_at", visible=False),
        Column("settled_at", "解決日時", format="datetime", visible=False),
    ]
    tabs = [
        Tab("open", "未解決", Q(state=DiscrepancyState.OPEN), count=True, tone="bad"),
        Tab("mine", "自分の担当", lambda request: Q(state=DiscrepancyState.OPEN, owner=request.user)),
        Tab("held", "保留中の商品", Q(state=DiscrepancyState.OPEN, held__gt=0)),
        Tab("claims", "値引・弁償", Q(resolution="claim")),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=Discrepancy.Kind.choices),
        MultiChoice("cause", "原因", choices=Discrepancy.Cause.choices),
        Choice("supplier", "仕入先", choices=lambda _request: party.supplier_choices(stopped_too=True), field="supplier"),
        DateRange("created", "発生日", field="created_at"),
        Text("sku", "商品コード", field="sku__code"),
    ]  # fmt: skip
    search_hint = "番号・商品・仕入先"
    default_sort = "-number"
    export_name = "不一致"
    empty = {
        "icon": "check-circle", "title": "不一致はありません",
        "text": "発注・納品書・検品・請求書の数や単価が合わないと、ここに残ります。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Discrepancy]:
        return queries.for_list()

    def search(self, queryset: QuerySet[Discrepancy], text: str) -> QuerySet[Discrepancy]:
        return queries.by_words(queryset, text)

    def row_url(self, row: Discrepancy) -> str:
        return reverse("purchasing:discrepancy", args=[row.number])
