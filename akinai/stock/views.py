"""Screens of stock (在庫の画面): levels, the ledger, one SKU's card, adjustments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core.search import matching
from akinai.stock import adjusting, queries
from akinai.stock.forms import AdjustForm
from akinai.stock.models import Reservation, StockEntry, StockLevel
from akinai.ui.access import office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Text, Worklist


class StockList(Worklist):
    """在庫一覧."""

    page = "stock.list"
    title = "在庫"
    permission = "stock.view_stocklevel"
    template_name = "stock/list.html"
    columns = [
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True),
        Column("name", "商品名", value=lambda row: _title(row.sku), card="title"),
        Column("on_hand", "現在庫", format="number", sort="on_hand", card="amount"),
        Column("reserved", "引当済", format="number", sort="reserved"),
        Column("free", "引当可能", format="number", sort=F("on_hand") - F("reserved")),
        Column("waiting", "入荷待ち", format="number", hint="在庫を待っている受注の数"),
        Column("shelf", "棚番", value="sku.shelf", sort="sku__shelf"),
        Column("location", "場所", value="location.name"),
        Column("price_yen", "販売価格", value="sku.price_yen", format="yen", sort="sku__price_yen"),
        Column("jan", "JAN", value="sku.jan", visible=False),
    ]
    tabs = [
        Tab("short", "不足", Q(waiting__gt=0), count=True, tone="warn"),
        Tab("zero", "在庫なし", Q(on_hand=0)),
        Tab("free", "引当可能", Q(on_hand__gt=F("reserved"))),
    ]
    filters = [
        Choice("location", "在庫場所", choices=lambda _request: queries.location_choices(), field="location__code"),
        Text("shelf", "棚番", field="sku__shelf"),
    ]  # fmt: skip
    search_hint = "商品コード・商品名・JAN"
    default_sort = "code"
    export_name = "在庫"
    empty = {
        "icon": "boxes", "title": "在庫はまだありません", "text": "棚にある数の一覧を取り込むか、入荷を計上してください。",
        "url_name": "intake:new", "label": "在庫数を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[StockLevel]:
        return queries.for_list()

    def search(self, queryset: QuerySet[StockLevel], text: str) -> QuerySet[StockLevel]:
        return queryset.filter(_names(text))

    def row_url(self, row: StockLevel) -> str:
        return reverse("stock:card", args=[row.sku_id])

    def row_tone(self, row: Any) -> str:
        return "warn" if row.waiting else ""


class Ledger(Worklist):
    """入出庫台帳."""

    page = "stock.ledger"
    title = "入出庫台帳"
    permission = "stock.view_stocklevel"
    columns = [
        Column("at", "日時", format="datetime", sort="at"),
        Column("kind", "種類", format="badge", card="badge"),
        Column("code", "商品コード", value="sku.code", link=True),
        Column("name", "商品名", value=lambda row: _title(row.sku), card="title"),
        Column("quantity", "数量", format="signed_yen", sort="quantity", card="amount"),
        Column("location", "場所", value="location.name"),
        Column("reference", "伝票番号"),
        Column("note", "理由"),
        Column("by", "担当者", value=lambda row: str(row.by) if row.by else "システム"),
        Column("unit_cost", "単価", value=lambda row: _cost(row.unit_cost), visible=False, align="end"),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=StockEntry.Kind.choices),
        DateRange("at", "日付", field="at"),
        Choice("location", "在庫場所", choices=lambda _request: queries.location_choices(), field="location__code"),
        Text("reference", "伝票番号", field="reference"),
    ]  # fmt: skip
    search_hint = "商品コード・商品名・伝票番号"
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
        return queryset.filter(_names(text) | Q(reference__istartswith=text.strip()))

    def row_url(self, row: StockEntry) -> str:
        return reverse("stock:card", args=[row.sku_id])


def _title(sku: Any) -> str:
    return f"{sku.product.name}（{sku.variant}）" if sku.variant else sku.product.name


def _cost(cost: Any) -> str:
    return "" if cost is None else f"{cost.normalize():,f}"


def _names(text: str) -> Q:
    by_words = matching(text, grams="sku__search_grams", source="sku__search_text")
    return by_words | Q(sku__code_key__startswith=catalog.code_key(text))


def _sku(pk: int) -> catalog.SkuRow:
    found = catalog.sku_rows([pk]).get(pk)
    if found is None:
        raise Http404("このSKUはありません。")
    return found


def _row(held: Reservation) -> dict[str, Any]:
    number, _, line = held.reference.partition("/")
    return {"held": held, "order": number, "line": line, "missing": held.wanted - held.quantity}


@office("stock.view_stocklevel")
def card(request: HttpRequest, sku_id: int) -> HttpResponse:
    """在庫カード: why the shelf says what it says, and who waits for it."""
    sku = _sku(sku_id)
    context = {
        "sku": sku,
        "level": queries.levels([sku_id])[sku_id],
        "places": StockLevel.objects.filter(sku_id=sku_id)
        .select_related("location")
        .order_by("location__code"),
        "entries": queries.card_entries(sku_id),
        "reservations": [_row(held) for held in queries.card_reservations(sku_id)],
        "by_hand": {"opening", "adjustment", "count"},
    }
    return render(request, "stock/card.html", context)


@office("stock.add_stockentry")
@once
def adjust(request: HttpRequest, sku_id: int) -> HttpResponse:
    """在庫の調整."""
    sku = _sku(sku_id)
    form = AdjustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = adjusting.adjust(
            sku_id=sku_id, location_id=queries.location_ids()[told["location"]], quantity=told["quantity"],
            is_counted=told["how"] == "counted", reason=told["reason"], by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, f"{sku.code} を {made.quantity:+,} 点調整しました。")
        return redirect("stock:card", sku_id)
    context = {
        "form": form, "sku": sku, "level": queries.levels([sku_id])[sku_id], "submit_label": "調整を計上する",
        "cancel_url": reverse("stock:card", args=[sku_id]),
    }  # fmt: skip
    return render(request, "stock/adjust.html", context, status=422 if form.errors else 200)


@office_post("stock.add_stockentry")
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """入出庫の取消."""
    entry = get_object_or_404(StockEntry, pk=pk)
    adjusting.take_back(entry, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{entry.quantity:+,} 点の{entry.get_kind_display()}を取り消しました。")
    return redirect("stock:card", entry.sku_id)
