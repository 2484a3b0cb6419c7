"""ページ: what all pages of the shop's tree have in common, and the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, PageViewRestriction

from akinai.content.blocks import BODY
from akinai.content.fields import Body
from akinai.content.page_forms import ShopPageForm

if TYPE_CHECKING:
    from akinai.content.surroundings import Surroundings

SIZES = [
    {"name": "mobile", "icon": "mobile-alt", "device_width": 390, "label": "スマートフォンの幅で見る"},
    {"name": "tablet", "icon": "tablet-alt", "device_width": 820, "label": "タブレットの幅で見る"},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": "パソコンの幅で見る"},
]
# Built anew instead of Wagtail's: its words are half English, and what search engines and friends are shown is one thing.
SEO_PANELS = [
    MultiFieldPanel([FieldPanel("slug", heading="アドレスの最後の部分", help_text="英小文字・数字・ハイフンにすると、貼ったときに読みやすくなります。")], "アドレス"),
    MultiFieldPanel(
        [
            FieldPanel("seo_title", heading="検索結果の見出し", help_text="空欄ならページの題名。30 字ほどで終わると切れません。"),
            FieldPanel("search_description", heading="検索結果の説明", help_text="80〜120 字。空欄なら題名の下の一文。"),
            FieldPanel("share_picture"),
            FieldPanel("no_index"),
            FieldPanel("canonical_url"),
        ],
        "検索と共有（SEO）",
    ),
    FieldPanel("legal_acknowledged", heading="注意することばの確認"),
]  # fmt: skip


class ShopPage(Page):
    """店舗のページ: SEO, preview by width, and no way out for words that the law forbids."""

    share_picture = models.ForeignKey(
        "content.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="共有されたときの画像",
        help_text="LINE や SNS に貼られたときの画像（1200×630 に切り抜きます）。空欄なら見出しの画像。",
    )  # fmt: skip
    no_index = models.BooleanField(
        "検索エンジンに載せない",
        default=False,
        db_default=False,
        help_text="広告だけから来てもらうページなど",
    )
    canonical_url = models.URLField(
        "正規のアドレス", blank=True, help_text="同じ内容のページがほかにあるときだけ、そちらのアドレス"
    )

    base_form_class = ShopPageForm
    promote_panels = SEO_PANELS
    # Fields whose words are read for 注意することば, in the order of the page.
    said: ClassVar[tuple[str, ...]] = ("title", "seo_title", "search_description")

    class Meta:
        abstract = True

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        return SIZES

    @property
    def lead_picture(self) -> Any:
        """見出しの画像, where this kind of page has one."""
        return getattr(self, "picture", None)

    @cached_property
    def around(self) -> Surroundings:
        """What is shown around this page, read by one statement; its pictures and the page of its button are laid where they are looked for."""
        from akinai.content import surroundings

        found = surroundings.of(self)
        near = {"picture": found.pictures, "share_picture": found.pictures, "button_page": found.pages}
        for name, rows in near.items():
            kept = rows.get(getattr(self, f"{name}_id", None) or 0)
            if kept is not None:
                self._state.fields_cache[name] = kept
        return found

    @property
    def above(self) -> Sequence[Page]:
        """The live pages above, from the home page down."""
        return self.around.above

    def get_view_restrictions(self) -> Any:
        """As Wagtail's; what `around` has read is not asked again."""
        found = super().get_view_restrictions() if self.around.has_alias else None
        if found is None:
            kept = self.around.restrictions
            found = PageViewRestriction.objects.filter(pk__in=[one.pk for one in kept])
            found._result_cache = list(kept)
        return found

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Going public passes here whatever way it comes: nothing with a forbidden word gets through."""
        if self.live and kwargs.get("update_fields") is None:
            from akinai.content.services import words

            words.refuse_forbidden(self)
        return super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from akinai.content import goods, seo

        streams = [value for name in self.said if hasattr(value := getattr(self, name), "stream_block")]
        context = super().get_context(request, *args, **kwargs)
        return context | {"goods": goods.of(streams, request), "seo": seo.of(self, request)}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().serve(request, *args, **kwargs)
        if self.no_index:
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class IndexPage(ShopPage):
    """一覧のページ: its children newest first, twelve on a page."""

    lead = models.CharField("題名の下の一文", max_length=160, blank=True)

    per_page = 12
    has_feed = False
    is_plain_list = False
    show_in_menus_default = True
    said = (*ShopPage.said, "lead")
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("lead")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from akinai.content import listing

        return super().get_context(request, *args, **kwargs) | listing.of(self, request)


class HomePage(ShopPage):
    """トップページ. One per shop; its blocks decide what stands on the first screen."""

    lead = models.CharField("見出しの下の一文", max_length=160, blank=True)
    headline = models.CharField("見出し", max_length=60, blank=True, help_text="空欄ならページの題名")
    picture = models.ForeignKey(
        "content.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="見出しの画像",
    )
    button_text = models.CharField("ボタンのことば", max_length=30, blank=True)
    button_page = models.ForeignKey(
        Page, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="ボタンの行き先"
    )
    shows_news = models.BooleanField("お知らせを出す", default=True, db_default=True)
    body = Body(BODY, blank=True, verbose_name="本文")

    template = "storefront/home.html"
    max_count = 1
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    said = (*ShopPage.said, "headline", "lead", "button_text", "body")
    content_panels: ClassVar = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel(name) for name in ("headline", "lead", "picture", "button_text", "button_page")],
            "最初の画面",
        ),
        FieldPanel("body"),
        FieldPanel("shows_news"),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "トップページ"

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """The page of an address at once: step by step down the tree it would be two questions a step."""
        if not path_components:
            return super().route(request, path_components)
        found = Page.objects.filter(url_path=f"{self.url_path}{'/'.join(path_components)}/").first()
        if found is None:
            raise Http404
        return found.specific.route(request, [])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from akinai.content import listing

        news = listing.latest_news() if self.shows_news else []
        return super().get_context(request, *args, **kwargs) | {"news": news}
