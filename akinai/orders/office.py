"""Where orders appear in the office (管理画面への登録): menu, search, colours of states."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from akinai.core.search import search as narrow
from akinai.orders import queries
from akinai.orders.states import OrderState
from akinai.ui import navigation, search, tones

TONES = {
    OrderState.ON_HOLD: "warn", OrderState.AWAITING_PAYMENT: "info", OrderState.AWAITING_STOCK: "info",
    OrderState.READY: "accent", OrderState.PICKING: "accent", OrderState.SHIPPED: "good",
    OrderState.COMPLETED: "good", OrderState.CANCELLED: "mute",
}  # fmt: skip


def _held(request: HttpRequest) -> int:
    return queries.orders_seen_by(request.user).filter(state=OrderState.ON_HOLD).count()  # type: ignore[arg-type]


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
        "money", "確認の机", "orders:desk", permission="orders.change_order", icon="check", order=20
    )
    navigation.register(
        "system",
        "要確認の規則",
        "orders:hold_rules",
        permission="orders.change_holdrule",
        icon="filter",
        order=40,
    )
    search.register("受注", find, permission="orders.view_order", icon="inbox", order=10)
    tones.register("orders.order.state", {str(state): tone for state, tone in TONES.items()})
