"""一覧: 発注書, 発注残（what has been asked for and has not come）."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock
from akinai.core.money import cost_text
from akinai.core.search import matching
from akinai.party import queries as party
from akinai.purchasing.lists import title_of
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine
from akinai.purchasing.queries import orders as queries
from akinai.purchasing.services import ordering, sending
from akinai.purchasing.states import OrderState, Progress
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    FromIntake,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    each,
)


def _suppliers(_request: HttpRequest) -> Any:
    return party.supplier_choices(stopped_too=True)


class OrderList(Worklist):
    """発注一覧."""

    page = "purchasing.orders"
    title = "発注"
    permission = "purchasing.view_purchaseorder"
    template_name = "purchasing/orders.html"
    columns = [
        Column("number", "発注番号", sort="number", link=True, card="title"),
        Column("supplier", "仕入先", value=lambda row: str(row.supplier), sort="supplier__code", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column("progress", "入荷", format="badge"),
        Column("ordered_on", "発注日", format="date", sort="ordered_on"),
        Column("expected_on", "納期", value=lambda row: row.promised_on or row.due_on, format="date"),
        Column("reply_by", "返事の期限", format="date", sort="reply_by", card="hide"),
        Column("pieces", "点数", format="number", card="hide"),
        Column("left", "発注残", format="number"),
        Column("net_yen", "発注額（税抜）", format="yen", sort="net_yen", card="amount"),
        Column("created_by", "作成者", value=lambda row: str(row.created_by or "システム"), visible=False),
        Column("approved_by", "承認者", value=lambda row: str(row.approved_by or ""), visible=False),
        Column("supplier_order_no", "仕入先の受注番号", visible=False),
        Column("outside_no", "取込元の番号", visible=False),
        Column("created_at", "作成日時", format="datetime", sort="created_at", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("draft", "下書き", Q(state=OrderState.DRAFT), count=True),
        Tab("approval", "承認待ち", Q(state=OrderState.WAITING_APPROVAL), count=True, tone="warn"),
        Tab("approved", "発注待ち", Q(state=OrderState.APPROVED), count=True, tone="warn"),
        Tab("reply", "返事待ち", lambda _request: queries.without_reply(), count=True, tone="bad"),
        Tab("coming", "入荷待ち", Q(state__in=[OrderState.SENT, OrderState.CONFIRMED])),
        Tab("late", "納期遅れ", lambda _request: _late(), tone="bad"),
    ]
    filters = [
        MultiChoice("state", "状態", choices=OrderState.choices),
        MultiChoice("progress", "入荷", choices=Progress.choices),
        Choice("supplier", "仕入先", choices=_suppliers, field="supplier"),
        DateRange("ordered", "発注日", field="ordered_on"),
        YenRange("net", "発注額", field="net_yen"),
        Text("sku", "商品コード", field="lines__sku__code"),
        FromIntake("intake", "取込", field="number", data="orders"),
    ]
    search_hint = "番号・仕入先"
    default_sort = "-created_at"
    export_name = "発注"
    bulk_actions = [
        BulkAction("submit", "申請・確定する", run=each(ordering.submit), permission="purchasing.change_purchaseorder",
                   confirm="{count} 件を確定します。承認が要る金額を超えるものは承認待ちになります。", icon="check"),
        BulkAction("approve", "承認する", run=each(ordering.approve), permission="purchasing.approve_purchaseorder",
                   confirm="{count} 件を承認します。", icon="shield"),
        BulkAction("send", "メールで発注する", run=each(sending.send), permission="purchasing.change_purchaseorder",
                   confirm="{count} 件の発注書を仕入先にメールで送ります。", icon="send"),
        BulkAction("chase", "催促する", run=each(sending.chase), permission="purchasing.change_purchaseorder",
                   confirm="{count} 件の返事を仕入先に催促します。", icon="bell"),
    ]  # fmt: skip
    empty = {
        "icon": "cart", "title": "発注はまだありません", "text": "仕入先に頼む商品を書いて、発注書をメールで送れます。",
        "url_name": "purchasing:order_add", "label": "発注書を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrder]:
        return queries.for_order_list()

    def search(self, queryset: QuerySet[PurchaseOrder], text: str) -> QuerySet[PurchaseOrder]:
        return queries.by_order_words(queryset, text)

    def row_url(self, row: PurchaseOrder) -> str:
        return reverse("purchasing:order", args=[row.number])

    def row_tone(self, row: PurchaseOrder) -> str:
        is_silent = row.state == OrderState.SENT and row.reply_by and row.reply_by < clock.today()
        return "warn" if is_silent else ""


def _late() -> Q:
    today, coming = clock.today(), Q(state__in=[OrderState.SENT, OrderState.CONFIRMED])
    return coming & (Q(promised_on__lt=today) | Q(promised_on=None, due_on__lt=today))


class Backlog(Worklist):
    """発注残."""

    page = "purchasing.backlog"
    title = "発注残"
    permission = "purchasing.view_purchaseorder"
    columns = [
        Column("order", "発注番号", value="order.number", link=True, sort="order__number", card="plain"),
        Column("supplier", "仕入先", value="order.supplier.name", card="plain"),
        Column("code", "商品コード", value="sku.code", sort="sku__code", card="plain"),
        Column("name", "商品名", value=title_of, card="title"),
        Column("expected_on", "納期", format="date", sort="expected_on"),
        Column("quantity", "発注数", format="number", card="hide"),
        Column("received", "入荷済", format="number"),
        Column("left", "発注残", format="number", sort="left", card="amount"),
        Column(
            "unit_cost", "単価（税抜）", value=lambda row: cost_text(row.unit_cost), align="end", card="hide"
        ),
        Column(
            "left_yen",
            "残額（税抜）",
            value=lambda row: int(row.left * row.unit_cost),
            format="yen",
            card="hide",
        ),
        Column("supplier_code", "仕入先の商品コード", visible=False),
    ]
    tabs = [
        Tab("late", "納期遅れ", lambda _request: Q(expected_on__lt=clock.today()), count=True, tone="bad"),
        Tab("part", "一部入荷", Q(received__gt=0)),
        Tab("nobody", "納期未定", Q(expected_on=None)),
    ]
    filters = [
        Choice("supplier", "仕入先", choices=_suppliers, field="order__supplier"),
        DateRange("expected", "納期", field="expected_on"),
        Text("sku", "商品コード", field="sku__code"),
    ]
    search_hint = "商品・発注番号"
    default_sort = "order"
    export_name = "発注残"
    empty = {"icon": "cart", "title": "発注残はありません", "text": "発注した商品はすべて届いています。"}

    def queryset(self, request: HttpRequest) -> QuerySet[PurchaseOrderLine]:
        return queries.backlog()

    def search(self, queryset: QuerySet[PurchaseOrderLine], text: str) -> QuerySet[PurchaseOrderLine]:
        by_goods = matching(text, grams="sku__search_grams", source="sku__search_text")
        return queryset.filter(by_goods | Q(order__number__istartswith=text.strip()))

    def row_url(self, row: PurchaseOrderLine) -> str:
        return reverse("purchasing:order", args=[row.order.number])

    def row_tone(self, row: Any) -> str:
        return "warn" if row.expected_on and row.expected_on < clock.today() else ""
