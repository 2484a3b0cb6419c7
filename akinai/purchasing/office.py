"""What purchasing puts on the office's pages (管理画面への登録): menu, panels, colours of states."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from akinai.core import clock
from akinai.core.tax import deductible_percent
from akinai.purchasing import queries
from akinai.purchasing.queries import terms
from akinai.ui import navigation, panels, tones
from akinai.ui.panels import Panel

MONTHS = {0: "当月", 1: "翌月", 2: "翌々月"}


def supplier_panel(request: HttpRequest, supplier: Any) -> Panel | None:
    """入荷 on the supplier's page: the latest slips, and what was bought this month and last."""
    if not request.user.has_perm("purchasing.view_goodsreceipt"):
        return None
    context = {"receipts": queries.latest_from(supplier.pk), "bought": queries.bought_from(supplier.pk)}
    return Panel("入荷", "purchasing/supplier_panel.html", context, order=10, icon="receive")


def terms_panel(request: HttpRequest, supplier: Any) -> Panel | None:
    """仕入条件 on the supplier's page, with the lead time that real receipts tell."""
    if not request.user.has_perm("purchasing.view_supplierterms"):
        return None
    found = terms.terms_of(supplier.pk)
    today = clock.today()
    context = {
        "terms": found, "month_word": MONTHS.get(found.payment_month_offset, f"{found.payment_month_offset}か月後の"),
        "percent": deductible_percent(today, registered=False),
        "item_count": len(terms.items_of(supplier.pk)),
    }  # fmt: skip
    return Panel("仕入条件", "purchasing/terms_panel.html", context, order=5, icon="scale")


def register() -> None:
    navigation.register(
        "goods", "入荷", "purchasing:list", permission="purchasing.view_goodsreceipt", icon="receive",
        order=40, key="n", words="仕入伝票 にゅうか",
    )  # fmt: skip
    navigation.register(
        "goods", "仕入先商品", "purchasing:items", permission="purchasing.view_supplieritem", icon="tag",
        order=60, words="価格表 かかくひょう 仕入単価 しいれたんか",
    )  # fmt: skip
    panels.register("party.supplier", terms_panel)
    panels.register("party.supplier", supplier_panel)
    tones.register(
        "purchasing.goodsreceipt.state",
        {"draft": "warn", "posted": "good", "reversed": "mute", "discarded": "mute"},
    )
