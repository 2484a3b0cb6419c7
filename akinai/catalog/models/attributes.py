"""商品の属性: what a category asks of its goods (素材, 内容量, 産地 …), and what each product answers."""

from __future__ import annotations

from django.db import models


class Attribute(models.Model):
    """属性. One name means the same in every category that asks for it."""

    class Kind(models.TextChoices):
        TEXT = "text", "文字"
        NUMBER = "number", "数"
        CHOICE = "choice", "選択"
        YES_NO = "yes_no", "はい・いいえ"

    name = models.CharField("属性名", max_length=60, unique=True)
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField("選択肢", default=list, blank=True)
    unit = models.CharField("単位", max_length=10, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "属性"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="attribute_named")]

    def __str__(self) -> str:
        return self.name


class CategoryAttribute(models.Model):
    """カテゴリの属性: asked of every product of the category; without a required one it is not complete."""

    category = models.ForeignKey(
        "catalog.Category", models.CASCADE, related_name="attributes", verbose_name="カテゴリ"
    )
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="categories", verbose_name="属性")
    position = models.PositiveSmallIntegerField("順")
    is_required = models.BooleanField("必須", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "カテゴリの属性"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "attribute"], name="categoryattribute_once")
        ]

    def __str__(self) -> str:
        return f"{self.category_id}:{self.attribute_id}"


class ProductAttribute(models.Model):
    """属性の値; a blank one has no row."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="attributes", verbose_name="商品"
    )
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="+", verbose_name="属性")
    value = models.CharField("値", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "商品の属性"
        constraints = [
            models.UniqueConstraint(fields=["product", "attribute"], name="productattribute_once"),
            models.CheckConstraint(condition=~models.Q(value=""), name="productattribute_filled"),
        ]

    def __str__(self) -> str:
        return self.value
