"""原価台帳: what the goods in stock are worth, and what left with those that were sold."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock


class ValueEntry(models.Model):
    """原価の動き. Append-only. Each movement of goods of ours brings or takes value once; freight and corrections are value alone.

    `expensed_yen` is the share of freight or a correction that goes to 売上原価 at once, because its goods had left.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "仕入"
        ISSUE = "issue", "売上原価"
        ADJUSTMENT = "adjustment", "調整・棚卸差異"
        LANDED = "landed", "付帯費用"
        CORRECTION = "price_correction", "単価の訂正"
        WRITEDOWN = "writedown", "評価損"
        REVERSAL = "reversal", "取消"

    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU", db_index=False
    )
    stock_entry = models.OneToOneField(
        "stock.StockEntry", models.PROTECT, null=True, blank=True, related_name="value", verbose_name="入出庫"
    )
    kind = models.CharField("種類", max_length=20, choices=Kind)
    quantity = models.IntegerField("数量", default=0)
    value_yen = models.DecimalField("金額", max_digits=16, decimal_places=4)
    expensed_yen = models.DecimalField("売上原価に入れた額", max_digits=16, decimal_places=4, default=0)
    is_estimated = models.BooleanField("単価は推定", default=False)
    reference = models.CharField("伝票番号", max_length=60)
    key = models.CharField("重複防止キー", max_length=120, unique=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    note = models.CharField("理由", max_length=200, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当者",
        db_index=False,
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "原価台帳"
        indexes = [
            models.Index(fields=["sku", "-id"], name="valueentry_sku"),
            models.Index(fields=["reference"], name="valueentry_reference"),
            models.Index(fields=["-at", "-id"], name="valueentry_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stock_entry__isnull=True, quantity=0) | Q(stock_entry__isnull=False),
                name="valueentry_pieces_come_from_stock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.value_yen:+}"


class StockValue(models.Model):
    """在庫金額 of one SKU over all places: the sum of its value entries. 移動平均原価 is value ÷ quantity."""

    sku = models.OneToOneField(
        "catalog.Sku", models.PROTECT, primary_key=True, related_name="stock_value", verbose_name="SKU"
    )
    quantity = models.IntegerField("数量", default=0)
    value_yen = models.DecimalField("金額", max_digits=16, decimal_places=4, default=0)

    class Meta:
        verbose_name = verbose_name_plural = "在庫金額"
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, value_yen__gte=0) | Q(quantity=0, value_yen=0),
                name="stockvalue_nothing_is_worth_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.value_yen}"
