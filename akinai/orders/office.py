"""Where orders appear in the office (管理画面への登録): menu, search, colours of states."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail
from akinai.core.search import search as narrow
from akinai.orders import queries
from akinai.orders.models import Quote, Subscription, SubscriptionTurn
from akinai.orders.states import OrderState, TurnState
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel

TONES = {
    OrderState.ON_HOLD: "warn", OrderState.AWAITING_PAYMENT: "info", OrderState.AWAITING_STOCK: "info",
    OrderState.READY: "accent", OrderState.PICKING: "accent", OrderState.SHIPPED: "good",
    OrderState.COMPLETED: "good", OrderState.CANCELLED: "mute",
}  # fmt: skip


def _held(request: HttpRequest) -> int:
    return queries.orders_seen_by(request.user).filter(state=OrderState.ON_HOLD).count()  # type: ignore[arg-type]


def _failed_turns(_request: HttpRequest) -> int:
    return SubscriptionTurn.objects.filter(state=TurnState.FAILED).count()


def find(request: HttpRequest, text: str) -> list[search.Hit]:
    """Orders by number, name, kana or phone."""
    seen = queries.orders_seen_by(request.user)  # type: ignore[arg-type]
    by_number = seen.filter(number__iendswith=text.strip()) if text.strip()[-1:].isdigit() else seen.none()
    rows = list(by_number[:3]) or list(narrow(seen, text).order_by("-ordered_at")[:5])
    return [
        search.Hit(
            f"{order.number} {order.buyer_name}", reverse("orders:detail", args=[order.number]),
            subtitle=order.channel_order_no, badge=order.get_state_display(), tone=TONES[OrderState(order.state)],
        )
        for order in rows
    ]  # fmt: skip


def find_quotes(request: HttpRequest, text: str) -> list[search.Hit]:
    """Quotes by number, name or subject."""
    plain = text.strip()
    if not plain or "\0" in plain:
        return []
    named = Q(number__iendswith=plain) | Q(company__icontains=plain) | Q(name__icontains=plain)
    rows = Quote.objects.filter(named | Q(subject__icontains=plain)).order_by("-pk")[:5]
    return [
        search.Hit(
            f"{one.number} {one.to}", reverse("orders:quote_detail", args=[one.number]), subtitle=one.subject,
            badge=one.get_state_display(), tone=tones.state_of(one)[1],
        )
        for one in rows
    ]  # fmt: skip


def customer_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """受注 on the customer's page: how much was bought, and the latest orders."""
    if not request.user.has_perm("orders.view_order"):
        return None
    context = {"orders": queries.latest_of(customer.pk), "bought": queries.bought_by(customer.pk)}
    return Panel("受注", "orders/customer_panel.html", context, order=10, icon="inbox")


def subscription_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """定期購入 on the customer's page, where there are any."""
    if not request.user.has_perm("orders.view_subscription"):
        return None
    found = list(
        Subscription.objects.filter(customer=customer.pk).prefetch_related("lines__sku").order_by("-pk")[:10]
    )
    context = {"subscriptions": found}
    title = "定期購入"
    return Panel(title, "orders/subscription_panel.html", context, order=12, icon="clock") if found else None


def register() -> None:
    navigation.register(
        "money",
        "受注",
        "orders:list",
        permission="orders.view_order",
        icon="inbox",
        order=10,
        key="o",
        badge=_held,
    )
    navigation.register(
        "money", "見積", "orders:quotes", permission="orders.view_quote", icon="file", order=15, words="みつもり quote QT",
        under="orders:list",
    )  # fmt: skip
    navigation.register(
        "money", "確認の机", "orders:desk", permission="orders.change_order", icon="check", order=20
    )
    navigation.register(
        "money", "定期購入", "orders:subscriptions", permission="orders.view_subscription", icon="clock", order=25,
        under="orders:list", words="ていき SC subscription", badge=_failed_turns,
    )  # fmt: skip
    navigation.register(
        "system",
        "要確認の規則",
        "orders:hold_rules",
        permission="orders.view_checkrule",
        icon="filter",
        order=40,
    )
    panels.register("party.customer", customer_panel)
    panels.register("party.customer", subscription_panel)
    search.register("受注", find, permission="orders.view_order", icon="inbox", order=10)
    words.register(
        "orders",
        {
            "charge_shipping": "送料", "place_hold": "保留", "set_due": "保留の期限", "change_told": "変更の申し出", "accept_change": "変更を反映", "dismiss_change": "変更を反映しない",
            "accept_issue": "例外の受け入れ", "assign_sku": "商品の選択", "correct_line": "明細の修正", "restore_line": "明細を戻す",
            "drop_repeats": "重複した明細を外す", "edit_delivery": "お届け先の修正", "edit_note": "店舗メモ", "set_payment": "支払方法",
            "settle": "決済済み", "unsettle": "決済の無効", "extend_due": "入金期限", "correct_amounts": "金額の修正", "note_refunded": "返金",
            "ship_outside": "モールで出荷済", "set_rule": "規則の変更", "write_check": "規則の編集", "check_live": "規則の使用開始",
            "check_off": "規則の使用終了", "check_apply": "いまの受注に使用", "see_warning": "注意の確認",
            "change_order": "内容の変更", "add_address": "送付先の追加", "change_address": "送付先の修正", "remove_address": "送付先を外す", "set_gift": "のし・ラッピング", "draft_quote": "見積の作成", "edit_quote": "見積の修正", "submit": "見積の提出", "accept": "成約",
            "decline": "失注", "expire": "期限切れ", "withdraw_quote": "見積の取消",
            "subscribe": "定期購入の開始", "change_subscription": "内容の変更", "skip_turn": "お休み", "move_turn": "お届け日の変更",
            "make_turn": "受注をつくった", "fail_turn": "受注をつくれない", "notify_turn": "お知らせ", "pause": "休止", "resume": "再開",
            "end": "終了",
        }
    )  # fmt: skip
    tones.register(
        "orders.checkbacktesthit.outcome",
        {
            "cancelled": "bad",
            "unpaid": "bad",
            "returned": "bad",
            "changed": "warn",
            "shipped": "good",
            "open": "mute",
        },
    )
    navigation.register(
        "system", "ギフト", "orders:gift_options", permission="orders.change_giftoption", icon="gift", order=42,
        words="のし ラッピング 包装 noshi gift", under="orders:hold_rules",
    )  # fmt: skip
    mail.register_sort(
        "quote", "見積書の送付", lambda key: reverse("orders:quote_detail", args=[key.split(":")[0]])
    )
    tones.register(
        "orders.quote.state",
        {
            "draft": "info",
            "sent": "accent",
            "accepted": "good",
            "declined": "mute",
            "expired": "warn",
            "cancelled": "mute",
        },
    )
    search.register("見積", find_quotes, permission="orders.view_quote", icon="file", order=15)
    mail.register_sort(
        "subscription",
        "定期購入のお知らせ",
        lambda key: reverse("orders:subscription", args=[key.split(":")[0]]),
    )
    tones.register("orders.subscription.state", {"active": "good", "paused": "warn", "ended": "mute"})
    tones.register("orders.subscriptionturn.state", {"made": "good", "skipped": "mute", "failed": "bad"})
    tones.register("orders.order.state", {str(state): tone for state, tone in TONES.items()})
