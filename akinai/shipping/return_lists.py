"""返品の一覧: what comes back, by state, with how long it waits."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.shipping import return_queries, services
from akinai.shipping.models import ReturnCase
from akinai.shipping.states import OPEN_RETURNS, Remedy, ReturnReason, ReturnState, ShippingPayer
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YenRange,
    each,
)

LONG = 7  # days without a step after which a row is marked


def waits(row: ReturnCase) -> int | None:
    """今の状態になってからの日数, of what is still open."""
    if row.state not in OPEN_RETURNS:
        return None
    return (clock.today() - timezone.localdate(row.waits_since)).days


def _tab(state: str, **more: Any) -> Tab:
    return Tab(state, ReturnState(state).label, Q(state=state), **more)


class ReturnList(Worklist):
    """返品一覧."""

    page = "shipping.returns"
    title = "返品・交換"
    permission = "shipping.view_returncase"
    is_personal = True
    template_name = "shipping/returns.html"
    columns = [
        Column("number", "返品番号", sort="number", link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("requested_on", "受付日", format="date", sort="requested_on"),
        Column("waits", "経過日数", value=waits, format="number", sort="waits_since"),
        Column("order", "受注番号", value="order.number"),
        Column("channel", "チャネル", value="order.channel.name"),
        Column("buyer", "注文者", value="order.buyer_name"),
        Column("pieces", "点数", format="number"),
        Column(
            "given_back_yen",
            "返還額",
            value=lambda row: row.given_back_yen or None,
            format="yen",
            sort="given_back_yen",
            card="amount",
        ),
        Column("credit_note_no", "返還請求書", visible=False),
        Column(
            "reship_order",
            "再送・交換",
            value=lambda row: row.reship_order.number if row.reship_order else "",
        ),
        Column("shipment", "出荷番号", value="shipment.number", visible=False),
        Column("tracking_no", "返送の送り状番号", visible=False),
        Column("pays_shipping", "返送料の負担", value="get_pays_shipping_display", visible=False),
        Column("arrived_on", "到着日", format="date", sort="arrived_on", visible=False),
        Column("settled_at", "精算日時", format="datetime", sort="settled_at", visible=False),
        Column("refund_way", "返金の方法", value="get_refund_way_display", visible=False),
        Column("note", "お客様の申し出", visible=False),
    ]
    tabs = [
        _tab("requested", count=True),
        _tab("arrived", count=True, tone="warn"),
        _tab("inspected", count=True, tone="warn"),
        _tab("settled"),
        _tab("refused"),
        _tab("cancelled"),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ReturnState.choices),
        Choice("channel", "チャネル", choices=lambda _r: channels.choices(), field="order__channel__code"),
        DateRange("requested", "受付日", field="requested_on"),
        DateRange("settled", "精算日", field="settled_at"),
        Choice("payer", "返送料", choices=ShippingPayer.choices, field="pays_shipping"),
        Choice("reason", "理由", choices=ReturnReason.choices, field="lines__reason"),
        Choice("remedy", "対応", choices=Remedy.choices, field="lines__remedy"),
        YenRange("given", "返還額", field="given_back_yen"),
        Text("sku", "商品コード", field="lines__shipment_line__sku__code"),
    ]
    search_hint = "番号・氏名・電話番号"
    default_sort = "-number"
    export_name = "返品"
    empty = {
        "icon": "return", "title": "返品はまだありません", "text": "受注や出荷の画面、または番号の読み取りから受け付けます。",
        "url_name": "shipping:scan_return", "label": "番号を読み取る",
    }  # fmt: skip
    bulk_actions = [
        BulkAction(
            "arrive", "到着を登録", run=each(services.arrive), permission="shipping.change_returncase", icon="box",
            confirm="{count} 件の到着を登録します。",
        )
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return return_queries.for_list(request.user)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return return_queries.find(queryset, text)

    def row_url(self, row: Any) -> str:
        return reverse("shipping:return", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return "warn" if (waits(row) or 0) > LONG else ""
