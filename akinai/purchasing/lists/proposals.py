"""補充の提案."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.lists import title_of
from akinai.purchasing.models import Proposal
from akinai.purchasing.services import proposing
from akinai.ui.worklist import BulkAction, Choice, Column, Tab, Worklist, YesNo


def _draft(rows: QuerySet[Proposal], *, by: Any) -> HttpResponse:
    made = proposing.draft_chosen(rows, by=by)
    if len(made) == 1:
        return redirect("purchasing:order", made[0].number)
    return redirect(f"{reverse('purchasing:orders')}?tab=draft")


def _pass(rows: QuerySet[Proposal], *, by: Any) -> str:
    return f"{proposing.pass_over(rows, by=by):,} 件を見送りました。次の発注の機会まで提案しません。"


class ProposalList(Worklist):
    """補充の提案."""

    page = "purchasing.proposals"
    title = "補充の提案"
    permission = "purchasing.view_proposal"
    template_name = "purchasing/proposals.html"
    columns = [
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=title_of, card="title", partial="purchasing/proposals.html#goods", export=title_of),
        Column("supplier", "仕入先", value="supplier.name", sort="supplier__code", card="plain"),
        Column("days_left", "あと何日分", format="number", sort=F("days_left"), hint="引当を除いた在庫が、いまの売れ行きで何日もつか"),
        Column("on_hand", "現在庫", format="number", card="hide"),
        Column("promised", "引当・不足", format="number", visible=False),
        Column("incoming", "発注残", format="number", card="hide"),
        Column("reorder_point", "発注点", format="number", card="hide"),
        Column("quantity", "発注数", format="number", sort="quantity", card="amount"),
        Column("yen", "金額（税抜）", format="yen", sort="yen"),
        Column("state", "状態", format="badge", card="badge", visible=False),
        Column("lead_days", "納期（日）", format="number", visible=False),
        Column("reason", "理由", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("open", "未対応", Q(state=Proposal.State.OPEN), count=True),
        Tab(
            "urgent",
            "急ぎ",
            Q(state=Proposal.State.OPEN, days_left__lte=F("lead_days")),
            count=True,
            tone="bad",
        ),
        Tab("odd", "注意あり", ~Q(notices=[])),
        Tab("passed", "見送り", Q(state=Proposal.State.PASSED)),
    ]
    filters = [
        Choice("supplier", "仕入先", choices=lambda _request: party.supplier_choices(), field="supplier"),
        YesNo("added", "最低発注額のために追加", yes=Q(added__gt=0)),
    ]
    search_hint = "商品コード・商品名"
    default_sort = "supplier"
    export_name = "補充の提案"
    bulk_actions = [
        BulkAction("draft", "発注書の下書きを作る", run=_draft, permission="purchasing.add_purchaseorder",
                   confirm="{count} 件から、仕入先ごとに 1 枚ずつ発注書の下書きを作ります。", icon="cart"),
        BulkAction("pass", "今回は見送る", run=_pass, permission="purchasing.add_purchaseorder", icon="clock"),
    ]  # fmt: skip
    empty = {
        "icon": "cart", "title": "いま発注するものはありません",
        "text": "提案は毎朝計算し直します。仕入先商品に登録した商品が対象です。",
        "url_name": "purchasing:items", "label": "仕入先商品を見る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return Proposal.objects.select_related("sku__product", "supplier")

    def search(self, queryset: QuerySet[Proposal], text: str) -> QuerySet[Proposal]:
        return queryset.filter(matching(text, grams="sku__search_grams", source="sku__search_text"))

    def row_url(self, row: Proposal) -> str:
        return reverse("purchasing:outlook", args=[row.sku_id])

    def row_tone(self, row: Proposal) -> str:
        return "warn" if row.days_left is not None and row.days_left <= row.lead_days else ""
