"""Where coupons and points appear in the office (管理画面への登録)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail
from akinai.marketing import queries
from akinai.marketing.models import Coupon
from akinai.marketing.rules import fold
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel

if TYPE_CHECKING:
    from akinai.orders.models import Order


def customer_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """ポイントとクーポン on the customer's page."""
    if not request.user.has_perm("marketing.view_pointentry"):
        return None
    found = queries.perks_of_customer(customer.pk)
    if not found["entries"] and not found["uses"] and not request.user.has_perm("marketing.add_pointentry"):
        return None
    return Panel("ポイント・クーポン", "marketing/customer_panel.html", found, order=14, icon="star")


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """What the order used and earned."""
    if not request.user.has_perm("marketing.view_pointentry"):
        return None
    found = queries.perks_of_order(order.pk)
    if not found["entries"] and not found["uses"]:
        return None
    return Panel("ポイント・クーポン", "marketing/order_panel.html", found, order=75, icon="star")


def find(request: HttpRequest, text: str) -> list[search.Hit]:
    """Coupons by their code."""
    rows = (
        Coupon.objects.filter(code__startswith=fold(text).replace("\0", ""))[:3]
        if len(fold(text)) > 2
        else []
    )
    return [
        search.Hit(row.code, reverse("marketing:coupon", args=[row.pk]), f"{row.name} {row.words}")
        for row in rows
    ]


def register() -> None:
    navigation.register(
        "info", "クーポン", "marketing:coupons", permission="marketing.view_coupon", icon="tag", order=70,
        words="くーぽん coupon 割引 値引 送料無料 コード",
    )  # fmt: skip
    navigation.register(
        "info", "ポイント", "marketing:points", permission="marketing.view_pointentry", icon="star", order=72,
        words="ぽいんと point 付与 期限 訂正", under="marketing:coupons",
    )  # fmt: skip
    panels.register("party.customer", customer_panel)
    panels.register("orders.detail", order_panel)
    search.register("クーポン", find, permission="marketing.view_coupon", icon="tag", order=60)
    mail.register_sort(
        "points", "ポイントの期限", lambda key: reverse("party:customer", args=[key.split(":")[0]])
    )
    words.register("marketing", {"start_coupon": "使用開始", "stop_coupon": "使用停止"})
    words.register("party", {"correct_points": "ポイントの訂正"})
    tones.register(
        "marketing.pointentry.kind",
        {"earned": "good", "given": "good", "used": "accent", "expired": "mute", "reversed": "warn", "corrected": "info", "moved": "mute"},
    )  # fmt: skip
