"""登録マニュアル: the steps of registering goods of a category, by version; and how long registering took."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock


class Manual(models.Model):
    """登録マニュアルの版: append-only. A new version is a new row; the highest one is what the form shows.

    `category` none: of all goods whose category has no manual of its own. `steps`: [{"title": …, "body": …}].
    """

    category = models.ForeignKey(
        "catalog.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="manuals",
        verbose_name="カテゴリ",
    )
    version = models.PositiveIntegerField("版")
    steps = models.JSONField("手順")
    note = models.CharField("変えたこと", max_length=200, blank=True)
    published_at = models.DateTimeField("公開日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "登録マニュアル"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "version"], nulls_distinct=False, name="manual_version_once"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="manual_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"第{self.version}版"


class FormSession(models.Model):
    """登録にかかった時間: one saving of the product form. Append-only. `seconds`: of hands at work, pauses left out."""

    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+", verbose_name="商品")
    category = models.ForeignKey(
        "catalog.Category", models.PROTECT, null=True, related_name="+", verbose_name="カテゴリ"
    )
    manual = models.ForeignKey(
        Manual, models.PROTECT, null=True, related_name="sessions", verbose_name="マニュアル"
    )
    is_new = models.BooleanField("新規登録")
    skus = models.PositiveIntegerField("SKU数")
    seconds = models.PositiveIntegerField("秒数")
    at = models.DateTimeField("保存日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "登録にかかった時間"
        indexes = [models.Index(fields=["category", "-at"], name="formsession_category")]
        constraints = [models.CheckConstraint(condition=models.Q(skus__gte=1), name="formsession_skus")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.seconds}秒"
