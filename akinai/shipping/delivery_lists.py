"""お届け日数の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core.postal import PREFECTURES
from akinai.shipping import delivery_queries, queries, services
from akinai.shipping.delivery_forms import SeedForm
from akinai.shipping.delivery_rules import WEEKDAYS
from akinai.shipping.models import CarrierDays
from akinai.ui.worklist import BulkAction, Choice, Column, Tab, Worklist, YesNo


def _remove(rows: QuerySet[Any], *, by: Any) -> str:
    count = services.remove_days(list(rows.values_list("pk", flat=True)), by=by)
    return f"お届け日数を {count} 件消しました。"


class CarrierDaysList(Worklist):
    """お届け日数: the carrier's days to each place, as far as the shop has said them."""

    page = "shipping.days"
    title = "お届け日数"
    permission = "shipping.view_carrierdays"
    template_name = "shipping/days.html"
    columns = [
        Column("place", "お届け先", value="place", sort="prefecture", link=True, card="title", exported=False),
        Column("carrier", "運送会社", value=lambda row: queries.name_of(row.carrier) if row.carrier else "すべて",
               export=lambda row: queries.name_of(row.carrier) if row.carrier else ""),
        Column("prefecture", "都道府県", visible=False),
        Column("postal_prefix", "郵便番号", visible=False),
        Column("is_island", "離島", format="bool", visible=False),
        Column("days", "お届け日数", format="number", sort="days", card="amount"),
        Column("has_slots", "時間帯指定", format="bool"),
        Column("is_estimate", "目安のまま", format="bool", exported=False),
        Column("note", "メモ", card="plain"),
    ]  # fmt: skip
    tabs = [Tab("estimate", "目安のまま", Q(is_estimate=True), count=True)]
    filters = [
        Choice("carrier", "運送会社", choices=lambda _request: queries.carrier_choices()),
        Choice("prefecture", "都道府県", choices=[(name, name) for name in PREFECTURES]),
        YesNo("island", "離島", field="is_island"),
        YesNo("slots", "時間帯指定", field="has_slots"),
    ]
    search_hint = "都道府県・郵便番号"
    default_sort = "place"
    bulk_actions = [
        BulkAction(
            "remove", "消す", run=_remove, permission="shipping.change_carrierdays", icon="trash", tone="bad",
            confirm="{count} 件のお届け日数を消します。消したお届け先は、距離からの目安になります。",
        )
    ]  # fmt: skip
    export_name = "お届け日数"
    empty = {
        "icon": "calendar", "title": "お届け日数はまだ登録されていません",
        "text": "登録するまでは、都道府県の距離からの目安で計算します。「目安を並べる」で 47 都道府県を並べて直せます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[CarrierDays]:
        return CarrierDays.objects.all()

    def search(self, queryset: QuerySet[CarrierDays], text: str) -> QuerySet[CarrierDays]:
        key = text.strip().replace("-", "")
        if key.isascii() and key.isdigit():
            return queryset.filter(postal_prefix__startswith=key)
        return queryset.filter(Q(prefecture__startswith=key) | Q(note__icontains=key))

    def row_url(self, row: CarrierDays) -> str:
        return reverse("shipping:edit_days", args=[row.pk])

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        shop = delivery_queries.shop_days()
        rest = [f"{WEEKDAYS[day]}曜" for day in sorted(shop.weekdays)]
        prepare = f"{shop.prepare_days} 営業日" if shop.prepare_days else "なし"
        return {"shop": shop, "shop_rest": rest, "prepare": prepare, "seed_form": SeedForm()}
