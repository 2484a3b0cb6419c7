"""お問い合わせ・購入手続き in the office (管理画面への登録)."""

from __future__ import annotations

from django.urls import reverse

from akinai.core import mail
from akinai.ui import navigation, tones, words


def _order(key: str) -> str:
    return reverse("orders:detail", args=[key])


def register() -> None:
    navigation.register(
        "info", "支払方法・購入手続き", "shop_office:checkout", permission="shop.change_payingway", icon="wallet", order=61,
        words="しはらい 代引 振込 上限 手数料 返品 キャンセル 特商法 checkout",
    )  # fmt: skip
    navigation.register(
        "info", "定期便", "shop_office:plans", permission="shop.view_planoffer", icon="refresh", order=62,
        words="ていきびん 定期購入 サブスク 間隔 割引 subscription",
    )  # fmt: skip
    tones.register("shop.inquiry.state", {"open": "warn", "done": "good"})
    words.register("shop", {"finish": "対応済み", "open_again": "未対応に戻す", "save": "変更"})
    mail.register_sort("shop_order", "ご注文のお礼", _order)
    mail.register_sort("shop_cancel", "ご注文のキャンセル", _order)
    mail.register_sort(
        "inquiry", "お問い合わせの受付", lambda key: reverse("shop_office:inquiry", args=[key])
    )
