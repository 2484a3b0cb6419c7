"""What shipping puts on the office's pages (管理画面への登録): menu, search, panels, tones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail
from akinai.orders import queries as orders
from akinai.orders import recipients
from akinai.shipping import parting, queries, return_queries, telling_lists
from akinai.ui import navigation, panels, search, tones, words
from akinai.ui.panels import Panel
from akinai.ui.search import Hit

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.shipping.models import Shipment


def register() -> None:
    navigation.register(
        "money", "出荷指示待ち", "shipping:ready", permission="shipping.add_shippingbatch", icon="clock", order=30,
        badge=ready_count, words="しゅっか ready instruct",
    )  # fmt: skip
    navigation.register(
        "money", "出荷", "shipping:list", permission="shipping.view_shipment", icon="truck", order=50, key="s",
        words="しゅっか shipment",
    )  # fmt: skip
    navigation.register(
        "money", "出荷指示", "shipping:batches", permission="shipping.view_shippingbatch", icon="layers", order=40,
        words="ピッキング batch", under="shipping:list",
    )  # fmt: skip
    navigation.register(
        "money", "検品", "shipping:check", permission="shipping.change_shipment", icon="scan", order=60,
        words="けんぴん 梱包 scan pack", under="shipping:list",
    )  # fmt: skip
    navigation.register(
        "money", "モール出荷報告", "shipping:telling", permission="shipping.view_trackingexport", icon="upload", order=55,
        words="もーる 出荷通知 tracking upload 未通知", under="shipping:list", badge=untold_by_mall,
    )  # fmt: skip
    navigation.register(
        "money", "同梱", "shipping:merging", permission="shipping.add_ordermerge", icon="merge", order=35,
        words="どうこん merge まとめ", under="shipping:list",
    )  # fmt: skip
    navigation.register(
        "money", "返品・交換", "shipping:returns", permission="shipping.view_returncase", icon="return", order=65,
        words="へんぴん こうかん return RT", under="shipping:list", badge=open_returns,
    )  # fmt: skip
    navigation.register(
        "system", "運送会社", "shipping:carriers", permission="shipping.change_carrieraccount", icon="truck",
        order=60, words="carrier うんそう",
    )  # fmt: skip
    navigation.register(
        "system", "お届け日数", "shipping:days", permission="shipping.change_carrierdays", icon="calendar", order=62,
        words="おとどけ にっすう 出荷の暦 定休日 締め時刻 delivery days calendar", under="shipping:carriers",
    )  # fmt: skip
    navigation.register(
        "system", "送料表", "shipping:fees", permission="shipping.view_feetable", icon="yen", order=63,
        words="そうりょう 送料無料 代引手数料 離島 加算 shipping fee", under="shipping:carriers",
    )  # fmt: skip
    navigation.register(
        "system", "ウェーブ", "shipping:waves", permission="shipping.change_waverule", icon="clock", order=61,
        words="うぇーぶ 締め切り 便 出荷指示 wave cutoff", under="shipping:carriers",
    )  # fmt: skip
    mail.register_sort("shipped", "出荷のお知らせ", lambda number: reverse("shipping:detail", args=[number]))
    search.register("出荷", find, permission="shipping.view_shipment", icon="truck", order=20)
    panels.register("orders.detail", order_panel)
    panels.register("orders.detail", returns_panel)
    panels.register("shipping.detail", returns_panel)
    tones.register("shipping.ordermerge.state", {"live": "good", "undone": "mute"})
    words.register(
        "shipping",
        {
            "add_tracking": "送り状番号", "remove_tracking": "送り状番号の削除", "export_labels": "送り状データ",
            "change_carrier": "運送会社の変更", "notify_by_hand": "連絡", "unship": "出荷取消", "print": "印刷", "save": "保存",
            "tell_mall": "出荷報告", "mall_refused": "モールが受け付けず", "mall_taken": "モールが受付済", "told_by_hand": "出荷報告（画面）",
            "request_return": "返品の受付", "arrive": "到着", "unarrive": "到着の取消", "waive": "返送不要", "inspect": "検品",
            "reinspect": "検品のやり直し", "settle": "精算", "unsettle": "精算の取消", "refuse": "お断り", "reopen": "受付に戻す",
            "split_line": "明細を分ける", "merge": "同梱", "unmerge": "同梱の取消", "instruct_part": "一部の出荷指示",
            "ship_part": "一部の出荷", "drop_rest": "残りの取消", "set_quantity": "数量の訂正",
            "publish": "公開", "take_back": "取り下げ", "retire": "使うのをやめる", "resume": "また使う",
        }
    )  # fmt: skip
    words.register("orders", {"merge": "同梱", "unmerge": "同梱の取消"})  # what shipping does to orders
    tones.register(
        "shipping.shipment.mall_notice",
        {"waiting": "warn", "told": "good", "refused": "bad", "by_hand": "good", "none": "mute"},
    )
    tones.register(
        "shipping.returncase.state",
        {"requested": "info", "arrived": "warn", "inspected": "warn", "settled": "good", "refused": "mute", "cancelled": "mute"},
    )  # fmt: skip
    tones.register(
        "shipping.shipment.notice",
        {
            "none": "warn",
            "queued": "info",
            "sent": "good",
            "not_needed": "mute",
            "no_address": "bad",
            "failed": "bad",
            "by_hand": "good",
        },
    )


def untold_by_mall(request: HttpRequest) -> int:
    return telling_lists.waiting_count()


def open_returns(request: HttpRequest) -> int:
    return return_queries.open_count()


def ready_count(request: HttpRequest) -> int:
    return orders.ready_to_ship().count()


def find(request: HttpRequest, text: str) -> Iterable[Hit]:
    """By shipment number, tracking number or the order's numbers."""
    for shipment in queries.find(queries.for_list(request.user), text).order_by("-pk")[:5]:
        label, tone = tones.state_of(shipment)
        yield Hit(
            shipment.number, reverse("shipping:detail", args=[shipment.number]),
            f"{shipment.order.number} {shipment.to.name}", label, tone,
        )  # fmt: skip


