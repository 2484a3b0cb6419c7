"""定期購入の一覧, and that of their turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.orders.models import Subscription, SubscriptionLine, SubscriptionTurn
from akinai.orders.services import turns
from akinai.orders.states import IntervalKind, PaymentKind, SubscriptionState, TurnState
from akinai.ui.worklist import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    MultiChoice,
    Tab,
    Text,
    Worklist,
    YesNo,
    pill,
)

HAS_FAILED = Exists(SubscriptionTurn.objects.filter(subscription=OuterRef("pk"), state=TurnState.FAILED))


def goods_of(one: Subscription) -> str:
    """TEA-001×2・CUP-001×1."""
    return "・".join(f"{line.sku.code}×{line.quantity}" for line in one.lines.all())


def _state(one: Any, _value: Any, _request: HttpRequest) -> str:
    if one.has_failed:
        return pill("つくれない回あり", "bad")
    return pill(one.get_state_display(), {"active": "good", "paused": "warn"}.get(one.state, "mute"))


class WithGoods(Text):
    """商品コード: subscriptions with a line of these goods."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if "\0" in self.value:
            return queryset.none()
        lines = SubscriptionLine.objects.filter(catalog.named(self.value), subscription=OuterRef("pk"))
        return queryset.filter(Exists(lines))


class SubscriptionList(Worklist):
    """定期購入."""

    page = "orders.subscriptions"
    title = "定期購入"
    permission = "orders.view_subscription"
    is_personal = True
    template_name = "orders/subscriptions.html"
    columns = [
        Column("number", "定期購入番号", sort="number", link=True, card="title"),
        Column("buyer_name", "お客様", sort="buyer_name", card="plain"),
        Column("goods", "商品", value=goods_of, width="wide", card="plain"),
        Column("interval", "間隔", value=lambda one: one.interval.words, card="plain"),
        Column("next_on", "次のお届け", format="date", sort="next_on"),
        Column("order_on", "受注をつくる日", format="date", sort="order_on", card="hide"),
        Column("made", "回数", format="number", sort="made"),
        Column("state", "状態", value=lambda one: one.get_state_display(), draw=_state, sort="state", card="badge"),
        Column("payment", "支払方法", value=lambda one: one.get_payment_display(), visible=False),
        Column("created_at", "開始日", format="datetime", sort="created_at", visible=False),
        Column("ended_reason", "終了の理由", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("active", "継続中", Q(state=SubscriptionState.ACTIVE), count=True),
        Tab("failed", "つくれない回あり", Q(has_failed=True), count=True),
        Tab("soon", "7日以内", lambda _request: Q(state=SubscriptionState.ACTIVE, order_on__lte=clock.today() + timedelta(days=7))),
        Tab("paused", "休止中", Q(state=SubscriptionState.PAUSED)),
        Tab("ended", "終了", Q(state=SubscriptionState.ENDED)),
    ]  # fmt: skip
    filters = [
        MultiChoice("state", "状態", choices=SubscriptionState.choices),
        Choice("interval", "間隔", choices=IntervalKind.choices, field="interval_kind"),
        MultiChoice("payment", "支払方法", choices=PaymentKind.choices),
        DateRange("next", "次のお届け日", field="next_on"),
        WithGoods("sku", "商品コード"),
        YesNo("failed", "つくれない回", field="has_failed", labels=("あり", "なし")),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "定期購入番号・氏名・カナ・電話・メール"
    default_sort = "next_on"
    export_name = "定期購入"
    empty = {
        "icon": "clock", "title": "定期購入はまだありません", "text": "受注の画面か、ここから始められます。",
        "url_name": "orders:subscribe", "label": "定期購入を始める",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        made = Count("turns", filter=Q(turns__state=TurnState.MADE))
        return Subscription.objects.prefetch_related("lines__sku").annotate(made=made, has_failed=HAS_FAILED)

    def row_url(self, row: Subscription) -> str:
        return reverse("orders:subscription", args=[row.number])

    def row_tone(self, row: Any) -> str:
        return "bad" if row.has_failed else ""


def _order(turn: SubscriptionTurn, _value: Any, _request: HttpRequest) -> str:
    if turn.order is None:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("orders:detail", args=[turn.order.number]), turn.order.number
    )


def _retry(rows: QuerySet[SubscriptionTurn], *, by: Any) -> str:
    made = [
        turns.make_turn(pk, by=by)
        for pk in rows.filter(state=TurnState.FAILED).values_list("subscription_id", flat=True)
    ]
    return f"{made.count(True)} 件の受注をつくりました。{made.count(False)} 件はまだつくれません。"


class TurnList(Worklist):
    """定期購入の回: what was made, skipped, and what cannot be made."""

    page = "orders.turns"
    title = "定期購入の回"
    permission = "orders.view_subscription"
    is_personal = True
    template_name = "orders/turns.html"
    columns = [
        Column("number", "定期購入番号", value="subscription.number", sort="subscription__number", link=True, card="title"),
        Column("turn", "回", value=str, sort="turn", card="plain"),
        Column("buyer", "お客様", value="subscription.buyer_name", card="plain"),
        Column("delivery_on", "お届け日", format="date", sort="delivery_on"),
        Column("state", "状態", format="badge", sort="state", card="badge"),
        Column("reason", "理由", width="wide", card="plain"),
        Column("order", "受注", value=lambda turn: turn.order.number if turn.order else "", draw=_order),
        Column("at", "日時", format="datetime", sort="at", card="hide"),
    ]  # fmt: skip
    tabs = [
        Tab("failed", "つくれない", Q(state=TurnState.FAILED), count=True),
        Tab("made", "受注済", Q(state=TurnState.MADE)),
        Tab("skipped", "お休み", Q(state=TurnState.SKIPPED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=TurnState.choices),
        DateRange("delivery", "お届け日", field="delivery_on"),
    ]
    search_hint = "定期購入番号・お客様"
    default_sort = "-at"
    export_name = "定期購入の回"
    bulk_actions = [
        BulkAction(
            "retry", "もう一度つくる", run=_retry, permission="orders.change_subscription", icon="check"
        ),
    ]
    empty = {"icon": "check", "title": "まだ 1 回もありません"}

    def queryset(self, request: HttpRequest) -> QuerySet[SubscriptionTurn]:
        return SubscriptionTurn.objects.select_related("subscription", "order")

    def search(self, queryset: QuerySet[SubscriptionTurn], text: str) -> QuerySet[SubscriptionTurn]:
        named = Q(subscription__number__icontains=text) | Q(subscription__buyer_name__icontains=text)
        return queryset.none() if "\0" in text else queryset.filter(named)

    def row_url(self, row: SubscriptionTurn) -> str:
        return reverse("orders:subscription", args=[row.subscription.number])
