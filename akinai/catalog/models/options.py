"""バリエーションの軸: a product has any number of axes (色, サイズ …), each with values; a SKU is one combination.

That a value belongs to its axis, and the axis to the SKU's own product, is held by foreign keys over two columns
(migration 0006); that no two SKUs are the same combination, by `Sku.option_key`.
"""

from __future__ import annotations

from django.db import models


class ProductOption(models.Model):
    """軸: 色, サイズ … of one product, in the order they are written."""

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="options", verbose_name="商品"
    )
    position = models.PositiveSmallIntegerField("順")
    name = models.CharField("軸の名前", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "バリエーションの軸"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="productoption_name_once"),
            models.UniqueConstraint(fields=["id", "product"], name="productoption_with_product"),
            models.CheckConstraint(condition=~models.Q(name=""), name="productoption_named"),
        ]

    def __str__(self) -> str:
        return self.name


class OptionValue(models.Model):
    """値: 赤, 青 …; `code` is its piece of the SKU code (R, B), blank where none was chosen."""

    option = models.ForeignKey(ProductOption, models.CASCADE, related_name="option_values", verbose_name="軸")
    position = models.PositiveSmallIntegerField("順")
    name = models.CharField("値", max_length=60)
    code = models.CharField("コード", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "軸の値"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["option", "name"], name="optionvalue_name_once"),
            models.UniqueConstraint(fields=["id", "option"], name="optionvalue_with_option"),
            models.CheckConstraint(condition=~models.Q(name=""), name="optionvalue_named"),
        ]

    def __str__(self) -> str:
        return self.name


class SkuValue(models.Model):
    """SKUの値: one row per axis of the product."""

    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="values", verbose_name="SKU")
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+", verbose_name="商品")
    option = models.ForeignKey(ProductOption, models.CASCADE, related_name="+", verbose_name="軸")
    value = models.ForeignKey(OptionValue, models.CASCADE, related_name="sku_values", verbose_name="値")

    class Meta:
        verbose_name = verbose_name_plural = "SKUの値"
        constraints = [models.UniqueConstraint(fields=["sku", "option"], name="skuvalue_once")]

    def __str__(self) -> str:
        return f"{self.sku_id}:{self.value_id}"
