"""定期便の請求の一覧: the turns whose card has not given the money stand first."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.payments import queries
from akinai.payments.models import TurnCharge
from akinai.payments.rules.provider_words import said
from akinai.payments.states import ChargeState
from akinai.ui.access import clerk
from akinai.ui.worklist import Column, DateRange, MultiChoice, Tab, Worklist


class TurnChargeList(Worklist):
    """定期便の請求."""

    page = "payments.charges"
    title = "定期便の請求"
    permission = "payments.view_turncharge"
    is_personal = True
    template_name = "payments/charges.html"
    columns = [
        Column("order", "受注番号", value="order.number", link=True),
        Column("buyer", "お客様", value="order.buyer_name", card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("amount_yen", "金額", format="yen", value="request.amount_yen", card="amount"),
        Column("code", "通らなかった理由", value=lambda row: said(row.code)),
        Column("tries", "請求した回数", format="number"),
        Column("next_at", "次の請求", format="datetime", sort="next_at"),
        Column("cancel_on", "見送る日", format="date", sort="cancel_on"),
        Column("subscription", "定期購入番号", value="subscription.number"),
        Column("card", "カード", value=lambda row: str(row.card) if row.card else "登録なし", visible=False),
        Column("request", "決済番号", value="request.number", visible=False),
        Column("began_at", "請求を始めた日時", format="datetime", sort="began_at"),
    ]
    tabs = [
        Tab("waiting", "お客様待ち", Q(state=ChargeState.WAITING), count=True, tone="warn"),
        Tab("going", "請求待ち・請求中", Q(state__in=[ChargeState.DUE, ChargeState.CHARGING]), count=True),
        Tab("given_up", "見送り", Q(state=ChargeState.GIVEN_UP)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ChargeState.choices),
        DateRange("began", "請求を始めた日", field="began_at"),
    ]
    search_hint = "受注番号・定期購入番号・決済番号"
    default_sort = "-began_at"
    export_name = "定期便の請求"
    empty = {
        "icon": "refresh", "title": "定期便の請求はまだありません",
        "text": "カード払いの定期便の受注ができると、登録カードに請求した結果がここに並びます。",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[TurnCharge]:
        return queries.charges_seen_by(clerk(request))

    def search(self, queryset: QuerySet[TurnCharge], text: str) -> QuerySet[TurnCharge]:
        key = text.strip().upper()
        by_order = Q(order__number=key) | Q(order__channel_order_no=key)
        return queryset.filter(by_order | Q(subscription__number=key) | Q(request__number=key))

    def row_url(self, row: TurnCharge) -> str:
        return reverse("orders:detail", args=[row.order.number])

    def row_tone(self, row: TurnCharge) -> str:
        return "warn" if row.state == ChargeState.WAITING else ""

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"can_decide": request.user.has_perm("payments.change_cardrules")}
