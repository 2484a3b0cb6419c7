"""送料表の一覧: the versions, the newest first."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.shipping.models import FeeTable
from akinai.ui.worklist import Column, DateRange, Tab, Worklist


def standing(table: FeeTable) -> tuple[str, str]:
    """(状態 in words, tone) as of today."""
    today = clock.today()
    if table.state != FeeTable.State.LIVE:
        return str(table.get_state_display()), "warn" if table.state == FeeTable.State.DRAFT else "mute"
    if table.valid_from > today:
        return "予定", "info"
    return ("適用中", "good") if table.valid_until is None or table.valid_until >= today else ("終了", "mute")


def _now(request: HttpRequest) -> Q:
    today = clock.today()
    return Q(state="live", valid_from__lte=today) & (Q(valid_until=None) | Q(valid_until__gte=today))


class FeeTableList(Worklist):
    """送料表: what a parcel costs the buyer, version by version."""

    page = "shipping.fees"
    title = "送料表"
    permission = "shipping.view_feetable"
    template_name = "shipping/fees.html"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("standing", "状態", value=standing, format="badge", card="badge"),
        Column("valid_from", "適用開始日", format="date", sort="valid_from"),
        Column("valid_until", "適用終了日", format="date"),
        Column("regions", "地域の数", format="number"),
        Column("tax_rate", "税率", value=lambda row: f"{row.tax_rate}%", visible=False),
        Column("note", "メモ", card="plain"),
    ]  # fmt: skip
    tabs = [
        Tab("now", "適用中", _now),
        Tab("coming", "予定", lambda request: Q(state="live", valid_from__gt=clock.today()), count=True),
        Tab("draft", "下書き", Q(state="draft"), count=True),
        Tab("withdrawn", "取り下げ", Q(state="withdrawn")),
    ]
    filters = [DateRange("from", "適用開始日", field="valid_from")]
    search_fields = ("name",)
    search_hint = "名前"
    default_sort = "-valid_from"
    export_name = "送料表の一覧"
    empty = {
        "icon": "yen", "title": "送料表はまだありません",
        "text": "地域ごとの送料・離島の加算・送料無料ライン・代引手数料を決めると、電話注文・見積・同梱の送料が計算されます。",
        "url_name": "shipping:add_fees", "label": "送料表を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[FeeTable]:
        return FeeTable.objects.annotate(regions=Count("fees"))

    def row_url(self, row: Any) -> str:
        return reverse("shipping:fee_table", args=[row.pk])
