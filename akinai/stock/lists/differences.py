"""棚卸差異の集計: what stocktakes have found over a time, by cause, in pieces and yen, and how exact the books are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Abs
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.stock import queries
from akinai.stock.models import Stocktake, StocktakeLine
from akinai.stock.queries.stocktakes import DIFFERENCE, DIFFERS, YEN, whole
from akinai.stock.states import StocktakeState
from akinai.ui import address
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Worklist

BOOK_YEN = F("book") * F("unit_cost")


class DifferenceList(Worklist):
    """棚卸差異の集計."""

    page = "stock.differences"
    title = "棚卸差異の集計"
    permission = "stock.view_stocktake"
    template_name = "stock/differences.html"
    whole_page = True
    columns = [
        Column(
            "posted_at", "計上日", value="stocktake.posted_at", format="datetime", sort="stocktake__posted_at"
        ),
        Column("number", "棚卸番号", value="stocktake.number", link=True, card="plain"),
        Column("code", "商品コード", value="sku.code", sort="sku__code", card="plain"),
        Column("name", "商品名", value=lambda row: catalog.row_of(row.sku).title, card="title"),
        Column("lot", "ロット", value=lambda row: row.lot.code if row.lot else "", card="plain"),
        Column("place", "場所", value="stocktake.location.name"),
        Column("book", "帳簿の数", format="number"),
        Column("counted", "実棚数", format="number"),
        Column("difference", "差", value="difference", format="signed_yen", card="badge"),
        Column(
            "yen", "差異金額", value="difference_whole_yen", format="signed_yen", sort="yen", card="amount"
        ),
        Column("cause", "原因", value=lambda row: row.get_cause_display() if row.cause else ""),
        Column("note", "メモ", visible=False),
    ]
    tabs = [
        Tab("different", "差あり", DIFFERS),
        Tab("less", "不足", Q(counted__lt=F("book")), tone="bad"),
        Tab("more", "過剰", Q(counted__gt=F("book"))),
    ]
    filters = [
        DateRange("posted", "計上日", field="stocktake__posted_at"),
        Choice(
            "location",
            "場所",
            choices=lambda _request: queries.location_choices(),
            field="stocktake__location__code",
        ),
        MultiChoice("cause", "原因", choices=[one for one in StocktakeLine.Cause.choices if one[0]]),
        MultiChoice("kind", "種類", choices=Stocktake.Kind.choices, field="stocktake__kind"),
    ]
    search_hint = "商品コード・商品名・JAN"
    default_sort = "-posted_at"
    export_name = "棚卸差異"
    empty = {
        "icon": "scale",
        "title": "計上した棚卸はまだありません",
        "text": "棚卸を計上すると、差の原因と金額がここに集まります。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[StocktakeLine]:
        rows = StocktakeLine.objects.filter(stocktake__state=StocktakeState.POSTED).exclude(counted=None)
        return rows.select_related("sku__product", "lot", "stocktake__location").annotate(yen=YEN)

    def search(self, queryset: QuerySet[StocktakeLine], text: str) -> QuerySet[StocktakeLine]:
        return queryset.filter(catalog.named(text))

    def row_url(self, row: StocktakeLine) -> str:
        return reverse("stock:stocktake", args=[row.stocktake.number])

    def row_tone(self, row: StocktakeLine) -> str:
        return "bad" if (row.difference or 0) < 0 else ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        """Of everything counted under these conditions, whatever the tab and the cause. Two queries."""
        filters = [one for one in self.state.active if one.name != "cause"]
        rows = self.narrowed(tab=None, text=self.state.text, filters=filters).order_by()
        sums = rows.aggregate(
            takes=Count("stocktake", distinct=True), lines=Count("pk"), different=Count("pk", filter=DIFFERS),
            book_pieces=Sum("book", default=0), off=Sum(Abs(DIFFERENCE), default=0), book_yen=Sum(BOOK_YEN), off_yen=Sum(Abs(YEN)),
            net_yen=Sum(YEN),
        )  # fmt: skip
        return {"sums": sums | _rates(sums), "causes": _causes(rows, request.GET)}


def _rates(sums: dict[str, Any]) -> dict[str, Any]:
    """差異率: what was off, without setting plus against minus, in percent of the book; and how many lines were right."""
    zero = Decimal(0)
    return {
        "piece_rate": _percent(sums["off"], sums["book_pieces"]), "yen_rate": _percent(sums["off_yen"], sums["book_yen"]),
        "right_rate": _percent(sums["lines"] - sums["different"], sums["lines"]),
        "net": whole(sums["net_yen"] or zero), "off_whole": whole(sums["off_yen"] or zero),
    }  # fmt: skip


def _percent(part: Any, of: Any) -> str:
    return f"{Decimal(part or 0) * 100 / Decimal(of):.2f}" if of else "–"


def _causes(rows: QuerySet[StocktakeLine], query: QueryDict) -> list[dict[str, Any]]:
    """By cause: lines, pieces less and more, yen; the dearest loss first."""
    less, more = Q(counted__lt=F("book")), Q(counted__gt=F("book"))
    found = (
        rows.filter(DIFFERS).values("cause").annotate(
            lines=Count("pk"), less=Sum(DIFFERENCE, filter=less, default=0), more=Sum(DIFFERENCE, filter=more, default=0),
            sum_yen=Sum(YEN),
        )
    )  # fmt: skip
    words = dict(StocktakeLine.Cause.choices) | {"": "原因なし"}
    told = [
        one
        | {
            "title": words[one["cause"]],
            "yen": whole(one["sum_yen"] or Decimal(0)),
            "url": address.edited(query, {"f.cause": one["cause"]}),
        }
        for one in found
    ]
    return sorted(told, key=lambda one: one["yen"])
