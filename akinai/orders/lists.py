"""受注一覧: every order of every channel in one queue, with why it waits and what frees it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.channels import queries as channels
from akinai.core import clock
from akinai.orders import queries, services
from akinai.orders.forms import HoldForm, ReasonForm, ReleaseForm, RepeatsForm, SettleForm, due_moment
from akinai.orders.models import Order
from akinai.orders.states import (
    NOT_LEFT,
    PAYMENT_WORDS,
    WAITING,
    IssueCode,
    OrderState,
    PaymentKind,
    Progress,
)
from akinai.party import masking
from akinai.party import queries as party
from akinai.ui.templatetags.akinai import badge
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
    YesNo,
    each,
)


def _release(order: Order, *, by: Any, note: str = "") -> None:
    services.release_all(order, note=note, by=by)


def _hold(
    order: Order,
    *,
    by: Any,
    reason: str = "",
    due_on: Any = None,
    due_time: Any = None,
    release_rule: str = "",
) -> None:
    services.hold(order, reason=reason, due_at=due_moment(due_on, due_time), release_rule=release_rule, by=by)


def _cancel(order: Order, *, by: Any, reason: str = "") -> None:
    services.cancel(order.pk, reason=reason, by=by)


def _settle(order: Order, *, by: Any, note: str = "") -> None:
    services.settle(order.pk, note=note, by=by)


def _drop_repeats(order: Order, *, by: Any, which: str = "") -> None:
    services.drop_repeats(order.pk, which=which, by=by)


def _ship_by(order: Order, day: Any, _request: HttpRequest) -> str:
    """出荷期限 of what has not left: in red when it is past, strong on the day itself."""
    if day is None or order.state not in NOT_LEFT:
        return ""
    left = (day - clock.today()).days
    tone = "bad" if left < 0 else "warn" if left == 0 else ""
    word = f"{day.month}/{day.day}"
    return badge(word, tone=tone) if tone else word


def _next_act(_order: Order, waits: Any, request: HttpRequest) -> str:
    """The act that frees the order: a link for those who may do it, else its name."""
    if waits.act and waits.url and request.user.has_perm(waits.next.permission):
        return format_html('<a class="nowrap" href="{}">{}</a>', waits.url, waits.act)
    return str(waits.act)


class OpenHolds(MultiChoice):
    """保留の理由: orders that one of these rules holds now."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(queries.held_by(self.values))


class OfChannel(Choice):
    """チャネル."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(channel=channels.id_of(self.values[0]))


class WithGoods(Text):
    """商品: orders with a line of these goods, by our code, JAN or name, or by the beginning of the channel's code."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.none() if "\0" in self.value else queryset.filter(queries.with_goods(self.value))


class OfCustomer(Text):
    """顧客番号, whole."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return (
            queryset.none()
            if "\0" in self.value
            else queryset.filter(customer=party.id_of_customer(self.value))
        )


class OpenIssues(MultiChoice):
    """例外: orders with an open exception of one of these kinds."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(queries.asked_about(self.values))


