"""よくある質問の記事: answers for all, with every version kept, and how they serve."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.support.models.tickets import Ticket
from akinai.support.states import ARTICLE_MOVES, ArticleState, Audience, HitKind


class Article(models.Model):
    """記事. The fields hold the text as it is being written; `live` is the version that is read, None before and after."""

    MOVES = ARTICLE_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    question = models.CharField("質問", max_length=160)
    answer = models.TextField("答え", max_length=8000)
    words = models.CharField(
        "言いかえ", max_length=300, blank=True,
        help_text="お客様が使いそうな別の言い方。空白で区切ります。検索と提案に使い、画面には出ません。",
    )  # fmt: skip
    category = models.CharField("種類", max_length=30, blank=True)
    audience = models.CharField("読む人", max_length=10, choices=Audience, default=Audience.PUBLIC)
    state = models.CharField("状態", max_length=10, choices=ArticleState, default=ArticleState.DRAFT)
    live = models.ForeignKey(
        "ArticleVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公開中の版"
    )
    made_from = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="元の問い合わせ"
    )
    # Something it speaks of has changed since a person last said that it is right.
    stale_since = models.DateTimeField("要見直し", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    changed_at = models.DateTimeField("変更日時", default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="変更した人"
    )
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "よくある質問の記事"
        permissions = [("publish_article", "記事を公開・取り下げできる")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ArticleState.PUBLISHED) | Q(live__isnull=False),
                name="article_published_live",
            ),
            models.CheckConstraint(
                condition=~Q(state=ArticleState.RETIRED) | Q(live=None), name="article_retired_not_live"
            ),
            models.UniqueConstraint(
                fields=["made_from"], condition=Q(made_from__isnull=False), name="article_once_from_ticket"
            ),
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="article_changed"),
            models.Index(fields=["state", "-changed_at", "-id"], name="article_state"),
            models.Index(
                fields=["stale_since"], name="article_stale", condition=Q(stale_since__isnull=False)
            ),
            GinIndex(fields=["search_grams"], name="article_search"),
        ]

    def __str__(self) -> str:
        return self.number


class ArticleVersion(models.Model):
    """記事の版, as it went out. Append-only: what was told to customers stays known."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions", verbose_name="記事")
    nth = models.PositiveIntegerField("版")
    question = models.CharField("質問", max_length=160)
    answer = models.TextField("答え")
    words = models.CharField("言いかえ", max_length=300, blank=True)
    category = models.CharField("種類", max_length=30, blank=True)
    audience = models.CharField("読む人", max_length=10, choices=Audience)
    links = models.JSONField("根拠", default=list, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="書いた人"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="承認した人"
    )
    at = models.DateTimeField("公開日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "記事の版"
        constraints = [models.UniqueConstraint(fields=["article", "nth"], name="articleversion_once")]
        ordering = ("-nth",)

    def __str__(self) -> str:
        return f"{self.article_id} 第{self.nth}版"


class ArticleLink(models.Model):
    """記事の根拠: the SKU, page, fee table or policy that the answer speaks of, as it was when the answer was last held right."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="links", verbose_name="記事")
    kind = models.CharField("種類", max_length=20)  # a code of support.ground_ports.grounds()
    ref = models.CharField("対象", max_length=80)
    label = models.CharField("名前", max_length=200)
    facts = models.JSONField("書いたときの内容", default=dict)
    changes = models.JSONField("変わったこと", default=list, blank=True)
    checked_at = models.DateTimeField("確かめた日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "記事の根拠"
        constraints = [models.UniqueConstraint(fields=["article", "kind", "ref"], name="articlelink_once")]
        indexes = [models.Index(fields=["kind", "ref"], name="articlelink_ref")]

    def __str__(self) -> str:
        return self.label


class ArticlePair(models.Model):
    """記事の索引: a pair of letters and what it weighs (rules.similarity). Only of what is live."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    pair = models.CharField(max_length=2)
    weight = models.FloatField()

    class Meta:
        verbose_name = verbose_name_plural = "記事の索引"
        constraints = [models.UniqueConstraint(fields=["article", "pair"], name="articlepair_once")]
        indexes = [models.Index(fields=["pair"], include=["article", "weight"], name="articlepair_pair")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.pair}"


class ArticleHit(models.Model):
    """記事の使われ方. `visit`: a number drawn by chance that a browser keeps for a day; nobody stands behind it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="hits", verbose_name="記事")
    kind = models.CharField("使われ方", max_length=10, choices=HitKind)
    place = models.CharField("場所", max_length=10)  # form, faq, ticket
    visit = models.CharField(max_length=32)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "記事の使われ方"
        constraints = [models.UniqueConstraint(fields=["visit", "article", "kind"], name="articlehit_once")]
        indexes = [
            models.Index(fields=["article", "kind", "at"], name="articlehit_article"),
            models.Index(fields=["at", "kind"], name="articlehit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind}"
