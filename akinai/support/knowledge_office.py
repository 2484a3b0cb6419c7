"""Where the answers for all appear: in the office, on the ticket's page and on the shop's FAQ."""

from __future__ import annotations

from akinai.content import public_parts
from akinai.support import grounds
from akinai.support.queries import knowledge as queries
from akinai.support.views import faq
from akinai.support.views.knowledge import ticket_panel
from akinai.ui import navigation, panels, tones, words


def register() -> None:
    navigation.register(
        "support", "よくある質問", "support:articles", permission="support.view_article", icon="book", order=20,
        badge=lambda request: queries.stale_count() or None, words="FAQ 記事 ナレッジ 答え よくあるしつもん",
    )  # fmt: skip
    navigation.register(
        "support", "答えの効き目", "support:article_report", permission="support.view_article", icon="chart", order=21,
        under="support:articles", words="こうか 自己解決 deflection 効果",
    )  # fmt: skip
    panels.register("support.ticket", ticket_panel)
    public_parts.register("faq_head", faq.faq_head)
    public_parts.register("faq_below", faq.faq_below)
    grounds.register()
    tones.register(
        "support.article.state", {"draft": "mute", "review": "info", "published": "good", "retired": "mute"}
    )
    words.register(
        "support",
        {
            "write": "作成", "change": "変更", "submit": "承認の依頼", "send_back": "差し戻し", "publish": "公開", "rewrite": "書き直し",
            "retire": "取り下げ", "tie": "根拠を追加", "untie": "根拠を外す", "still_right": "確認", "stale": "要見直し",
        },
    )  # fmt: skip
