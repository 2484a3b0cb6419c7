"""本文のブロック: what a page is built of. Blocks with goods read price and stock at each request."""

from __future__ import annotations

from wagtail.blocks import Block

from akinai.content.blocks.goods import PickedGoodsBlock, ProductBlock, QueriedGoodsBlock
from akinai.content.blocks.limited import ForSomeBlock
from akinai.content.blocks.notices import BannerBlock, ButtonBlock, CouponBlock
from akinai.content.blocks.questions import QuestionGroupBlock, QuestionsBlock
from akinai.content.blocks.registry import Blocks
from akinai.content.blocks.registry import add as register
from akinai.content.blocks.stories import StoriesBlock
from akinai.content.blocks.voices import SurveyBlock, VideoBlock
from akinai.content.blocks.writing import (
    ColumnsBlock,
    DividerBlock,
    HeadingBlock,
    PictureBlock,
    QuoteBlock,
    TableBlock,
    TextBlock,
)

__all__ = ["BODY", "QUESTIONS", "register"]

WRITING, GOODS, NOTICES = "文章", "商品", "案内"


def _pieces() -> list[tuple[str, Block]]:
    """What a text is made of; made anew for each place where it may stand."""
    return [
        ("heading", HeadingBlock(group=WRITING)),
        ("text", TextBlock(group=WRITING)),
        ("picture", PictureBlock(group=WRITING)),
        ("columns", ColumnsBlock(group=WRITING)),
        ("quote", QuoteBlock(group=WRITING)),
        ("table", TableBlock(group=WRITING)),
        ("divider", DividerBlock(group=WRITING)),
        ("product", ProductBlock(group=GOODS)),
        ("products", PickedGoodsBlock(group=GOODS)),
        ("shelf", QueriedGoodsBlock(group=GOODS)),
        ("button", ButtonBlock(group=NOTICES)),
        ("banner", BannerBlock(group=NOTICES)),
        ("coupon", CouponBlock(group=NOTICES)),
        ("questions", QuestionsBlock(group=NOTICES)),
        ("stories", StoriesBlock(group=NOTICES)),
        ("survey", SurveyBlock(group=NOTICES)),
        ("video", VideoBlock(group=NOTICES)),
    ]


BODY = Blocks([*_pieces(), ("for_some", ForSomeBlock(_pieces, group=NOTICES))])
QUESTIONS = [("group", QuestionGroupBlock())]
