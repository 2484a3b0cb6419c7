"""What purchasing puts on the office's pages (管理画面への登録): menu, panels, colours of states."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from akinai.purchasing import queries
from akinai.ui import navigation, panels, tones
from akinai.ui.panels import Panel


def supplier_panel(request: HttpRequest, supplier: Any) -> Panel | None:
    """入荷 on the supplier's page: the latest slips, and what was bought this month and last."""
    if not request.user.has_perm("purchasing.view_goodsreceipt"):
        return None
    context = {"receipts": queries.latest_from(supplier.pk), "bought": queries.bought_from(supplier.pk)}
    return Panel("入荷", "purchasing/supplier_panel.html", context, order=10, icon="receive")


def register() -> None:
    navigation.register(
        "goods", "入荷", "purchasing:list", permission="purchasing.view_goodsreceipt", icon="receive",
        order=40, key="n", words="仕入伝票 にゅうか",
    )  # fmt: skip
    panels.register("party.supplier", supplier_panel)
    tones.register(
        "purchasing.goodsreceipt.state",
        {"draft": "warn", "posted": "good", "reversed": "mute", "discarded": "mute"},
    )
