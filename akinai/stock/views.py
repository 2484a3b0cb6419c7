"""在庫の画面: what there is, what is promised, and the ledger that says why."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core.errors import DomainError
from akinai.core.search import search
from akinai.stock import queries, services
from akinai.stock.forms import AdjustForm
from akinai.stock.models import Location, Reservation, StockEntry, StockLevel
from akinai.ui.access import office, office_post
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Worklist


def _places(_request: HttpRequest) -> list[tuple[str, str]]:
    return [(place.code, place.name) for place in Location.objects.order_by("code")]


class StockList(Worklist):
    """在庫一覧."""

    page = "stock.list"
    title = "在庫"
    permission = "stock.view_stocklevel"
    template_name = "stock/list.html"
    columns = [
        Column("code", "SKU", value="sku.code", sort="sku__code", link=True),
        Column(
            "name",
            "商品名",
            value=lambda row: f"{row.sku.product.name} {row.sku.variant}".strip(),
            card="title",
        ),
        Column("location", "場所", value="location.name"),
        Column("on_hand", "現在庫", format="number", sort="on_hand"),
        Column("reserved", "引当済", format="number", sort="reserved"),
        Column(
            "free", "引当可能", format="number", value=lambda row: row.on_hand - row.reserved, card="amount"
        ),
        Column("shelf", "棚番", value="sku.shelf"),
    ]
    tabs = [
        Tab("none", "在庫なし", Q(on_hand=0)),
        Tab("promised", "すべて引当済", Q(on_hand__gt=0, reserved=F("on_hand"))),
    ]
    filters = [Choice("location", "場所", choices=_places, field="location__code")]
    search_hint = "SKU・商品名・JAN"
    default_sort = "code"
    export_name = "在庫"
    empty = {
        "icon": "box", "title": "在庫はまだありません", "text": "在庫数の一覧を取り込むか、入荷を登録してください。",
        "url_name": "intake:new", "label": "取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[StockLevel]:
        return StockLevel.objects.select_related("sku__product", "location")

    def search(self, queryset: QuerySet[StockLevel], text: str) -> QuerySet[StockLevel]:
        return search(queryset, text, grams="sku__search_grams", source="sku__search_text")

    def row_url(self, row: StockLevel) -> str:
        return reverse("stock:card", args=[row.sku_id])


class Ledger(Worklist):
    """入出庫台帳."""

    page = "stock.ledger"
    title = "入出庫台帳"
    permission = "stock.view_stockentry"
    columns = [
        Column("at", "日時", format="datetime", sort="at"),
        Column("kind", "種類", format="badge", card="badge"),
        Column("code", "SKU", value="sku.code", link=True),
        Column("name", "商品名", value="sku.product.name", card="title"),
        Column("quantity", "増減", format="number", card="amount"),
        Column("unit_cost", "単価", visible=False),
        Column("reference", "伝票番号"),
        Column("note", "理由"),
        Column("location", "場所", value="location.name", visible=False),
        Column("by", "担当者", value=lambda row: str(row.by or "システム")),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=StockEntry.Kind.choices),
        DateRange("at", "日付", field="at"),
        Choice("location", "場所", choices=_places, field="location__code"),
    ]
    search_hint = "SKU・伝票番号"
    default_sort = "-at"
    export_name = "入出庫台帳"

    def queryset(self, request: HttpRequest) -> QuerySet[StockEntry]:
        return StockEntry.objects.select_related("sku__product", "location", "by")

    def search(self, queryset: QuerySet[StockEntry], text: str) -> QuerySet[StockEntry]:
        return queryset.filter(
            Q(sku__code_key__startswith=catalog.code_key(text)) | Q(reference__startswith=text.strip())
        )

    def row_url(self, row: StockEntry) -> str:
        return reverse("stock:card", args=[row.sku_id])


@office("stock.view_stocklevel")
def card(request: HttpRequest, sku_id: int) -> HttpResponse:
    """在庫カード of one SKU: levels, who waits, and every entry."""
    sku = catalog.sku_rows([sku_id]).get(sku_id)
    if sku is None:
        raise DomainError("この商品は見つかりません。", way_out="在庫一覧から選び直してください。")
    entries = (
        StockEntry.objects.filter(sku_id=sku_id)
        .select_related("location", "by", "reversed_by")
        .order_by("-id")
    )
    context = {
        "sku": sku,
        "level": queries.levels([sku_id])[sku_id],
        "entries": entries[:200],
        "waiting": Reservation.objects.filter(sku_id=sku_id, state=Reservation.State.ACTIVE).order_by(
            "queued_at", "id"
        )[:100],
        "form": AdjustForm(),
    }
    return render(request, "stock/card.html", context)


@office_post("stock.add_stockentry")
def adjust(request: HttpRequest, sku_id: int) -> HttpResponse:
    """在庫調整 with a reason."""
    form = AdjustForm(request.POST)
    if not form.is_valid():
        first = next(iter(form.errors.values()))[0]
        raise DomainError(f"調整できません。{first}", way_out="増減と理由を入力してください。")
    key = request.POST.get("once") or uuid.uuid4().hex
    movement = services.Movement(
        sku_id, queries.default_location_id(), StockEntry.Kind.ADJUSTMENT, form.cleaned_data["quantity"], "在庫調整",
        f"adjust:{key}", note=form.cleaned_data["reason"],
    )  # fmt: skip
    services.post([movement], by=request.user)  # type: ignore[arg-type]
    messages.success(request, "在庫を調整しました。")
    return redirect("stock:card", sku_id)


@office_post("stock.add_stockentry")
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """入出庫の取消 of an adjustment or opening; papers are reversed where they were made."""
    entry = get_object_or_404(StockEntry, pk=pk)
    if entry.kind not in (StockEntry.Kind.ADJUSTMENT, StockEntry.Kind.OPENING):
        raise DomainError(
            "この行は伝票から記録されたものです。", way_out="元の伝票の画面から取り消してください。"
        )
    services.reverse([pk], by=request.user, note=request.POST.get("reason", "取消"))  # type: ignore[arg-type]
    messages.success(request, "反対の行を記録して取り消しました。")
    return redirect("stock:card", entry.sku_id)
