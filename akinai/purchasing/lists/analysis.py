"""在庫の分析: what lies there over the months, how fast it turns, and which goods make it (ABC・XYZ)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing.models import StockOutlook
from akinai.stock import queries as stock
from akinai.ui import address
from akinai.ui.worklist import Choice, Column, MultiChoice, Tab, Worklist


@dataclass(frozen=True)
class Place(Choice):
    """在庫場所: goods of which something lies there."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        there = {"sku__levels__location__code": self.values[0], "sku__levels__on_hand__gt": 0}
        return queryset.filter(Q(**there))


def _categories(_request: HttpRequest) -> list[tuple[int, str]]:
    rows = StockOutlook.objects.exclude(sku__product__category=None).order_by("sku__product__category__name")
    return list(rows.values_list("sku__product__category", "sku__product__category__name").distinct())


class StockAnalysis(Worklist):
    """在庫の分析."""

    page = "purchasing.analysis"
    title = "在庫の分析"
    permission = "stock.view_valueentry"
    template_name = "purchasing/analysis.html"
    whole_page = True
    columns = [
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=lambda row: catalog.row_of(row.sku).title, card="title"),
        Column("class", "ABC・XYZ", value=lambda row: f"{row.abc}{row.xyz}", sort="abc", card="badge"),
        Column("yen", "在庫金額", value="tied_up_yen", format="yen", sort="tied_up_yen", card="amount"),
        Column("on_hand", "現在庫", format="number", sort="on_hand"),
        Column("sold_yen", "期間の売上", format="yen", sort="sold_yen"),
        Column("turns", "回転率（年）", value=lambda row: row.turns, format="number", sort="turns"),
        Column(
            "turn_days",
            "回転日数",
            value=lambda row: round(365 / row.turns) if row.turns else None,
            format="number",
        ),
        Column(
            "days_left",
            "あと何日分",
            value=lambda row: None if row.days_left is None else round(row.days_left),
            format="number",
            sort="days_left",
        ),
        Column("best", "適正な在庫金額", value="best_yen", format="yen", visible=False),
        Column("supplier", "仕入先", value=lambda row: str(row.supplier or ""), visible=False),
        Column(
            "category",
            "カテゴリ",
            value=lambda row: row.sku.product.category.name if row.sku.product.category else "",
            visible=False,
        ),
    ]
    tabs = [
        Tab("slow", "回転の遅い商品", Q(turns__lt=2, on_hand__gt=0)),
        Tab("still", "動いていない", Q(state="dead")),
        Tab("short", "売れ筋の在庫切れ", Q(abc="A", on_hand__lte=0), tone="bad"),
    ]
    filters = [
        Choice("category", "カテゴリ", choices=_categories, field="sku__product__category"),
        Choice(
            "supplier",
            "仕入先",
            choices=lambda _request: party.supplier_choices(stopped_too=True),
            field="supplier",
        ),
        Place("place", "在庫場所", choices=lambda _request: stock.location_choices()),
        MultiChoice("abc", "ABC", choices=[(one, one) for one in "ABC"]),
        MultiChoice("xyz", "XYZ", choices=[(one, one) for one in "XYZ"]),
    ]
    search_hint = "商品コード・商品名・JAN"
    default_sort = "-yen"
    export_name = "在庫の分析"
    empty = {
        "icon": "chart",
        "title": "分析する商品はありません",
        "text": "適正在庫の計算（毎朝）が終わると、商品ごとの分析が並びます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[StockOutlook]:
        return StockOutlook.objects.select_related("sku__product__category", "supplier")

    def search(self, queryset: QuerySet[StockOutlook], text: str) -> QuerySet[StockOutlook]:
        return queryset.filter(catalog.named(text))

    def row_url(self, row: StockOutlook) -> str:
        return reverse("stock:card", args=[row.sku_id])

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """Charts of the same goods that the list shows. Two queries."""
        rows = self.filtered().order_by()
        is_all = not any(key == "q" or key.startswith("f.") or key == "tab" for key in request.GET)
        ids = None if is_all else list(rows.values_list("sku_id", flat=True))
        months = stock.by_month(today=clock.today(), sku_ids=ids)
        return {"months": months, "this": months[-1], "matrix": _matrix(rows, request.GET)} | _charts(months)


def _charts(months: list[stock.Month]) -> dict[str, Any]:
    named = [(f"{one.first:%y/%m}", one) for one in months]
    return {
        "values": [(name, max(0, one.closing)) for name, one in named],
        "turn_days": [(name, one.turn_days or 0) for name, one in named],
        "has_sales": any(one.cost for one in months),
    }


def _matrix(rows: QuerySet[StockOutlook], query: QueryDict) -> list[tuple[str, list[dict[str, Any]]]]:
    """ABC × XYZ: SKUs and yen in each field, with the link that narrows the list to it."""
    sums = rows.values("abc", "xyz").annotate(skus=Count("pk"), yen=Sum("tied_up_yen"))
    found = {(one["abc"], one["xyz"]): one for one in sums}
    nothing = {"skus": 0, "yen": 0}
    url = lambda abc, xyz: address.edited(query, {"f.abc": abc, "f.xyz": xyz or None})  # noqa: E731
    return [
        (abc, [found.get((abc, xyz), nothing) | {"url": url(abc, xyz)} for xyz in ("X", "Y", "Z", "")])
        for abc in "ABC"
    ]
