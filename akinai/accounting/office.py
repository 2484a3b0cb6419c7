"""What the books put on the office's pages (管理画面への登録): menu, search, panels, colours and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from akinai.accounting.models import JournalEntry
from akinai.accounting.queries import journal
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel
from akinai.ui.search import Hit

if TYPE_CHECKING:
    from akinai.orders.models import Order


def register() -> None:
    navigation.register(
        "money", "売上", "accounting:sales", permission="accounting.view_dailysales", icon="chart", order=135, key="u",
        words="うりあげ 日次 月次 前年比 目標 sales",
    )  # fmt: skip
    navigation.register(
        "money", "粗利", "accounting:profit", permission="accounting.view_profit", icon="trend", order=140,
        words="あらり 利益 原価 手数料 profit margin", under="accounting:sales",
    )  # fmt: skip
    navigation.register(
        "money", "仕訳帳", "accounting:journal", permission="accounting.view_journalentry", icon="book", order=150,
        words="しわけ journal", under="accounting:sales",
    )  # fmt: skip
    navigation.register(
        "money", "試算表", "accounting:trial", permission="accounting.view_journalentry", icon="scale", order=160,
        words="しさんひょう 元帳 残高 trial balance ledger", under="accounting:sales",
    )  # fmt: skip
    navigation.register(
        "money", "会計ソフト", "accounting:exports", permission="accounting.view_journalexport", icon="download", order=165,
        words="弥生 freee フリー マネーフォワード エクスポート export", under="accounting:sales",
    )  # fmt: skip
    navigation.register(
        "money", "月締め", "accounting:closing", permission="accounting.view_closedmonth", icon="lock", order=170,
        words="つきじめ 締め closing", under="accounting:sales",
    )  # fmt: skip
    navigation.register(
        "system", "会計の設定", "accounting:settings", permission="accounting.change_booksettings", icon="book", order=75,
        words="勘定科目 税区分 期首",
    )  # fmt: skip
    navigation.register(
        "system", "勘定科目", "accounting:accounts", permission="accounting.view_account", icon="list", order=76,
        words="期首残高 補助科目 税区分", under="accounting:settings",
    )  # fmt: skip
    search.register("仕訳", find, permission="accounting.view_journalentry", icon="book", order=60)
    panels.register("orders.detail", order_panel)
    tones.register(
        "accounting.revenueentry.event",
        {"ship": "good", "unship": "mute", "credit": "warn", "return": "warn"},
    )
    words.register(
        "accounting", {"reverse": "取消", "reopen": "締めの解除", "withdraw": "出力の取消", "close": "締め"}
    )


def find(request: HttpRequest, text: str) -> Iterable[Hit]:
    """Entries by their number."""
    key = text.strip().upper()
    if key.startswith("JE-"):
        for row in JournalEntry.objects.filter(number=key)[:1]:
            yield Hit(row.number, reverse("accounting:entry", args=[row.number]), row.memo, "仕訳")


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """仕訳 on the order's page, for those who keep the books."""
    if not request.user.has_perm("accounting.view_journalentry"):
        return None
    rows = journal.entries_of_order(order.pk)
    if not rows:
        return None
    return Panel(
        "仕訳", "accounting/order_panel.html", {"rows": rows}, order=80, icon="book", count=len(rows)
    )
