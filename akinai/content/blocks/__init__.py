"""本文のブロック: what a page is built of. Blocks with goods read price and stock at each request."""

from __future__ import annotations

from akinai.content.blocks.goods import ProductsBlock
from akinai.content.blocks.voices import SurveyBlock, VideoBlock
from akinai.content.blocks.writing import HeadingBlock, PictureBlock, TextBlock

BODY = [
    ("heading", HeadingBlock()),
    ("text", TextBlock()),
    ("picture", PictureBlock()),
    ("products", ProductsBlock()),
    ("survey", SurveyBlock()),
    ("video", VideoBlock()),
]