def order_panel(request: HttpRequest, order: Order) -> Panel | None:
    """出荷 on the order's page."""
    if not request.user.has_perm("shipping.view_shipment"):
        return None
    shipments = queries.shipments_of(order.pk)
    lines = parting.leaving(order) if parting.may_part(order) or parting.rest_waits(order) else []
    free, ordered = sum(one.free for one in lines), sum(one.line.quantity for one in lines)
    several = bool(recipients.with_addresses([order.pk]))
    may_part = parting.may_part(order) and free > 0 and (ordered > 1 or order.in_parts) and not several
    if not shipments and not may_part:
        return None
    context = {
        "shipments": shipments, "in_parts": order.in_parts, "rest_waits": parting.rest_waits(order), "may_part": may_part,
        "several": several,
        "rest": sum(one.waiting for one in lines), "free": free, "ordered": ordered,
    }  # fmt: skip
    actions = "shipping/order_panel_actions.html" if may_part else ""
    return Panel(
        "出荷", "shipping/order_panel.html", context, order=20, icon="truck", count=len(shipments), actions_template=actions,
    )  # fmt: skip


def returns_panel(request: HttpRequest, found: Order | Shipment) -> Panel | None:
    """返品・交換 on the page of the order and of the shipment."""
    if not request.user.has_perm("shipping.view_returncase"):
        return None
    order_id = getattr(found, "order_id", found.pk)
    cases = return_queries.cases_of(order_id)
    gone = [one for one in queries.shipments_of(order_id) if one.state in queries.GONE]
    may_ask = bool(gone) and request.user.has_perm("shipping.change_returncase")
    if not cases and not may_ask:
        return None
    return Panel(
        "返品・交換", "shipping/returns_panel.html", {"cases": cases, "gone": gone if may_ask else ()}, order=25, icon="return",
        count=len(cases) or None,
    )  # fmt: skip
