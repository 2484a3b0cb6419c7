"""定期便の一覧: which goods are offered again and again."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.shop.models import PlanOffer
from akinai.ui.worklist import Column, Tab, Worklist, YesNo, pill


def _state(one: Any, _value: Any, _request: HttpRequest) -> str:
    return pill("受付中", "good") if one.is_on else pill("停止", "mute")


class PlanOfferList(Worklist):
    """定期便."""

    page = "shop.plans"
    title = "定期便"
    permission = "shop.view_planoffer"
    template_name = "shop/office/plans.html"
    columns = [
        Column("code", "商品コード", value="product.code", sort="product__code", card="plain"),
        Column("product", "商品", value="product.name", sort="product__name", link=True, card="title"),
        Column("percent", "割引", value=lambda one: f"{one.percent}%", sort="percent"),
        Column("plans", "お届けの間隔", value=lambda one: "・".join(title for _, title in one.choices), card="plain"),
        Column("least_turns", "お約束の回数", format="number", sort="least_turns"),
        Column("state", "状態", value=lambda one: "受付中" if one.is_on else "停止", draw=_state, card="badge"),
        Column("created_at", "登録日時", format="datetime", sort="created_at", visible=False),
    ]  # fmt: skip
    tabs = [Tab("on", "受付中", Q(is_on=True), count=True), Tab("off", "停止", Q(is_on=False))]
    filters = [YesNo("promise", "回数のお約束", yes=Q(least_turns__gt=1), labels=("あり", "なし"))]
    search_fields = ("product__search_grams", "product__search_text")
    search_hint = "商品名・商品コード"
    default_sort = "-created_at"
    export_name = "定期便"
    empty = {
        "icon": "refresh", "title": "定期便はまだありません", "text": "商品を登録すると、商品ページに「定期便」が出ます。",
        "url_name": "shop_office:new_plan", "label": "定期便を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PlanOffer]:
        return PlanOffer.objects.select_related("product")

    def row_url(self, row: Any) -> str:
        return reverse("shop_office:plan", args=[row.pk])
