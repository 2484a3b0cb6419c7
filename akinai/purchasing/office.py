"""What purchasing puts on the office's pages (管理画面への登録): menu, panels, colours of states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import clock, mail
from akinai.core.tax import deductible_percent
from akinai.purchasing import queries
from akinai.purchasing.queries import checks, leadtimes, orders, payables, terms
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel
from akinai.ui.search import Hit

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
        "lead": leadtimes.of_supplier(found, today=today),
        "item_count": len(terms.items_of(supplier.pk)),
    }  # fmt: skip
    return Panel("仕入条件", "purchasing/terms_panel.html", context, order=5, icon="scale")


def orders_to_act(request: HttpRequest) -> int:
    """Orders that wait for an approval or a reply."""
    return sum(orders.count_to_act())


def open_discrepancies(request: HttpRequest) -> int:
    """未解決の不一致."""
    return checks.open_count()


def due_payables(request: HttpRequest) -> int:
    """Bills to be paid within a week."""
    return payables.payable_now().filter(due_on__lte=clock.today() + timedelta(days=7)).count()


def waiting_corrections(request: HttpRequest) -> int:
    """Corrections that wait for a second person."""
    return payables.waiting_corrections()


def payable_panel(request: HttpRequest, supplier: Any) -> Panel | None:
    """買掛 on the supplier's page."""
    if not request.user.has_perm("purchasing.view_payableentry"):
        return None
    bills = payables.for_bill_list().filter(supplier_id=supplier.pk).order_by("-billed_on", "-pk")[:6]
    context = {"balance": payables.balance_of(supplier.pk), "bills": list(bills)}
    return Panel("買掛", "purchasing/payable_panel.html", context, order=20, icon="bank")


def find_orders(request: HttpRequest, text: str) -> Iterable[Hit]:
    """発注書 by its numbers or the supplier."""
    for row in orders.by_order_words(orders.for_order_list(), text).order_by("-pk")[:5]:
        yield Hit(
            row.number, reverse("purchasing:order", args=[row.number]), f"{row.supplier} ¥{row.net_yen:,}",
            row.get_state_display(),
        )  # fmt: skip


def order_url(rest: str) -> str:
    """The order that a mail carries: `PO-2026-000001:1`."""
    return reverse("purchasing:order", args=[rest.partition(":")[0]])


