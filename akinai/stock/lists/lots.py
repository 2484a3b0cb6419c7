"""期限一覧: which lots lie where, and when they expire."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.stock import queries, services
from akinai.stock.models import LotLevel
from akinai.ui.forms import DateField
from akinai.ui.worklist import BulkAction, Choice, Column, DateRange, Tab, Text, Worklist


class ThrowAwayForm(forms.Form):
    """廃棄の理由."""

    reason = forms.CharField(label="理由", max_length=200, initial="期限切れのため廃棄")


def _throw_away(rows: QuerySet[LotLevel], *, by: Any, reason: str = "") -> str:
    made = services.throw_away(list(rows), reason=reason, by=by)
    return f"{len(made):,} ロット、{-sum(entry.quantity for entry in made):,} 点を廃棄しました。"


class NameForm(forms.Form):
    """ロット番号と期限."""

    code = forms.CharField(label="ロット番号", max_length=40)
    expires_on = DateField(label="期限", required=False)


def _name(rows: QuerySet[LotLevel], *, by: Any, code: str = "", expires_on: date | None = None) -> str:
    lots = {row.lot for row in rows}
    if len(lots) != 1:
        raise DomainError("ロット番号は 1 ロットずつ付けます。", way_out="1 行だけ選んでください。")
    return f"ロット {services.name_lot(lots.pop(), code=code, expires_on=expires_on, by=by)} として記録しました。"


def _left(row: LotLevel) -> int | None:
    return (row.lot.expires_on - clock.today()).days if row.lot.expires_on else None


class LotList(Worklist):
    """期限一覧."""

    page = "stock.lots"
    title = "ロット・期限"
    permission = "stock.view_lot"
    columns = [
        Column(
            "expires_on", "期限", value="lot.expires_on", format="date", sort="lot__expires_on", card="badge"
        ),
        Column(
            "ships_until",
            "出荷期限",
            value="lot.ships_until",
            format="date",
            card="hide",
            hint="この日まで出荷できます",
        ),
        Column("left", "残り日数", value=_left, format="number"),
        Column("code", "商品コード", value="lot.sku.code", sort="lot__sku__code", link=True, card="plain"),
        Column("name", "商品名", value=lambda row: catalog.row_of(row.lot.sku).title, card="title"),
        Column("lot", "ロット番号", value="lot.code", sort="lot__code"),
        Column("on_hand", "現在庫", format="number", sort="on_hand", card="amount"),
        Column("location", "場所", value="location.name"),
        Column("received_on", "入荷日", value="lot.received_on", format="date", card="hide"),
    ]
    tabs = [
        Tab("expired", "期限切れ", lambda _request: Q(lot__expires_on__lt=clock.today()), count=True, tone="bad"),
        Tab("past", "出荷できない", lambda _request: Q(ships_until__lt=clock.today(), lot__expires_on__gte=clock.today()), count=True, tone="bad"),
        Tab("soon", "30日以内", lambda _request: Q(ships_until__range=(clock.today(), clock.today() + timedelta(days=queries.SOON_DAYS))), count=True, tone="warn"),
        Tab("undated", "期限なし", Q(lot__expires_on=None)),
    ]  # fmt: skip
    filters = [
        DateRange("expires", "期限", field="lot__expires_on"),
        Choice("location", "在庫場所", choices=lambda _request: queries.location_choices(), field="location__code"),
        Text("lot", "ロット番号", field="lot__code"),
    ]  # fmt: skip
    search_hint = "商品コード・商品名・JAN"
    default_sort = "expires_on"
    export_name = "ロット・期限"
    bulk_actions = [
        BulkAction("name", "番号と期限を付ける", run=_name, permission="stock.change_lot", icon="edit", form=NameForm),
        BulkAction("throw", "廃棄する", run=_throw_away, permission="stock.add_stockentry", icon="trash", form=ThrowAwayForm),
    ]  # fmt: skip
    empty = {
        "icon": "calendar",
        "title": "ロットはまだありません",
        "text": "在庫の画面でロット管理を始めた商品が、期限の近い順に並びます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[LotLevel]:
        return queries.lots_there().select_related("lot__sku__product", "location")

    def search(self, queryset: QuerySet[LotLevel], text: str) -> QuerySet[LotLevel]:
        return queryset.filter(catalog.named(text, path="lot__sku"))

    def row_url(self, row: LotLevel) -> str:
        return reverse("stock:card", args=[row.lot.sku_id])

    def row_tone(self, row: LotLevel) -> str:
        left = _left(row)
        return "" if left is None or left > 30 else "bad" if left < 0 else "warn"
