"""公開の束: pages, prices, the announcement and a mail that change at one moment, or not at all."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.content.states import RELEASE_MOVES, ReleaseState
from akinai.core import clock


class Release(models.Model):
    """公開の束. `number` RL-2026-000001; what it changes stands in its items."""

    State = ReleaseState
    MOVES: ClassVar = RELEASE_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    name = models.CharField("名前", max_length=80)
    due_at = models.DateTimeField("公開日時")
    state = models.CharField("状態", max_length=12, choices=ReleaseState, default=ReleaseState.DRAFT)
    memo = models.TextField("メモ", blank=True)
    result = models.CharField("結果", max_length=300, blank=True)
    applied_at = models.DateTimeField("公開した日時", null=True, blank=True)
    rolled_back_at = models.DateTimeField("戻した日時", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作った人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "公開の束"
        permissions = [("publish_release", "公開の束を予約・取消・戻せる")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="release_due"),
            models.Index(fields=["-due_at", "-id"], name="release_list"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[ReleaseState.APPLIED, ReleaseState.ROLLED_BACK]) | Q(applied_at__isnull=False),
                name="release_applied_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ReleaseItem(models.Model):
    """束の中の一つ. `before` is what stood when it was applied; `is_waiting` lets the database refuse two bundles at one page."""

    class Kind(models.TextChoices):
        PAGE = "page", "ページを公開"
        UNPUBLISH = "unpublish", "ページを取り下げ"
        PRICES = "prices", "価格を変更"
        ANNOUNCEMENT = "announcement", "お知らせの帯"
        MAIL = "mail", "メールを送る"

    release = models.ForeignKey(Release, models.CASCADE, related_name="items", verbose_name="公開の束")
    kind = models.CharField("種類", max_length=12, choices=Kind)
    label = models.CharField("内容", max_length=200)
    page = models.ForeignKey(
        "wagtailcore.Page",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="release_items",
        verbose_name="ページ",
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="版"
    )
    told = models.JSONField("変える内容", default=dict, blank=True)
    before = models.JSONField("変える前", default=dict, blank=True)
    note = models.CharField("結果", max_length=300, blank=True)
    is_waiting = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "公開の束の中身"
        constraints = [
            models.UniqueConstraint(fields=["release", "page"], condition=Q(page__isnull=False), name="releaseitem_page_once"),
            models.UniqueConstraint(fields=["page"], condition=Q(is_waiting=True), name="releaseitem_one_waiting_per_page"),
            models.UniqueConstraint(
                fields=["release"], condition=Q(kind="announcement"), name="releaseitem_one_announcement"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label
