"""付帯費用."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.purchasing.models import LandedCost
from akinai.purchasing.states import LandedState
from akinai.ui.worklist import Column, DateRange, MultiChoice, Worklist, YenRange


class LandedList(Worklist):
    """付帯費用一覧."""

    page = "purchasing.landed"
    title = "付帯費用"
    permission = "purchasing.view_landedcost"
    template_name = "purchasing/landed_list.html"
    columns = [
        Column("number", "番号", sort="number", link=True, card="title"),
        Column("kind", "種類", value=lambda row: row.get_kind_display(), card="plain"),
        Column("on", "日付", format="date", sort="on"),
        Column("paper_no", "請求・送り状番号", card="hide"),
        Column("by_what", "按分の基準", value=lambda row: row.get_by_what_display()),
        Column("state", "状態", format="badge", card="badge"),
        Column("yen", "金額（税抜）", format="yen", sort="yen", card="amount"),
        Column("note", "メモ", visible=False),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=LandedCost.Kind.choices),
        MultiChoice("state", "状態", choices=LandedState.choices),
        DateRange("on", "日付", field="on"),
        YenRange("yen", "金額", field="yen"),
    ]
    search_hint = "番号・入荷番号"
    default_sort = "-on"
    export_name = "付帯費用"
    empty = {
        "icon": "truck", "title": "付帯費用はまだありません", "text": "運賃・関税・保険料を入荷に按分すると、商品の原価に入ります。",
        "url_name": "purchasing:landed_add", "label": "付帯費用を計上する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[LandedCost]:
        return LandedCost.objects.all()

    def search(self, queryset: QuerySet[LandedCost], text: str) -> QuerySet[LandedCost]:
        word = text.strip()
        of_receipt = LandedCost.objects.filter(lines__receipt_line__receipt__number__iexact=word).values("pk")
        return queryset.filter(Q(number__icontains=word) | Q(paper_no__icontains=word) | Q(pk__in=of_receipt))

    def row_url(self, row: LandedCost) -> str:
        return reverse("purchasing:landed", args=[row.number])
