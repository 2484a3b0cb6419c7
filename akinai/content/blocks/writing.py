"""文章と画像のブロック."""

from __future__ import annotations

from wagtail import blocks
from wagtail.images.blocks import ImageBlock

RICH = ["bold", "italic", "ol", "ul", "link", "document-link", "hr"]


class HeadingBlock(blocks.StructBlock):
    """見出し."""

    text = blocks.CharBlock(label="見出し", max_length=80)

    class Meta:
        label = "見出し"
        icon = "title"
        template = "content/blocks/heading.html"


class TextBlock(blocks.RichTextBlock):
    """文章."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(features=RICH, **kwargs)

    class Meta:
        label = "文章"
        icon = "pilcrow"
        template = "content/blocks/text.html"


class PictureBlock(blocks.StructBlock):
    """画像とその説明."""

    image = ImageBlock(label="画像")
    caption = blocks.CharBlock(label="説明", required=False, max_length=120)

    class Meta:
        label = "画像"
        icon = "image"
        template = "content/blocks/picture.html"
