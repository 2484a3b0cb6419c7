"""一覧: 在庫（what lies where, and what is free）, 入出庫台帳."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core.money import cost_text
from akinai.stock import queries
from akinai.stock.models import StockEntry, StockRow
from akinai.stock.valuation import settled
from akinai.ui.worklist import Choice, Column, DateRange, FromIntake, MultiChoice, Tab, Text, Worklist, YesNo


def _title(sku: Any) -> str:
    return f"{sku.product.name}（{sku.variant}）" if sku.variant else str(sku.product.name)


def _value(row: StockRow) -> int | None:
    average = row.average  # type: ignore[attr-defined]
    return None if average is None else int((average * row.on_hand).to_integral_value(ROUND_HALF_UP))


def _average(row: StockRow) -> str:
    average = row.average  # type: ignore[attr-defined]
    return "" if average is None else cost_text(settled(average))


class StockList(Worklist):
    """在庫一覧."""

    page = "stock.list"
    title = "在庫"
    permission = "stock.view_stocklevel"
    template_name = "stock/list.html"
    columns = [
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=lambda row: _title(row.sku), card="title"),
        Column("on_hand", "現在庫", format="number", sort="on_hand", card="amount"),
        Column("reserved", "引当済", format="number", sort="reserved", card="hide"),
        Column("free", "引当可能", format="number", sort="free"),
        Column(
            "waiting",
            "不足",
            value=lambda row: row.waiting or None,
            format="number",
            hint="在庫を待っている受注の点数",
        ),
        Column("shelf", "棚番", value="sku.shelf", sort="sku__shelf"),
        Column("location", "場所", value="location.name"),
        Column(
            "price_yen", "販売価格", value="sku.price_yen", format="yen", sort="sku__price_yen", card="hide"
        ),
        Column(
            "value", "在庫金額", value=_value, format="yen", card="hide", hint="現在庫×移動平均原価（税抜）"
        ),
        Column(
            "average", "平均原価", value=_average, visible=False, align="end", hint="移動平均原価（税抜）"
        ),
        Column("cost", "原価（税抜）", value=lambda row: cost_text(row.sku.cost), visible=False, align="end"),
        Column("jan", "JAN", value="sku.jan", visible=False),
        Column("active", "販売", value="sku.is_active", format="bool", visible=False),
    ]
    tabs = [
        Tab("short", "不足", Q(queries.SHORT), count=True, tone="warn"),
        Tab("zero", "在庫なし", Q(on_hand=0, sku__is_active=True)),
        Tab("free", "引当可能", Q(free__gt=0)),
        Tab("held", "保留", Q(location__is_sellable=False, on_hand__gt=0)),
    ]
    filters = [
        Choice("location", "在庫場所", choices=lambda _request: queries.location_choices(), field="location__code"),
        Text("shelf", "棚番", field="sku__shelf"),
        YesNo("active", "販売", yes=Q(sku__is_active=True), labels=("販売中", "販売終了")),
    ]  # fmt: skip
    search_hint = "商品コード・商品名・JAN"
    default_sort = "code"
    export_name = "在庫"
    empty = {
        "icon": "boxes", "title": "商品はまだありません", "text": "商品を登録すると、ここに在庫が並びます。棚にある数の一覧も取り込めます。",
        "url_name": "intake:new", "label": "在庫数を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[StockRow]:
        return queries.for_list()

    def search(self, queryset: QuerySet[StockRow], text: str) -> QuerySet[StockRow]:
        return queryset.filter(catalog.named(text))

    def row_url(self, row: StockRow) -> str:
        return reverse("stock:card", args=[row.sku_id])

    def row_tone(self, row: StockRow) -> str:
        return "warn" if row.waiting else ""


class Ledger(Worklist):
    """入出庫台帳."""

    page = "stock.ledger"
    title = "入出庫台帳"
    permission = "stock.view_stocklevel"
    columns = [
        Column("at", "日時", format="datetime", sort="at", card="plain"),
        Column("kind", "種類", format="badge", card="badge"),
        Column("code", "商品コード", value="sku.code", link=True, card="plain"),
        Column("name", "商品名", value=lambda row: _title(row.sku), card="title"),
        Column("quantity", "数量", format="signed_yen", sort="quantity", card="amount"),
        Column("location", "場所", value="location.name"),
        Column("reference", "伝票番号", card="plain"),
        Column("note", "理由"),
        Column("by", "担当者", value=lambda row: str(row.by) if row.by else "システム", card="hide"),
        Column("unit_cost", "単価", value=lambda row: cost_text(row.unit_cost), visible=False, align="end"),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=StockEntry.Kind.choices),
        DateRange("at", "日付", field="at"),
        Choice("location", "在庫場所", choices=lambda _request: queries.location_choices(), field="location__code"),
        Text("reference", "伝票番号", field="reference"),
        FromIntake("intake", "取込", field="pk", data="entries"),
    ]  # fmt: skip
    search_hint = "商品・伝票番号"
    default_sort = "-at"
    export_name = "入出庫台帳"
    empty = {
        "icon": "book",
        "title": "入出庫はまだありません",
        "text": "入荷・出荷・調整をすると、ここに残ります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[StockEntry]:
        return StockEntry.objects.select_related("sku__product", "location", "by")

    def search(self, queryset: QuerySet[StockEntry], text: str) -> QuerySet[StockEntry]:
        return queryset.filter(catalog.named(text) | Q(reference__startswith=text.strip().upper()))

    def row_url(self, row: StockEntry) -> str:
        return reverse("stock:card", args=[row.sku_id])
