"""Where members appear in the office (管理画面への登録): lists, and the panel on the customer's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.http import HttpRequest

from akinai.core.gathering import gather
from akinai.shop.models import Member
from akinai.shop.models.mypage import WAITING
from akinai.ui import navigation, panels, words
from akinai.ui.panels import Panel

if TYPE_CHECKING:
    from akinai.party.models import Customer
    from akinai.support.models import Ticket


def register() -> None:
    navigation.register(
        "info", "会員", "shop_office:members", permission="shop.view_member", icon="users", order=64,
        words="かいいん 登録 マイページ member",
    )  # fmt: skip
    navigation.register(
        "info", "再入荷の希望", "shop_office:wishes", permission="shop.view_restocknotice", icon="bell", order=65,
        words="さいにゅうか お知らせ 入荷待ち restock", under="shop_office:members",
    )  # fmt: skip
    panels.register("party.customer", member_panel)
    panels.register("support.ticket", consents_panel)
    words.register(
        "shop",
        {
            "register": "会員登録",
            "change_password": "パスワードを変更",
            "change_mail": "メールアドレスを変更",
            "send_reset": "再設定のリンクを送る",
            "withdraw": "退会",
            "same_person": "名寄せの候補",
            "export": "書き出し",
        },
    )


def member_panel(request: HttpRequest, customer: Customer) -> Panel | None:
    """会員 on the customer's page: since when, what was agreed to, what is wished for. Nothing for who has no account."""
    if not request.user.has_perm("shop.view_member"):
        return None
    rows = Member.objects.filter(customer_id=customer.pk).select_related("joined")
    members = list(rows.annotate(wished=Count("favourites")).order_by("pk"))
    if not members:
        return None
    live = [one for one in members if one.withdrawn_at is None]
    main = next((one for one in live if one.joined_id is None), None)
    consents, wishes = (
        gather(
            main.consents.order_by("-pk")[:6],
            main.restock_notices.filter(WAITING).select_related("sku")[:10],
        )
        if main
        else ([], [])
    )
    context = {
        "members": members,
        "member": main,
        "consents": consents,
        "favourites": main.wished if main else 0,
        "wishes": wishes,
        "may_send": request.user.has_perm("shop.send_reset_member"),
    }
    return Panel("会員", "shop/office/member_panel.html", context, order=20, icon="user")


def consents_panel(request: HttpRequest, ticket: Ticket) -> Panel | None:
    """同意 beside a ticket: may the customer be written to with news, and which rules were agreed to. Nothing for who has no account."""
    if ticket.customer_id is None or not request.user.has_perm("shop.view_member"):
        return None
    live = Member.objects.filter(customer_id=ticket.customer_id, withdrawn_at=None, joined=None)
    member = live.order_by("pk").first()
    if member is None:
        return None
    context = {"member": member, "consents": list(member.consents.order_by("-pk")[:4])}
    return Panel("同意", "shop/office/consents_panel.html", context, order=30, icon="shield", side=True)
