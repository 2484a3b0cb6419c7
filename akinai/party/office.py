"""Where parties appear in the office (管理画面への登録)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from akinai.core.search import search as narrow
from akinai.party import erasing, erasure_answers, openings, proofs
from akinai.party.models import Customer
from akinai.ui import navigation, panels, search, tones, watching, words
from akinai.ui.access import clerk
from akinai.ui.panels import Panel

SHOWN_OPENINGS = 8


def find_customers(request: HttpRequest, text: str) -> list[search.Hit]:
    """Customers by name, kana, phone or mail."""
    rows = narrow(Customer.objects.filter(merged_into=None).order_by("-id"), text)[:5]
    return [search.Hit(row.name, reverse("party:customer", args=[row.number]), row.number) for row in rows]


def openings_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """閲覧記録 on the customer's page, for the 店長."""
    if not request.user.has_perm("party.read_openings"):
        return None
    rows = list(openings.of_customer(customer)[:SHOWN_OPENINGS])
    return Panel("閲覧記録", "party/openings_panel.html", {"openings": rows}, order=95, icon="eye", side=True)


def waiting_erasures(request: HttpRequest) -> int | None:
    """Requests that this person may approve, and those whose answer is still to be given."""
    waiting = erasure_answers.waiting_for(clerk(request))
    to_approve = waiting.to_approve if request.user.has_perm(erasing.APPROVE) else 0
    return to_approve + waiting.to_answer or None


def register() -> None:
    navigation.register(
        "goods",
        "仕入先",
        "party:suppliers",
        permission="party.view_supplier",
        icon="users",
        order=50,
        under="purchasing:orders",
    )
    navigation.register(
        "support", "顧客", "party:customers", permission="party.view_customer", icon="user", order=10, key="c"
    )
    navigation.register(
        "system", "自社情報", "party:company", permission="party.change_company", icon="store", order=30
    )
    navigation.register(
        "support", "閲覧記録", "party:openings", permission="party.read_openings", icon="eye", order=30, under="party:customers",
    )  # fmt: skip
    navigation.register(
        "support", "消去の請求", "party:erasures", permission=erasing.ASK, icon="shield", order=31, under="party:customers",
        badge=waiting_erasures,
    )  # fmt: skip
    navigation.register(
        "support", "保存期間", "party:retention", permission="party.change_retentionrule", icon="clock", order=32, under="party:customers",
    )  # fmt: skip
    panels.register("party.customer", openings_panel)
    watching.watch(openings.Watcher())
    tones.register(
        "party.erasurerequest.state",
        {"asked": "warn", "running": "info", "done": "good", "refused": "mute", "withdrawn": "mute"},
    )
    proofs.register()
    search.register("顧客", find_customers, permission="party.view_customer", icon="user", order=40)
    words.register(
        "party",
        {
            "disclose": "開示のファイルの作成",
            "merge": "名寄せ",
            "take_apart": "名寄せの取消",
            "ask_erasure": "消去の請求の登録",
            "erase": "個人情報の消去",
            "ask": "登録",
            "approve": "承認",
            "refuse": "お断り",
            "withdraw": "取り下げ",
            "finish": "消去の完了",
            "give_back": "中断",
            "again": "続き",
            "answer": "ご本人への回答",
            "send_answer": "回答のメールの送信",
            "answer_returned": "回答のメールが不達",
        },
    )
