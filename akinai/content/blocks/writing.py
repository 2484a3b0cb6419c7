"""文章と画像のブロック."""

from __future__ import annotations

from typing import Any

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

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": RICH, **kwargs})

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


def _half() -> blocks.StreamBlock:
    pieces = [("heading", HeadingBlock()), ("text", TextBlock()), ("picture", PictureBlock())]
    return blocks.StreamBlock(pieces, min_num=1, max_num=4)


class ColumnsBlock(blocks.StructBlock):
    """左右に並べる; below each other on a phone."""

    left = _half()
    right = _half()

    class Meta:
        label = "左右に並べる"
        icon = "order"
        template = "content/blocks/columns.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child_blocks["left"].label, self.child_blocks["right"].label = "左", "右"


class QuoteBlock(blocks.StructBlock):
    """引用・声."""

    text = blocks.TextBlock(label="ことば", max_length=400, rows=3)
    source = blocks.CharBlock(label="だれの・どこから", required=False, max_length=80)

    class Meta:
        label = "引用・声"
        icon = "openquote"
        template = "content/blocks/quote.html"


class TableBlock(blocks.StructBlock):
    """表, as it is pasted from a spreadsheet."""

    caption = blocks.CharBlock(label="表の題", required=False, max_length=80)
    rows = blocks.TextBlock(
        label="中身", rows=6, max_length=6000,
        help_text="1 行が表の 1 行。列は | かタブで区切ります（Excel からそのまま貼れます）。最初の行は見出しになります。",
    )  # fmt: skip

    class Meta:
        label = "表"
        icon = "table"
        template = "content/blocks/table.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        rows = [cells(line) for line in value["rows"].splitlines() if line.strip()]
        widest = max((len(row) for row in rows), default=0)
        rows = [row + [""] * (widest - len(row)) for row in rows]
        return context | {"head": rows[0] if rows else [], "rows": rows[1:]}


def cells(line: str) -> list[str]:
    """One line of a table, by tabs or bars."""
    return [
        cell.strip() for cell in (line.split("\t") if "\t" in line else line.strip().strip("|").split("|"))
    ]


class DividerBlock(blocks.StaticBlock):
    """区切り."""

    class Meta:
        label = "区切り"
        icon = "minus"
        template = "content/blocks/divider.html"
        admin_text = "細い線で話を区切ります。"
