"""Where クレーム appears in the office (管理画面への登録)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail, mail_texts
from akinai.support.complaint_texts import APOLOGIES
from akinai.support.models import Complaint
from akinai.support.queries import complaints as queries
from akinai.support.states import CLOSED_TO_ALL
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel

VIEW = "support.view_complaint"


def ticket_panel(request: HttpRequest, ticket: Any) -> Panel | None:
    """クレーム on the ticket's page: what it is, or the way to make it one."""
    if not request.user.has_perm(VIEW):
        return None
    found = queries.of_ticket(ticket.pk)
    may_open = request.user.has_perm("support.add_complaint") and ticket.state not in CLOSED_TO_ALL
    if found is None and not may_open:
        return None
    return Panel(
        "クレーム", "support/complaint_beside.html", {"complaint": found, "ticket": ticket}, order=10, icon="alert", side=True
    )  # fmt: skip


def _panel(request: HttpRequest, where: Q, list_query: str, order: int) -> Panel | None:
    if not request.user.has_perm(VIEW):
        return None
    found = queries.latest(where)
    if not found:
        return None
    context = {"complaints": found, "sum": queries.summary(where), "list_query": list_query}
    return Panel(
        "クレーム", "support/complaint_panel.html", context, order=order, icon="alert", count=len(found)
    )


def order_panel(request: HttpRequest, order: Any) -> Panel | None:
    """クレーム about the order."""
    return _panel(request, Q(ticket__order_links__order_id=order.pk), "", 81)


def customer_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """クレーム of the customer."""
    return _panel(request, Q(ticket__customer_id=customer.pk), "", 21)


def product_panel(request: HttpRequest, product: Any) -> Panel | None:
    """クレーム about the product's SKUs."""
    return _panel(request, Q(sku__product_id=product.pk), "", 85)


def supplier_panel(request: HttpRequest, supplier: Any) -> Panel | None:
    """クレーム that the supplier answers for."""
    return _panel(request, Q(supplier_id=supplier.pk), "", 85)


def find(request: HttpRequest, text: str) -> list[search.Hit]:
    """Complaints by the beginning of their number."""
    key = text.strip().upper().replace("\0", "")
    rows = (
        Complaint.objects.filter(number__startswith=key).select_related("ticket")[:3]
        if key.startswith("CL-")
        else []
    )
    return [
        search.Hit(row.number, reverse("support:complaint", args=[row.number]), row.ticket.subject[:60])
        for row in rows
    ]


def _url(key: str) -> str:
    return reverse("support:complaint", args=[key.split(":")[0]])


def register() -> None:
    navigation.register(
        "support", "クレーム", "support:complaints", permission=VIEW, icon="alert", order=15,
        badge=lambda request: queries.to_decide() or None, words="くれーむ 苦情 補償 お詫び 再発防止 返金 complaint",
    )  # fmt: skip
    for order, title, url, permission, icon, more in (
        (
            16,
            "補償",
            "support:compensations",
            "support.view_compensation",
            "yen",
            "ほしょう 承認 値引 返金 クーポン",
        ),
        (
            17,
            "再発防止",
            "support:preventions",
            "support.view_preventiontask",
            "shield",
            "さいはつぼうし 対策 改善",
        ),
        (18, "クレームの集計", "support:complaint_report", VIEW, "chart", "原因 件数 発生率 レポート"),
        (
            19,
            "クレームの決まり",
            "support:complaint_settings",
            "support.view_complaintcause",
            "settings",
            "原因コード 承認額",
        ),
    ):
        navigation.register(
            "support",
            title,
            url,
            permission=permission,
            icon=icon,
            order=order,
            words=more,
            under="support:complaints",
        )
    panels.register("support.ticket", ticket_panel)
    panels.register("orders.detail", order_panel)
    panels.register("party.customer", customer_panel)
    panels.register("catalog.detail", product_panel)
    panels.register("party.supplier", supplier_panel)
    search.register("クレーム", find, permission=VIEW, icon="alert", order=66)
    mail.register_sort("complaint", "重大クレームの連絡", _url)
    for text in APOLOGIES:
        mail_texts.register(text)
    tones.register(
        "support.complaint.state",
        {"open": "warn", "checking": "info", "answering": "info", "settled": "good", "withdrawn": "mute"},
    )
    tones.register("support.complaint.severity", {"1": "mute", "2": "warn", "3": "bad"})
    tones.register(
        "support.compensation.state",
        {"waiting": "warn", "done": "good", "refused": "mute", "reversed": "mute"},
    )
    tones.register(
        "support.preventiontask.state",
        {"planned": "warn", "watching": "info", "closed": "good", "dropped": "mute"},
    )
    words.register(
        "support",
        {
            "check": "事実確認", "answer": "対応へ", "settle": "決着", "withdraw": "取り下げ", "acknowledge": "店長の確認", "tell_manager": "店長へ連絡",
            "apologise": "お詫び", "ask": "補償の依頼", "carry": "補償の実行", "refuse": "却下", "reverse": "取消", "put_in_place": "対策の開始",
            "drop": "中止", "resume": "やり直し", "change": "変更", "save": "保存",
        },
    )  # fmt: skip