class OrderList(Worklist):
    """受注一覧."""

    page = "orders.list"
    title = "受注"
    permission = "orders.view_order"
    is_personal = True
    template_name = "orders/list.html"
    columns = [
        Column("number", "受注番号", sort="number", link=True, card="title"),
        Column("ordered_at", "注文日時", format="datetime", sort="ordered_at", card="plain"),
        Column("channel", "チャネル", value="channel.name", card="hide"),
        Column("buyer_name", "注文者", card="plain"),
        Column("state", "状態", format="badge", card="badge"),
        Column(
            "ship_by", "出荷期限", value="ship_by", format="date", sort="ship_by", draw=_ship_by, card="plain"
        ),
        Column(
            "why",
            "待ち理由",
            value=lambda row: "、".join(queries.why_waiting(row).reasons)[:80],
            width="wide",
            card="plain",
        ),
        Column(
            "act",
            "次の一手",
            value=queries.why_waiting,
            draw=_next_act,
            card="plain",
            export=lambda row: queries.why_waiting(row).act,
        ),
        Column("total_yen", "請求金額", format="yen", sort="total_yen", card="amount"),
        Column(
            "payment",
            "支払",
            card="hide",
            value=lambda row: PAYMENT_WORDS.get(row.payment, ""),
            export=lambda row: row.get_payment_display(),
        ),
        Column("paid_yen", "入金済", format="yen", visible=False),
        Column("channel_order_no", "モール注文番号", visible=False),
        Column("ship_prefecture", "送付先", visible=False),
        Column("hold_due", "保留の期限", value="hold_due", format="datetime", visible=False),
        Column("delivery_on", "お届け希望日", format="date", visible=False),
        Column("customer_note", "備考", visible=False, mask=masking.WORDS),
    ]
    tabs = [
        Tab("on_hold", "確認待ち", Q(state=OrderState.ON_HOLD), count=True),
        Tab("awaiting_payment", "入金待ち", Q(state=OrderState.AWAITING_PAYMENT)),
        Tab("awaiting_stock", "引当待ち", Q(state=OrderState.AWAITING_STOCK)),
        Tab("ready", "出荷待ち", Q(state=OrderState.READY)),
        Tab("rest_waits", "一部出荷・残り待ち", Q(in_parts=True, shipment_progress=Progress.PARTIAL, state__in=WAITING), hidden=True),
        Tab("picking", "出荷作業中", Q(state=OrderState.PICKING)),
        Tab("shipped", "出荷済", Q(state__in=queries.LEFT)),
        Tab("changed", "変更の申し出", Q(queries.HAS_CHANGE), hidden=True),
        Tab("hold_overdue", "保留の期限切れ", lambda _request: Q(queries.hold_overdue(clock.now())), hidden=True),
        Tab("late", "出荷期限切れ", lambda _request: queries.late(clock.today()), hidden=True),
        Tab("overdue", "入金期限切れ", lambda _request: queries.overdue(clock.today()), hidden=True),
        Tab("paid_not_shipped", "入金済・未出荷", queries.UNFINISHED["paid_not_shipped"], hidden=True),
        Tab("shipped_not_invoiced", "未請求", queries.UNFINISHED["shipped_not_invoiced"], hidden=True),
        Tab("invoiced_not_sent", "請求書未送付", queries.UNFINISHED["invoiced_not_sent"], hidden=True),
        Tab("shipped_not_notified", "出荷未通知", queries.UNFINISHED["shipped_not_notified"], hidden=True),
        Tab("delivered_not_paid", "出荷済・未入金", queries.UNFINISHED["delivered_not_paid"], hidden=True),
        Tab("cancelled_with_money", "要返金", queries.UNFINISHED["cancelled_with_money"], hidden=True),
    ]  # fmt: skip
    filters = [
        MultiChoice("state", "状態", choices=OrderState.choices),
        OfChannel("channel", "チャネル", choices=lambda _request: channels.every_choice()),
        MultiChoice("payment", "支払方法", choices=PaymentKind.choices),
        DateRange("ordered", "注文日", field="ordered_at"),
        DateRange("ship_by", "出荷期限"),
        YenRange("total", "請求金額", field="total_yen"),
        YesNo("note", "備考", yes=~Q(customer_note=""), labels=("あり", "なし")),
        OpenIssues("issue_code", "例外", choices=IssueCode.choices),
        YesNo("issue", "例外の有無", yes=Q(queries.HAS_ISSUE), labels=("あり", "なし")),
        YesNo("change", "変更の申し出", yes=Q(queries.HAS_CHANGE), labels=("あり", "なし")),
        OpenHolds("rule", "保留の理由", choices=lambda _request: queries.rule_choices()),
        YesNo("warning", "注意", yes=Q(queries.HAS_WARNING), labels=("あり", "なし")),
        YesNo("island", "離島", field="is_remote_island"),
        WithGoods("sku", "商品コード"),
        OfCustomer("customer", "顧客番号"),
        FromIntake("intake", "取込", field="intake_file_id"),
        FromIntake("told", "変更を伝えた取込", field="changes__intake_file_id"),
    ]  # fmt: skip
    search_fields = ("search_grams", "search_text")
    search_hint = "受注番号・モール注文番号・氏名・カナ・電話"
    default_sort = "-ordered_at"
    bulk_actions = [
        BulkAction(
            "release", "保留を解除", run=each(_release, done="{count} 件の保留を解除しました。"),
            permission="orders.change_order", confirm="{count} 件の保留を解除します。", icon="check", form=ReleaseForm,
        ),
        BulkAction(
            "hold", "保留にする", run=each(_hold, done="{count} 件を保留にしました。"), permission="orders.change_order", icon="pause",
            form=HoldForm,
        ),
        BulkAction(
            "instruct", "出荷指示を出す", url_name="shipping:ready", permission="shipping.add_shippingbatch", icon="truck",
        ),
        BulkAction(
            "receive", "入金を記録", url_name="payments:receive_many", permission="payments.add_payment", icon="wallet",
        ),
        BulkAction(
            "drop_repeats", "重複した明細を外す",
            run=each(_drop_repeats, done="{count} 件の受注で、重複した明細を外しました。明細の「戻す」で元に戻せます。"),
            permission="orders.change_order", icon="merge", form=RepeatsForm,
        ),
        BulkAction(
            "settle", "決済済みにする", run=each(_settle, done="{count} 件を決済済みにしました。"),
            permission="orders.change_order", icon="wallet", form=SettleForm,
        ),
        BulkAction(
            "cancel", "キャンセル", run=each(_cancel, done="{count} 件をキャンセルしました。"),
            permission="orders.cancel_order", confirm="{count} 件をキャンセルします。在庫は次の注文に回ります。", icon="x",
            form=ReasonForm,
        ),
    ]  # fmt: skip
    export_name = "受注"
    empty = {
        "icon": "inbox", "title": "受注はまだありません", "text": "モールの受注CSVを取り込むと、ここに並びます。",
        "url_name": "intake:new", "label": "受注を取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return queries.for_list(request.user)  # type: ignore[arg-type]

    def search(self, queryset: QuerySet[Order], text: str) -> QuerySet[Order]:
        return queries.sought(queryset, text)

    def row_url(self, row: Order) -> str:
        return reverse("orders:detail", args=[row.number])

    def row_tone(self, row: Order) -> str:
        return "warn" if row.state == OrderState.ON_HOLD else ""
