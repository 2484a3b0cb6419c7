"""質問と答えのブロック."""

from __future__ import annotations

from wagtail import blocks

from akinai.content.blocks.writing import RICH


class QuestionBlock(blocks.StructBlock):
    """質問と答え."""

    question = blocks.CharBlock(label="質問", max_length=160)
    answer = blocks.RichTextBlock(label="答え", features=RICH)

    class Meta:
        label = "質問"
        icon = "help"


class QuestionsBlock(blocks.StructBlock):
    """ページの中の質問."""

    title = blocks.CharBlock(label="見出し", required=False, max_length=80, default="よくある質問")
    items = blocks.ListBlock(QuestionBlock(), label="質問", min_num=1)

    class Meta:
        label = "質問と答え"
        icon = "help"
        template = "content/blocks/questions.html"


class QuestionGroupBlock(blocks.StructBlock):
    """質問の分類, for the page of all questions."""

    title = blocks.CharBlock(label="分類", max_length=60)
    items = blocks.ListBlock(QuestionBlock(), label="質問", min_num=1)

    class Meta:
        label = "分類"
        icon = "folder-open-inverse"
        template = "content/blocks/questions.html"
