"""Where stock appears in the office (管理画面への登録)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail
from akinai.stock import inventory_job, queries
from akinai.stock.models import InventoryPaper
from akinai.ui import navigation, panels, tones, words
from akinai.ui.panels import Panel


def cost_panel(request: HttpRequest, shipment: Any) -> Panel | None:
    """売上原価 on the page of a shipment that has left."""
    if not request.user.has_perm("stock.view_valueentry"):
        return None
    cost = queries.cost_of_sales([shipment.number]).get(shipment.number)
    context = {"cost": cost}
    return (
        Panel("売上原価", "stock/cost_panel.html", context, order=60, icon="yen", side=True) if cost else None
    )


def inventory_panel(request: HttpRequest, job: Any) -> Panel | None:
    """The volumes of a long 在庫表, on the page of its job."""
    if job.kind != inventory_job.KIND or not request.user.has_perm(inventory_job.PERMISSION):
        return None
    paper = InventoryPaper.objects.defer("lines").filter(job=job.pk).first()
    return Panel("在庫表", "stock/inventory_panel.html", {"paper": paper}, icon="file") if paper else None


def register() -> None:
    inventory_job.register()
    words.register(
        "stock",
        {
            "keep_aside": "取置",
            "extend": "期限の変更",
            "use": "取置の使用",
            "expire": "取置の期限切れ",
            "dispatch": "出庫",
            "arrive": "受領",
            "take_back": "受領の取消",
            "close_counts": "締め",
            "open_again": "数え直しへ",
        },
    )
    navigation.register(
        "goods", "在庫", "stock:list", permission="stock.view_stocklevel", icon="boxes", order=20, key="z"
    )
    navigation.register(
        "goods",
        "入出庫台帳",
        "stock:ledger",
        permission="stock.view_stocklevel",
        icon="book",
        order=30,
        under="stock:list",
    )
    navigation.register(
        "goods", "在庫移動", "stock:transfers", permission="stock.view_stocktransfer", icon="swap", order=32,
        words="いどう 場所 倉庫 店頭", under="stock:list",
    )  # fmt: skip
    navigation.register(
        "goods", "棚卸", "stock:stocktakes", permission="stock.view_stocktake", icon="scale", order=34,
        words="たなおろし 実地棚卸 循環棚卸", under="stock:list",
    )  # fmt: skip
    navigation.register(
        "goods", "在庫表", "stock:valuation", permission="stock.view_valueentry", icon="yen", order=36,
        words="ざいこひょう 在庫金額 評価 期末 決算 棚卸資産", under="stock:list",
    )  # fmt: skip
    navigation.register(
        "goods", "取置", "stock:keeps", permission="stock.view_keepaside", icon="bookmark", order=48,
        words="とりおき 取り置き 確保 予約", under="stock:list",
    )  # fmt: skip
    navigation.register(
        "goods", "ロット・期限", "stock:lots", permission="stock.view_lot", icon="calendar", order=39,
        words="ろっと 賞味期限 消費期限 期限切れ", under="stock:list",
    )  # fmt: skip
    navigation.register(
        "goods", "評価損", "stock:write_downs", permission="stock.view_writedown", icon="scale", order=46,
        words="ひょうかそん 低価法 陳腐化 切り下げ", under="stock:list",
    )  # fmt: skip
    mail.register_sort("expiry", "期限のお知らせ", lambda _day: reverse("stock:lots"))
    panels.register("shipping.detail", cost_panel)
    panels.register("jobs.detail", inventory_panel)
    tones.register(
        "stock.stocktake.state",
        {"open": "warn", "counted": "info", "posted": "good", "reversed": "mute", "cancelled": "mute"},
    )
    tones.register("stock.writedown.state", {"posted": "good", "reversed": "mute"})
    tones.register(
        "stock.keepaside.state",
        {"kept": "info", "used": "good", "expired": "warn", "released": "mute"},
    )
    tones.register(
        "stock.stocktransfer.state",
        {"draft": "mute", "sent": "warn", "received": "good", "cancelled": "mute"},
    )
    tones.register(
        "stock.stockentry.kind",
        {
            "opening": "mute", "receipt": "good", "shipment": "info", "return": "accent", "return_out": "accent", "adjustment": "warn",
            "count": "warn", "transfer": "accent", "reversal": "bad",
        },
    )  # fmt: skip
