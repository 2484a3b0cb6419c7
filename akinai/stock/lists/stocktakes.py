"""棚卸一覧, and the lines of one stocktake."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from akinai.catalog import queries as catalog
from akinai.stock import queries, services
from akinai.stock.models import Stocktake, StocktakeLine
from akinai.stock.queries.stocktakes import DIFFERS, hides_book, stocktakes, whole
from akinai.stock.states import StocktakeState
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, MultiChoice, Tab, Worklist, YesNo


class StocktakeList(Worklist):
    """棚卸一覧."""

    page = "stock.stocktakes"
    title = "棚卸"
    permission = "stock.view_stocktake"
    template_name = "stock/stocktakes.html"
    columns = [
        Column("number", "棚卸番号", sort="number", link=True, card="title"),
        Column("name", "名前", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column("kind", "種類", value="get_kind_display", card="plain"),
        Column("location", "場所", value="location.name"),
        Column("items", "品目", format="number"),
        Column("done", "数えた品目", format="number"),
        Column("different", "差のある品目", format="number", value=lambda row: _shown(row, row.different or 0)),
        Column("yen", "差異金額", format="signed_yen", value=lambda row: _shown(row, None if row.yen is None else whole(row.yen)), card="amount"),
        Column("created_at", "開始日時", format="datetime", sort="created_at", card="hide"),
        Column("posted_at", "計上日時", format="datetime", visible=False),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム"), visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("open", "数えています", Q(state=StocktakeState.OPEN), count=True, tone="warn"),
        Tab("counted", "計上待ち", Q(state=StocktakeState.COUNTED), count=True, tone="warn"),
        Tab("posted", "計上済", Q(state=StocktakeState.POSTED)),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=Stocktake.Kind.choices),
        Choice("location", "場所", choices=lambda _request: queries.location_choices(), field="location__code"),
        DateRange("created", "開始日", field="created_at"),
    ]  # fmt: skip
    search_fields = ("number", "name")
    search_hint = "棚卸番号・名前"
    default_sort = "-created_at"
    export_name = "棚卸"
    empty = {
        "icon": "list", "title": "棚卸はまだありません", "text": "販売を続けながら、棚の数と帳簿の数を合わせます。",
        "url_name": "stock:stocktake_add", "label": "棚卸を始める",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Stocktake]:
        return stocktakes()

    def row_url(self, row: Stocktake) -> str:
        return reverse("stock:stocktake", args=[row.number])


def _shown(row: Any, value: Any) -> Any:
    return None if hides_book(row) else value


class CauseForm(forms.Form):
    """原因."""

    cause = forms.ChoiceField(label="原因", choices=[one for one in StocktakeLine.Cause.choices if one[0]])
    note = forms.CharField(label="メモ", max_length=200, required=False)


def _title(row: StocktakeLine) -> str:
    sku = row.sku
    return f"{sku.product.name}（{sku.variant}）" if sku.variant else str(sku.product.name)


def _open(row: StocktakeLine, value: Any) -> Any:
    """Nothing of the book while it is counted blind."""
    return None if hides_book(row.stocktake) else value


class StocktakeLines(Worklist):
    """棚卸明細 of one stocktake."""

    page = "stock.stocktake_lines"
    title = "棚卸明細"
    permission = "stock.view_stocktake"
    template_name = "stock/stocktake_lines.html"
    columns = [
        Column("code", "商品コード", value="sku.code", sort="sku__code", link=True, card="plain"),
        Column("name", "商品名", value=_title, card="title"),
        Column("lot", "ロット", value=lambda row: row.lot.code if row.lot else "", sort="lot__code", card="plain"),
        Column("expires_on", "期限", value=lambda row: row.lot.expires_on if row.lot else None, format="date", visible=False, sort="lot__expires_on", card="hide"),
        Column("shelf", "棚番", value="sku.shelf", sort="sku__shelf"),
        Column("jan", "JAN", value="sku.jan", visible=False),
        Column("counted", "実棚数", format="number", sort="counted", card="amount"),
        Column("book", "帳簿の数", value=lambda row: _open(row, row.book), format="number", hint="数えた時の帳簿"),
        Column("difference", "差", value=lambda row: _open(row, row.difference), format="signed_yen"),
        Column("yen", "差異金額", value=lambda row: _open(row, row.difference_whole_yen), format="signed_yen"),
        Column("first", "1回目", value=lambda row: _open(row, row.first_counted), format="number", card="hide"),
        Column("cause", "原因", value=lambda row: row.get_cause_display() if row.cause else ""),
        Column("note", "メモ", visible=False),
        Column("counted_at", "数えた日時", format="datetime", card="hide"),
        Column("counted_by", "数えた人", value=lambda row: str(row.counted_by or ""), card="hide"),
    ]  # fmt: skip
    tabs = [
        Tab("todo", "未", Q(counted=None), count=True, tone="warn"),
        Tab("again", "数え直し", Q(needs_recount=True), count=True, tone="bad"),
        Tab("different", "差あり", DIFFERS & (Q(stocktake__is_blind=False) | ~Q(stocktake__state="open"))),
        Tab("causeless", "原因なし", DIFFERS & Q(cause="") & ~Q(stocktake__state="open")),
    ]
    filters = [
        MultiChoice("cause", "原因", choices=[one for one in StocktakeLine.Cause.choices if one[0]]),
        YesNo("twice", "2回数えた", yes=Q(first_counted__isnull=False)),
    ]
    search_hint = "商品コード・商品名・JAN・ロット"
    default_sort = "shelf"
    export_name = "棚卸明細"
    bulk_actions = [
        BulkAction("cause", "原因を付ける", run=services.set_cause, permission="stock.change_stocktake", icon="tag", form=CauseForm),
    ]  # fmt: skip

    @cached_property
    def stocktake(self) -> Stocktake:
        found = Stocktake.objects.select_related("location").filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404("この棚卸はありません。")
        return found

    def queryset(self, request: HttpRequest) -> QuerySet[StocktakeLine]:
        rows = StocktakeLine.objects.filter(stocktake=self.stocktake.pk)
        return rows.select_related("sku__product", "lot", "stocktake", "counted_by")

    def search(self, queryset: QuerySet[StocktakeLine], text: str) -> QuerySet[StocktakeLine]:
        return queryset.filter(catalog.named(text) | Q(lot__code__icontains=text))

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"stocktake": self.stocktake}

    def row_url(self, row: StocktakeLine) -> str:
        return reverse("stock:card", args=[row.sku_id])

    def row_tone(self, row: StocktakeLine) -> str:
        return "bad" if row.needs_recount else ""
