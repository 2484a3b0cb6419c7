"""What billing puts on the office's pages (管理画面への登録): menu, search, panels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from akinai.billing import links, queries
from akinai.core import mail
from akinai.orders import queries as orders
from akinai.ui import navigation, panels, search, words
from akinai.ui.panels import Panel
from akinai.ui.search import Hit

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.party.models import Customer


PAGES = {"CN": "billing:credit_note", "BL": "billing:statement"}


def register() -> None:
    navigation.register(
        "money", "請求待ち", "billing:to_invoice", permission="billing.add_invoice", icon="invoice", order=70,
        badge=to_invoice_count, words="せいきゅう はっこう issue",
    )  # fmt: skip
    navigation.register(
        "money", "請求書", "billing:list", permission="billing.view_invoice", icon="invoice", order=80, key="i",
        words="せいきゅうしょ invoice",
    )  # fmt: skip
    navigation.register(
        "money", "返還請求書", "billing:credit_notes", permission="billing.view_invoice", icon="return", order=90,
        words="へんかん credit note", under="billing:list",
    )  # fmt: skip
    navigation.register(
        "money", "領収書", "billing:receipts", permission="billing.view_receiptpaper", icon="invoice", order=95,
        words="りょうしゅうしょ receipt", under="billing:list",
    )  # fmt: skip
    navigation.register(
        "money", "合計請求書", "billing:statements", permission="billing.view_statement", icon="invoice", order=85,
        words="ごうけい しめ 締め statement", under="billing:list",
    )  # fmt: skip
    navigation.register(
        "money", "締め処理", "billing:closing", permission="billing.add_statement", icon="calendar", order=86,
        words="しめ つきじめ closing", under="billing:list",
    )  # fmt: skip
    navigation.register(
        "money", "請求条件", "billing:terms", permission="billing.view_billingterms", icon="settings", order=87,
        words="かけ よしん 与信 掛け terms", under="billing:list",
    )  # fmt: skip
    navigation.register(
        "money", "書類の検索", "billing:documents", permission="billing.view_documententry", icon="search", order=98,
        words="しょるい でんちょうほう 電子帳簿保存法 電帳法 受領 document", under="billing:list",
    )  # fmt: skip
    mail.register_sort("paper", "請求書・返還請求書・合計請求書", paper_url)
    search.register("請求書", find, permission="billing.view_invoice", icon="invoice", order=30)
    panels.register("orders.detail", order_panel)
    panels.register("orders.detail", receipts_panel)
    panels.register("party.customer", terms_panel)
    words.register(
        "billing",
        {
            "keep": "保存",
            "sent": "送付済",
            "correct": "訂正",
            "billing_terms": "請求条件",
            "receipt": "領収書",
            "statement": "締め",
            "void": "取消",
            "credit": "返還",
            "replace": "訂正",
            "queue_mail": "送信待ち",
        },
    )


def paper_url(rest: str) -> str:
    """The paper that a mail carries: `INV-2026-000001:1`."""
    number = rest.partition(":")[0]
    return reverse(PAGES.get(number.partition("-")[0], "billing:detail"), args=[number])


def to_invoice_count(request: HttpRequest) -> int:
    return queries.to_invoice().count()


def find(request: HttpRequest, text: str) -> Iterable[Hit]:
    """By number of the paper or of the order, or by the recipient's name."""
    for invoice in queries.find(queries.invoices_seen_by(request.user), text).order_by("-pk")[:5]:
        yield Hit(
            invoice.number, reverse("billing:detail", args=[invoice.number]),
            f"{invoice.recipient_name} ¥{invoice.total_yen:,}", "請求書",
        )  # fmt: skip


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """請求書 on the order's page."""
    if not request.user.has_perm("billing.view_invoice"):
        return None
    invoices = queries.invoices_of(order.pk)
    can_issue = (
        not invoices and order.state in {"shipped", "completed"} and order.invoice_progress != "not_needed"
    )
    if not invoices and not can_issue:
        return None
    context = {"invoices": invoices, "can_issue": can_issue and request.user.has_perm("billing.add_invoice")}
    return Panel(
        "請求書", "billing/order_panel.html", context, order=30, icon="invoice", count=len(invoices) or None
    )


def terms_panel(request: HttpRequest, customer: Customer) -> Panel | None:
    """請求条件 and what stands open on the customer's page."""
    if not request.user.has_perm("billing.view_billingterms"):
        return None
    terms = queries.terms_of([customer.pk]).get(customer.pk)
    if terms is None and not request.user.has_perm("billing.change_billingterms"):
        return None
    context = {
        "terms": terms,
        "statements": queries.statements_seen_by(request.user).filter(customer=customer).order_by("-pk")[:5],
        "open_yen": orders.credit_used([customer.pk]).get(customer.pk, 0) if terms else 0,
    }
    return Panel("請求条件（掛け）", "billing/customer_panel.html", context, order=25, icon="invoice")


def receipts_panel(request: HttpRequest, order: Order) -> Panel | None:
    """領収書 on the order's page: once there is money, or a receipt."""
    if not request.user.has_perm("billing.view_receiptpaper"):
        return None
    receipts = queries.receipts_of(order.pk)
    left = queries.receivable(order.pk)
    if not receipts and not left.left_yen:
        return None
    context = {
        "receipts": receipts, "left": left, "link": links.path_of(order.number),
        "is_mailed": bool(links.url_of(order.number)),
    }  # fmt: skip
    return Panel(
        "領収書",
        "billing/receipts_panel.html",
        context,
        order=35,
        icon="invoice",
        count=len(receipts) or None,
    )
