"""What this room shows in the office (管理画面への登録)."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from akinai.ui import navigation, tones, words


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
    navigation.register(
        "info", "ページ", "content:pages", permission="wagtailadmin.access_admin", icon="file", order=46,
        under="wagtailadmin_home", badge=_asked, words="特集 ブログ お知らせ 承認 公開予約",
    )  # fmt: skip
    navigation.register(
        "info", "公開の束", "content:releases", permission="content.view_release", icon="layers", order=47,
        under="wagtailadmin_home", words="リリース 同時公開 価格 バナー 予約",
    )  # fmt: skip
    navigation.register(
        "info", "注意することば", "content:words", permission="content.view_legalword", icon="shield", order=48,
        under="wagtailadmin_home", words="景品表示法 薬機法 健康増進法 表現 NGワード",
    )  # fmt: skip
    navigation.register(
        "info", "転送", "content:forwards", permission="content.view_forward", icon="external", order=49,
        under="wagtailadmin_home", words="リダイレクト 301 302 昔のアドレス URL 引っ越し redirect",
    )  # fmt: skip
    tones.register(
        "content.release.state",
        {
            "draft": "mute",
            "waiting": "info",
            "applied": "good",
            "rolled_back": "warn",
            "failed": "bad",
            "cancelled": "mute",
        },
    )
    tones.register("content.legalword.level", {"stop": "bad", "warn": "warn"})
    words.register(
        "content",
        {
            "schedule": "公開の予約", "withdraw": "準備中に戻す", "apply": "公開", "fail": "公開できず", "reopen": "準備中に戻す",
            "roll_back": "公開前に戻す", "add_item": "束に追加", "remove_item": "束から外す",
            "switch_on": "使う", "switch_off": "使わない",
        },
    )  # fmt: skip


def _asked(_request: HttpRequest) -> int:
    """Pages that wait for the 店長."""
    from akinai.content import page_queries as queries

    return queries.pages().filter(queries.IS_ASKED).count()


def staff_addresses() -> dict[str, str]:
    """Whom a release tells inside the house; nothing stands below."""
    people = get_user_model().objects.filter(is_active=True).exclude(email="")
    return dict.fromkeys(people.order_by("email").values_list("email", flat=True), "")
