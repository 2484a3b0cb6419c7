"""適正在庫の一覧: what is too little, too much, dead; by class, in yen."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.lists import title_of
from akinai.purchasing.models import StockOutlook
from akinai.purchasing.replenish.classes import LABELS as PATTERNS
from akinai.purchasing.replenish.surplus import ACTS
from akinai.ui.worklist import Choice, Column, MultiChoice, Tab, Worklist, YenRange

State = StockOutlook.State


def _class(row: StockOutlook) -> str:
    return f"{row.abc}{row.xyz}"


class OutlookList(Worklist):
    """適正在庫."""

    page = "purchasing.outlooks"
    title = "適正在庫"
    permission = "purchasing.view_stockoutlook"
    template_name = "purchasing/outlooks.html"
    columns = [
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=title_of, card="title"),
        Column("class", "ABC・XYZ", value=_class, sort="abc", hint="A は売上の上位 80%、X は売れ方が安定"),
        Column("state", "判定", format="badge", card="badge"),
        Column("on_hand", "現在庫", format="number", sort="on_hand"),
        Column("reorder_point", "発注点", format="number", sort="reorder_point", card="hide"),
        Column("quantity", "1回の発注数", format="number", card="hide", visible=False),
        Column("surplus", "余り", value=lambda row: row.surplus or None, format="number", sort="surplus"),
        Column("days_left", "あと何日分", format="number", sort="days_left"),
        Column("turns", "回転（年）", format="number", sort="turns"),
        Column("tied_up_yen", "在庫金額", format="yen", sort="tied_up_yen", card="amount"),
        Column("best_yen", "適正な金額", format="yen", sort="best_yen", card="hide", visible=False),
        Column("act", "処分の案", value=lambda row: ACTS.get(row.act, ""), card="hide", visible=False),
        Column("gain_yen", "処分の得", format="yen", sort="gain_yen", card="hide", visible=False),
        Column("supplier", "仕入先", value=lambda row: row.supplier.name if row.supplier else "", visible=False),
        Column("per_day", "1日平均", value=lambda row: f"{row.per_day.normalize():f}", visible=False),
        Column("fill", "充足率（%）", format="number", visible=False),
        Column("pattern", "売れ方", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("short", "足りない", Q(state=State.SHORT), count=True, tone="bad"),
        Tab("over", "余っている", Q(state=State.OVER), count=True, tone="warn"),
        Tab("dead", "動いていない", Q(state=State.DEAD), count=True, tone="warn"),
        Tab("right", "適正", Q(state=State.RIGHT)),
        Tab("new", "記録が足りない", Q(state=State.NEW)),
    ]
    filters = [
        MultiChoice("abc", "ABC", choices=[(one, one) for one in "ABC"]),
        MultiChoice("xyz", "XYZ", choices=[(one, one) for one in "XYZ"]),
        MultiChoice("pattern", "売れ方", choices=[(str(key), text) for key, text in PATTERNS.items()]),
        MultiChoice("act", "処分の案", choices=[(str(key), text) for key, text in ACTS.items()]),
        Choice("supplier", "仕入先", choices=lambda _request: party.supplier_choices(), field="supplier"),
        YenRange("yen", "在庫金額", field="tied_up_yen"),
    ]
    search_hint = "商品コード・商品名"
    default_sort = "-tied_up_yen"
    export_name = "適正在庫"
    empty = {
        "icon": "scale", "title": "まだ計算していません", "text": "毎朝 3 時半に計算します。いますぐ計算することもできます。",
        "url_name": "purchasing:aim", "label": "在庫の目標へ",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[StockOutlook]:
        return StockOutlook.objects.select_related("sku__product", "supplier").defer("words", "weeks")

    def search(self, queryset: QuerySet[StockOutlook], text: str) -> QuerySet[StockOutlook]:
        return queryset.filter(matching(text, grams="sku__search_grams", source="sku__search_text"))

    def row_url(self, row: StockOutlook) -> str:
        return reverse("purchasing:outlook", args=[row.sku_id])

    def row_tone(self, row: StockOutlook) -> str:
        return {"short": "bad", "dead": "warn"}.get(row.state, "")
