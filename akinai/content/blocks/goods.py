"""商品のブロック: live products inside a page."""

from __future__ import annotations

from typing import Any

from wagtail import blocks


class ProductsBlock(blocks.StructBlock):
    """商品を並べる, by their codes in the order given. What is no longer sold leaves by itself."""

    title = blocks.CharBlock(label="見出し", required=False, max_length=80)
    codes = blocks.ListBlock(blocks.CharBlock(label="商品コード", max_length=64), label="商品", min_num=1)

    class Meta:
        label = "商品を並べる"
        icon = "list-ul"
        template = "content/blocks/products.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from akinai.content import cards  # blocks are made while the tables are; the catalogue is read later

        context = super().get_context(value, parent_context=parent_context)
        return context | {"cards": cards.by_codes(list(value["codes"]))}
