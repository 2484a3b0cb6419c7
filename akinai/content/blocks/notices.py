"""案内のブロック: ボタン, 期間のあるバナー, クーポン."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from akinai.content.blocks.limited import LimitedBlock


def one_way(cleaned: Any) -> None:
    """A page of ours or an address, one of the two. Raises the error beside the field."""
    if bool(cleaned["page"]) == bool(cleaned["address"]):
        said = "ページかアドレスの、どちらか一方を入れてください。"
        raise blocks.StructBlockValidationError({"page": ValidationError(said)})


class AddressBlock(blocks.CharBlock):
    """An address in the shop (/categories/tea/) or elsewhere (https://…); nothing that runs as a script."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned and not (cleaned.startswith(("https://", "/")) and not cleaned.startswith("//")):
            raise ValidationError("/ か https:// で始まるアドレスにしてください。")
        return cleaned


class LinkedBlock(blocks.StructBlock):
    """Something that leads on."""

    page = blocks.PageChooserBlock(label="行き先のページ", required=False)
    address = AddressBlock(
        label="行き先のアドレス",
        required=False,
        max_length=300,
        help_text="商品やカテゴリは /products/… のように",
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        one_way(cleaned)
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        page = value["page"]
        return context | {"href": (page.url if page and page.live else "") if page else value["address"]}


class ButtonBlock(LinkedBlock):
    """ボタン."""

    text = blocks.CharBlock(label="ことば", max_length=40)

    class Meta:
        label = "ボタン"
        icon = "link"
        template = "content/blocks/button.html"


class BannerBlock(LimitedBlock, LinkedBlock):
    """バナー: seen from one moment to another, by everybody or by some."""

    title = blocks.CharBlock(label="見出し", max_length=60)
    text = blocks.CharBlock(label="文", required=False, max_length=140)
    image = ImageBlock(label="画像", required=False)

    class Meta:
        label = "バナー（期間つき）"
        icon = "view"
        template = "content/blocks/banner.html"


class CouponBlock(blocks.StructBlock):
    """クーポン: its code to copy. Whether it may be used, the cart decides."""

    code = blocks.RegexBlock(
        label="クーポンコード", regex=r"^[0-9A-Za-z\-]{3,32}$",
        error_messages={"invalid": "英数字とハイフンで 3〜32 文字にしてください。"},
    )  # fmt: skip
    title = blocks.CharBlock(label="見出し", max_length=60)
    terms = blocks.CharBlock(label="使える条件", required=False, max_length=160)
    ends_at = blocks.DateTimeBlock(label="いつまで", required=False)

    class Meta:
        label = "クーポン"
        icon = "tag"
        template = "content/blocks/coupon.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from akinai.core import clock

        over = value["ends_at"] and value["ends_at"] <= clock.now()
        return super().get_context(value, parent_context=parent_context) | {"is_over": over}
