"""領収書の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.billing import queries
from akinai.billing.queries.receipts import OVERTAKEN
from akinai.ui.worklist import Column, DateRange, Tab, Text, Worklist, YenRange, YesNo


def _state(row: Any) -> tuple[str, str]:
    return ("有効", "good") if row.is_valid else ("無効", "mute")


class ReceiptList(Worklist):
    """領収書一覧."""

    page = "billing.receipts"
    title = "領収書"
    permission = "billing.view_receiptpaper"
    is_personal = True
    columns = [
        Column("number", "領収書番号", sort="number", link=True, card="title"),
        Column("issued_on", "発行日", format="date", sort="issued_on"),
        Column("recipient_name", "宛名"),
        Column("proviso", "但し書き", visible=False),
        Column("order", "受注番号", value="order.number"),
        Column("channel", "チャネル", value="order.channel.name", visible=False),
        Column("amount_yen", "領収金額", format="yen", sort="amount_yen", card="amount"),
        Column("is_self_issued", "お客様が発行", format="bool"),
        Column(
            "state", "状態", value=_state, format="badge", card="badge", export=lambda row: _state(row)[0]
        ),
    ]
    tabs = [
        Tab("overtaken", "返金あり・要確認", OVERTAKEN, count=True, tone="warn"),
        Tab("void", "無効", Q(is_valid=False)),
    ]
    filters = [
        DateRange("issued", "発行日", field="issued_on"),
        YenRange("amount", "領収金額", field="amount_yen"),
        Text("partner", "宛名", field="recipient_name"),
        YesNo("self", "発行", yes=Q(is_self_issued=True), labels=("お客様", "店舗")),
    ]
    search_fields = ("number", "recipient_name", "order__number", "order__channel_order_no")
    search_hint = "領収書番号・受注番号・宛名"
    default_sort = "-number"
    export_name = "領収書"
    empty = {
        "icon": "invoice", "title": "領収書はまだありません",
        "text": "入金のある受注の画面から発行します。お客様は、出荷メールのリンクから自分で発行できます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.receipts_seen_by(request.user)

    def row_url(self, row: Any) -> str:
        return reverse("billing:receipt", args=[row.number])
