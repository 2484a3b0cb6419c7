"""商品のブロック: live products inside a page. What they show is read once per page for all of them (`content.goods`)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from akinai.content.blocks.product_chooser import ProductChooserBlock


def _goods(value: Any, parent_context: Any) -> Any:
    """The goods of the page around; of the block alone where there is no page."""
    from akinai.content import goods  # blocks are made while the tables are; the catalogue is read later

    found = (parent_context or {}).get("goods")
    return found if found is not None and found.knows(value) else goods.of([value])


class ProductBlock(blocks.StructBlock):
    """商品をひとつ, large, with what the shop says about it."""

    product = ProductChooserBlock(label="商品")
    instead = ProductChooserBlock(label="売り切れのときの代わり", required=False)
    comment = blocks.CharBlock(label="おすすめのことば", required=False, max_length=160)

    class Meta:
        label = "商品をひとつ"
        icon = "tag"
        template = "content/blocks/product.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        return context | {
            "card": _goods(value, parent_context).picked([(value["product"], value["instead"])])[:1]
        }

    def wanted_ids(self, value: Any) -> list[int]:
        return [pk for pk in (value["product"], value["instead"]) if pk]


class PickedBlock(blocks.StructBlock):
    """One of the goods picked by hand, and what takes its place."""

    product = ProductChooserBlock(label="商品")
    instead = ProductChooserBlock(label="売り切れのときの代わり", required=False)

    class Meta:
        label = "商品"
        icon = "tag"
        form_classname = "struct-block"


class PickedGoodsBlock(blocks.StructBlock):
    """商品を選んで並べる. What is sold out gives its place to its substitute, what is no longer sold leaves by itself."""

    title = blocks.CharBlock(label="見出し", required=False, max_length=80)
    items = blocks.ListBlock(PickedBlock(), label="商品", min_num=1, max_num=24)

    class Meta:
        label = "商品を選んで並べる"
        icon = "list-ul"
        template = "content/blocks/products.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        pairs = [(one["product"], one["instead"]) for one in value["items"]]
        return context | {"cards": _goods(value, parent_context).picked(pairs)}

    def wanted_ids(self, value: Any) -> list[int]:
        return [pk for one in value["items"] for pk in (one["product"], one["instead"]) if pk]


def category_choices() -> list[tuple[str, str]]:
    from akinai.catalog import public

    return [(str(one.pk), one.name) for one in public.categories()]


class CategoryBlock(blocks.ChoiceBlock):
    """カテゴリ. Its value is taken as it is kept: Wagtail would ask for all categories to read each shelf."""

    def normalize_choice(self, value: Any) -> str:
        return str(value or "")


class QueriedGoodsBlock(blocks.StructBlock):
    """商品の棚: goods by what they are, always those of today."""

    title = blocks.CharBlock(label="見出し", required=False, max_length=80)
    category = CategoryBlock(label="カテゴリ", choices=category_choices, required=False)
    order = blocks.ChoiceBlock(
        label="並び", choices=[("newest", "新しい順"), ("best", "売れている順（28 日）"), ("cheap", "価格の安い順")],
        default="newest",
    )  # fmt: skip
    price_from = blocks.IntegerBlock(label="価格（円）から", required=False, min_value=0)
    price_to = blocks.IntegerBlock(label="価格（円）まで", required=False, min_value=1)
    in_stock_only = blocks.BooleanBlock(label="在庫のあるものだけ", required=False, default=True)
    count = blocks.IntegerBlock(label="並べる数", default=8, min_value=1, max_value=24)

    class Meta:
        label = "商品の棚（条件で選ぶ）"
        icon = "grip"
        template = "content/blocks/products.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        low, high = cleaned["price_from"], cleaned["price_to"]
        if low is not None and high is not None and low > high:
            said = ValidationError("「から」より高い価格にしてください。")
            raise blocks.StructBlockValidationError({"price_to": said})
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        return context | {"cards": _goods(value, parent_context).shelf(value)}
