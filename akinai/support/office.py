"""Where サポート appears in the office (管理画面への登録)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock, mail
from akinai.support import queries
from akinai.support.models import CallBack, Ticket
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel

if TYPE_CHECKING:
    from akinai.orders.models import Order


def customer_panel(request: HttpRequest, customer: Any) -> Panel | None:
    """問い合わせ on the customer's page."""
    return _panel(request, customer, queries.of_customer, order=20)


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """問い合わせ on the order's page."""
    return _panel(request, order, queries.of_order, order=80)


def _panel(
    request: HttpRequest, row: Any, ask: Callable[[int], Sequence[Ticket]], *, order: int
) -> Panel | None:
    found = ask(row.pk) if request.user.has_perm("support.view_ticket") else ()
    if not found:
        return None
    shown = {"tickets": found}
    return Panel("問い合わせ", "support/_tickets.html", shown, order=order, icon="chat", count=len(found))


def find(request: HttpRequest, text: str) -> list[search.Hit]:
    """Tickets by the beginning of their number."""
    key = text.strip().upper().replace("\0", "")
    rows = Ticket.objects.filter(number__startswith=key)[:3] if key.startswith("TK-") else []
    return [
        search.Hit(row.number, reverse("support:ticket", args=[row.number]), row.subject[:60]) for row in rows
    ]


def _ticket_url(key: str) -> str:
    return reverse("support:ticket", args=[key.split(":")[0]])


def late_calls(request: HttpRequest) -> int | None:
    """折り返しの約束 whose hour is over."""
    return CallBack.objects.filter(done_at=None, due_at__lt=clock.now()).count() or None


def register() -> None:
    navigation.register(
        "support", "問い合わせ", "support:tickets", permission="support.view_ticket", icon="chat", order=5, key="t",
        badge=lambda request: queries.waiting_count() or None, words="といあわせ ticket メール 電話 クレーム 返信 サポート",
    )  # fmt: skip
    navigation.register(
        "support", "電話メモ", "support:call", permission="support.add_ticket", icon="phone", order=6,
        words="でんわ 折り返し 着信", under="support:tickets",
    )  # fmt: skip
    navigation.register(
        "support", "届いたメール", "support:mails", permission="support.view_mailreceipt", icon="mail", order=12,
        words="じゅしん 受信 eml 不達 自動応答 メール", under="support:tickets",
    )  # fmt: skip
    navigation.register(
        "support", "受信箱", "support:mailboxes", permission="support.view_mailsource", icon="inbox", order=13,
        words="じゅしんばこ imap メール 設定 サーバー", under="support:tickets",
    )  # fmt: skip
    navigation.register(
        "support", "折り返し", "support:callbacks", permission="support.view_callback", icon="phone", order=7, badge=late_calls,
        words="おりかえし 電話 約束", under="support:tickets",
    )  # fmt: skip
    navigation.register(
        "support", "定型文", "support:templates", permission="support.view_replytemplate", icon="edit", order=8,
        words="ていけいぶん マクロ 署名 タグ テンプレート", under="support:tickets",
    )  # fmt: skip
    navigation.register(
        "support", "応対の設定", "support:hours", permission="support.change_supporthours", icon="settings", order=9,
        words="おうたい 営業時間 約束 SLA 担当 割り当て 取消秒数", under="support:tickets",
    )  # fmt: skip
    panels.register("party.customer", customer_panel)
    panels.register("orders.detail", order_panel)
    search.register("問い合わせ", find, permission="support.view_ticket", icon="chat", order=65)
    mail.register_sort("ticket", "問い合わせの返信", _ticket_url)
    mail.register_sort("mention", "社内の呼び出し", _ticket_url)
    tones.register(
        "support.ticket.state",
        {"new": "warn", "open": "info", "waiting": "mute", "snoozed": "mute", "solved": "good", "closed": "mute", "merged": "mute", "spam": "mute"},
    )  # fmt: skip
    tones.register(
        "support.mailreceipt.outcome",
        {"ticket": "good", "bounce": "bad", "auto": "mute", "ignored": "mute", "refused": "warn"},
    )
    tones.register("support.ticket.priority", {"1": "bad", "2": "warn", "3": "", "4": "mute"})
    words.register(
        "support",
        {
            "open": "受付", "begin": "対応を開始", "wait": "お客様待ち", "snooze": "保留", "wake": "対応に戻す", "solve": "解決",
            "reopen": "再開", "close": "完了", "merge": "統合", "take_in": "取り込み", "dismiss": "対象外", "reply": "返信",
            "take_back": "送信の取消", "assign": "担当", "set_priority": "優先度", "set_category": "種類", "set_tags": "タグ", "link_order": "受注を結び付け",
            "unlink_order": "受注を外す", "choose_customer": "お客様", "mention": "呼び出し", "promise_call": "折り返しの約束", "bounce": "不達",
            "use_macro": "マクロ", "split": "分けた", "give_coupon": "クーポン",
            "by_hand": "手で問い合わせに", "resume": "再開", "pause": "一時停止",
        },
    )  # fmt: skip