def register() -> None:
    navigation.register(
        "goods", "入荷", "purchasing:list", permission="purchasing.view_goodsreceipt", icon="receive",
        order=40, key="n", words="仕入伝票 にゅうか",
    )  # fmt: skip
    navigation.register(
        "goods", "補充の提案", "purchasing:proposals", permission="purchasing.view_proposal", icon="trend", order=33,
        words="適正在庫 発注点 ほじゅう replenish",
    )  # fmt: skip
    navigation.register(
        "goods", "適正在庫", "purchasing:outlooks", permission="purchasing.view_stockoutlook", icon="scale", order=35,
        words="死に筋 余剰 安全在庫 発注点 ABC 回転", under="purchasing:proposals",
    )  # fmt: skip
    navigation.register(
        "goods", "在庫の分析", "purchasing:analysis", permission="stock.view_valueentry", icon="chart", order=47,
        words="ぶんせき 在庫回転率 回転日数 ABC XYZ 在庫金額の推移", under="stock:list",
    )  # fmt: skip
    tones.register(
        "purchasing.stockoutlook.state",
        {"short": "bad", "right": "good", "over": "warn", "dead": "warn", "new": "mute"},
    )
    navigation.register(
        "goods", "発注", "purchasing:orders", permission="purchasing.view_purchaseorder", icon="cart", order=37, key="j",
        badge=orders_to_act, words="発注書 はっちゅう 発注残 purchase order",
    )  # fmt: skip
    navigation.register(
        "money", "仕入先請求書", "purchasing:bills", permission="purchasing.view_supplierbill", icon="invoice", order=120,
        words="買掛 かいかけ しいれさき せいきゅう",
    )  # fmt: skip
    navigation.register(
        "money", "支払待ち", "purchasing:payables", permission="purchasing.view_payableentry", icon="bank", order=130,
        badge=due_payables, words="買掛 総合振込 しはらい 支払", under="purchasing:bills",
    )  # fmt: skip
    navigation.register(
        "money", "買掛の訂正", "purchasing:corrections", permission="purchasing.view_payablecorrection", icon="edit", order=132,
        badge=waiting_corrections, words="ていせい 値引 請求もれ 買掛", under="purchasing:bills",
    )  # fmt: skip
    navigation.register(
        "money", "買掛年齢表", "purchasing:aging", permission="purchasing.view_payableentry", icon="clock", order=134,
        words="ねんれいひょう 期日 滞留 買掛", under="purchasing:bills",
    )  # fmt: skip
    navigation.register(
        "goods", "付帯費用", "purchasing:landed_list", permission="purchasing.view_landedcost", icon="truck", order=42,
        words="運賃 関税 保険 うんちん かんぜい ふたいひよう", under="purchasing:list",
    )  # fmt: skip
    navigation.register(
        "goods", "仕入返品", "purchasing:returns", permission="purchasing.view_supplierreturn", icon="return", order=44,
        words="へんぴん 返品 しいれ", under="purchasing:list",
    )  # fmt: skip
    navigation.register(
        "goods", "不一致", "purchasing:discrepancies", permission="purchasing.view_discrepancy", icon="alert", order=45,
        badge=open_discrepancies, words="検品 けんぴん 数量違い 単価違い 保留",
    )  # fmt: skip
    navigation.register(
        "goods", "仕入先商品", "purchasing:items", permission="purchasing.view_supplieritem", icon="tag",
        order=60, words="価格表 かかくひょう 仕入単価 しいれたんか", under="purchasing:orders",
    )  # fmt: skip
    panels.register("party.supplier", terms_panel)
    panels.register("party.supplier", supplier_panel)
    panels.register("party.supplier", payable_panel)
    search.register("発注", find_orders, permission="purchasing.view_purchaseorder", icon="cart", order=25)
    mail.register_sort("po", "発注書", order_url)
    mail.register_sort("po-chase", "発注の催促", order_url)
    words.register("purchasing", {
        "submit": "申請", "pass": "確定", "approve": "承認", "send_back": "差し戻し", "chase": "催促", "close": "完了",
        "cancel_rest": "残りの取消", "take_over": "引き継ぎ",
        "count": "検品", "settle": "解決", "void": "取消",
        "write": "振込ファイルの作成", "pay": "支払",
    })  # fmt: skip
    tones.register("purchasing.purchaseorder.state", {
        "draft": "mute", "waiting_approval": "warn", "approved": "info", "sent": "info", "confirmed": "accent",
        "closed": "good", "cancelled": "mute",
    })  # fmt: skip
    tones.register(
        "purchasing.supplierbill.state",
        {"draft": "warn", "posted": "good", "reversed": "mute", "discarded": "mute"},
    )
    tones.register(
        "purchasing.paymentrun.state",
        {"draft": "warn", "written": "info", "paid": "good", "cancelled": "mute"},
    )
    tones.register(
        "purchasing.payableentry.kind",
        {
            "bill": "info",
            "opening": "info",
            "payment": "good",
            "return": "accent",
            "correction": "warn",
            "reversal": "bad",
        },
    )
    tones.register(
        "purchasing.payablecorrection.state",
        {"waiting": "warn", "posted": "good", "refused": "mute", "reversed": "mute"},
    )
    tones.register("purchasing.landedcost.state", {"posted": "good", "reversed": "mute"})
    tones.register("purchasing.supplierreturn.state", {"posted": "good", "reversed": "mute"})
    tones.register("purchasing.discrepancy.state", {"open": "bad", "settled": "good", "void": "mute"})
    tones.register("purchasing.proposal.state", {"open": "info", "ordered": "good", "passed": "mute"})
    tones.register("purchasing.purchaseorder.progress", {"none": "mute", "partial": "warn", "done": "good"})
    tones.register(
        "purchasing.goodsreceipt.state",
        {"draft": "warn", "posted": "good", "reversed": "mute", "discarded": "mute"},
    )
