"""コードを決める表: the shop's own code rules, and the allocator of in-store numbers (インストアコード)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock

MAX_SERIAL = 10**10  # ten digits between the prefix and the check digit


class CodeRule(models.Model):
    """自社コードの規則 of a category (none: of all goods without a rule of their own): TEA- and four digits."""

    category = models.ForeignKey(
        "catalog.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="カテゴリ"
    )
    prefix = models.CharField("頭の文字", max_length=20, blank=True)
    digits = models.PositiveSmallIntegerField("数字の桁数", default=4)
    next = models.PositiveBigIntegerField("次の番号", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "自社コードの規則"
        constraints = [
            models.UniqueConstraint(fields=["category"], nulls_distinct=False, name="coderule_category_once"),
            models.CheckConstraint(
                condition=models.Q(digits__gte=1, digits__lte=9), name="coderule_digits_1_to_9"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{'0' * self.digits}"


class CodeAllocator(models.Model):
    """インストアコードの採番: the prefix (20–29) that is in use and the next serial. It only counts up."""

    prefix = models.CharField("頭の2桁", max_length=2, unique=True)
    next = models.PositiveBigIntegerField("次の番号", default=1)
    is_active = models.BooleanField("使用中", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "インストアコードの採番"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(prefix__regex=r"^2[0-9]$"), name="codeallocator_20_to_29"
            ),
            models.CheckConstraint(
                condition=models.Q(next__gte=1, next__lte=MAX_SERIAL), name="codeallocator_ten_digits"
            ),
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="codeallocator_one_active"
            ),
        ]

    def __str__(self) -> str:
        return self.prefix


class InStoreCode(models.Model):
    """発行したインストアコード: append-only, so that a number is never given twice, whatever became of its SKU."""

    code = models.CharField("コード", max_length=13, unique=True)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    at = models.DateTimeField("発行日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "発行したインストアコード"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^2[0-9]{12}$"), name="instorecode_13_digits"
            )
        ]

    def __str__(self) -> str:
        return self.code
