"""What shipping puts on the office's pages (管理画面への登録): menu, search, panels, tones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail
from akinai.orders import queries as orders
from akinai.shipping import queries
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel
from akinai.ui.search import Hit

if TYPE_CHECKING:
    from akinai.orders.models import Order


def register() -> None:
    navigation.register(
        "money", "出荷指示待ち", "shipping:ready", permission="shipping.add_shippingbatch", icon="clock", order=30,
        badge=ready_count, words="しゅっか ready instruct",
    )  # fmt: skip
    navigation.register(
        "money", "出荷", "shipping:list", permission="shipping.view_shipment", icon="truck", order=50, key="s",
        words="しゅっか shipment",
    )  # fmt: skip
    navigation.register(
        "money", "出荷指示", "shipping:batches", permission="shipping.view_shippingbatch", icon="layers", order=40,
        words="ピッキング batch", under="shipping:list",
    )  # fmt: skip
    navigation.register(
        "money", "検品", "shipping:check", permission="shipping.change_shipment", icon="scan", order=60,
        words="けんぴん 梱包 scan pack", under="shipping:list",
    )  # fmt: skip
    navigation.register(
        "system", "運送会社", "shipping:carriers", permission="shipping.change_carrieraccount", icon="truck",
        order=60, words="carrier うんそう",
    )  # fmt: skip
    mail.register_sort("shipped", "出荷のお知らせ", lambda number: reverse("shipping:detail", args=[number]))
    search.register("出荷", find, permission="shipping.view_shipment", icon="truck", order=20)
    panels.register("orders.detail", order_panel)
    words.register(
        {
            "add_tracking": "送り状番号", "remove_tracking": "送り状番号の削除", "export_labels": "送り状データ",
            "change_carrier": "運送会社の変更", "notify_by_hand": "連絡", "unship": "出荷取消", "print": "印刷", "save": "保存",
        }
    )  # fmt: skip
    tones.register(
        "shipping.shipment.notice",
        {
            "none": "warn",
            "queued": "info",
            "sent": "good",
            "not_needed": "mute",
            "no_address": "bad",
            "failed": "bad",
            "by_hand": "good",
        },
    )


def ready_count(request: HttpRequest) -> int:
    return orders.ready_to_ship().count()


def find(request: HttpRequest, text: str) -> Iterable[Hit]:
    """By shipment number, tracking number or the order's numbers."""
    for shipment in queries.find(queries.for_list(request.user), text).order_by("-pk")[:5]:
        label, tone = tones.state_of(shipment)
        yield Hit(
            shipment.number, reverse("shipping:detail", args=[shipment.number]),
            f"{shipment.order.number} {shipment.order.ship_name}", label, tone,
        )  # fmt: skip


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """出荷 on the order's page."""
    if not request.user.has_perm("shipping.view_shipment"):
        return None
    shipments = queries.shipments_of(order.pk)
    if not shipments:
        return None
    return Panel(
        "出荷",
        "shipping/order_panel.html",
        {"shipments": shipments},
        order=20,
        icon="truck",
        count=len(shipments),
    )
