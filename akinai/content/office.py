"""What this room shows in the office (管理画面への登録)."""

from __future__ import annotations

from akinai.ui import navigation


def register() -> None:
    navigation.register(
        "info", "店舗の設定", "storefront:settings", permission="content.change_storefront", icon="store", order=42,
        words="みせ 色 ロゴ 特商法 特定商取引法 プライバシー storefront",
    )  # fmt: skip
    navigation.register(
        "info", "ページの編集", "wagtailadmin_home", permission="wagtailadmin.access_admin", icon="edit", order=40,
        words="コンテンツ 特集 ブログ ぺーじ cms wagtail",
    )  # fmt: skip
    navigation.register(
        "info", "コンテンツの効果", "effect:list", permission="content.view_seenpage", icon="chart", order=74,
        words="こうか アクセス解析 直帰率 閲覧 pv effect",
    )  # fmt: skip
