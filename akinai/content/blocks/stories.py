"""読みもののブロック: the newest pages of one kind, so that the home page always shows what was written last."""

from __future__ import annotations

from typing import Any

from wagtail import blocks

KINDS = [("BlogPage", "ブログの記事"), ("FeaturePage", "特集")]


class StoriesBlock(blocks.StructBlock):
    """新しい読みもの. It leaves by itself while nothing is written."""

    title = blocks.CharBlock(label="見出し", required=False, max_length=80)
    kind = blocks.ChoiceBlock(label="種類", choices=KINDS, default="BlogPage")
    count = blocks.IntegerBlock(label="並べる数", default=3, min_value=1, max_value=9)

    class Meta:
        label = "新しい読みもの"
        icon = "doc-full"
        template = "content/blocks/stories.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from akinai.content import listing  # blocks are made while the tables are

        context = super().get_context(value, parent_context=parent_context)
        here = getattr((parent_context or {}).get("page"), "pk", None)
        return context | listing.newest(value["kind"], value["count"], without=here)
