"""書くページ: 特集, ブログ, お知らせ, よくある質問, ランディングページ."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from akinai.content.blocks import BODY, QUESTIONS
from akinai.content.fields import Body
from akinai.content.models.pages import IndexPage, ShopPage
from akinai.core import clock

UNDER_HOME = ["content.HomePage"]


class StoryPage(ShopPage):
    """読みもの: a lead, a picture and a body."""

    lead = models.CharField(
        "題名の下の一文", max_length=160, blank=True, help_text="一覧のカードにも出ます。"
    )
    picture = models.ForeignKey(
        "content.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="見出しの画像",
    )
    body = Body(BODY, blank=True, verbose_name="本文")

    said = (*ShopPage.said, "lead", "body")
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]

    class Meta:
        abstract = True


class FeatureIndexPage(IndexPage):
    """特集の一覧."""

    template = "content/pages/index.html"
    max_count = 1
    parent_page_types: ClassVar = UNDER_HOME
    subpage_types: ClassVar = ["content.FeaturePage"]

    class Meta:
        verbose_name = verbose_name_plural = "特集の一覧"


class FeaturePage(StoryPage):
    """特集: one subject, told with the goods that belong to it."""

    theme = models.CharField(
        "分類", max_length=30, blank=True, help_text="季節・贈りもの など。一覧の絞り込みに使います。"
    )

    template = "content/pages/story.html"
    parent_page_types: ClassVar = ["content.FeatureIndexPage"]
    said = (*StoryPage.said, "theme")
    content_panels: ClassVar = [
        *StoryPage.content_panels[:2],
        FieldPanel("theme"),
        *StoryPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = verbose_name_plural = "特集"


class BlogIndexPage(IndexPage):
    """ブログの一覧."""

    template = "content/pages/index.html"
    has_feed = True
    max_count = 1
    parent_page_types: ClassVar = UNDER_HOME
    subpage_types: ClassVar = ["content.BlogPage"]

    class Meta:
        verbose_name = verbose_name_plural = "ブログの一覧"


class BlogTag(TaggedItemBase):
    """ブログの記事に付けたタグ."""

    content_object = ParentalKey("content.BlogPage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = verbose_name_plural = "記事のタグ"


class BlogPage(StoryPage):
    """ブログの記事."""

    author = models.CharField("書いた人", max_length=60, blank=True)
    author_role = models.CharField(
        "書いた人の仕事", max_length=60, blank=True, help_text="日本茶インストラクター など"
    )
    dated_on = models.DateField("日付", default=clock.today)
    tags = ClusterTaggableManager(through=BlogTag, blank=True, verbose_name="タグ")

    template = "content/pages/story.html"
    parent_page_types: ClassVar = ["content.BlogIndexPage"]
    said = (*StoryPage.said, "author_role")
    content_panels: ClassVar = [
        *StoryPage.content_panels[:2],
        MultiFieldPanel([FieldPanel(name) for name in ("author", "author_role", "dated_on", "tags")], "記事"),
        *StoryPage.content_panels[2:],
    ]

    class Meta:
        verbose_name = verbose_name_plural = "ブログの記事"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from akinai.content import listing

        tags = list(self.tags.all())
        about = {"tags": tags, "related": listing.related(self, [one.pk for one in tags])}
        return super().get_context(request, *args, **kwargs) | about


class NewsIndexPage(IndexPage):
    """お知らせの一覧."""

    template = "content/pages/index.html"
    per_page = 30
    is_plain_list = True
    max_count = 1
    parent_page_types: ClassVar = UNDER_HOME
    subpage_types: ClassVar = ["content.NewsPage"]

    class Meta:
        verbose_name = verbose_name_plural = "お知らせの一覧"


class NewsPage(StoryPage):
    """お知らせ."""

    dated_on = models.DateField("日付", default=clock.today)
    is_brief = True  # a notice says what is new in a few words; nobody has to lengthen it
    is_important = models.BooleanField("大切なお知らせ", default=False, db_default=False)

    template = "content/pages/story.html"
    parent_page_types: ClassVar = ["content.NewsIndexPage"]
    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("dated_on"), FieldPanel("is_important")], "お知らせ"),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "お知らせ"


class FaqPage(ShopPage):
    """よくある質問, by category; search engines get them as FAQPage."""

    lead = models.CharField("題名の下の一文", max_length=160, blank=True)
    questions = Body(QUESTIONS, blank=True, verbose_name="質問")

    template = "content/pages/faq.html"
    show_in_menus_default = True
    parent_page_types: ClassVar = UNDER_HOME
    subpage_types: ClassVar[list[str]] = []
    said = (*ShopPage.said, "lead", "questions")
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead"), FieldPanel("questions")]

    class Meta:
        verbose_name = verbose_name_plural = "よくある質問"


class LandingPage(StoryPage):
    """ランディングページ: for one campaign, without the shop's menu to wander off to."""

    is_bare = models.BooleanField(
        "メニューを出さない",
        default=True,
        db_default=True,
        help_text="広告から来た方に、このページだけを見せます。",
    )

    template = "content/pages/landing.html"
    parent_page_types: ClassVar = UNDER_HOME
    content_panels: ClassVar = [*StoryPage.content_panels, FieldPanel("is_bare")]

    class Meta:
        verbose_name = verbose_name_plural = "ランディングページ"
