"""仕入返品: goods that go back to a supplier from the shelf; the next bill deducts them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.purchasing.states import RETURN_MOVES, ReturnState


class SupplierReturn(models.Model):
    """仕入返品. Posted when it is written; undone by reversal while no bill has deducted it."""

    MOVES = RETURN_MOVES

    number = models.CharField("返品番号", max_length=20, unique=True)
    supplier = models.ForeignKey("party.Supplier", models.PROTECT, related_name="+", verbose_name="仕入先")
    returned_on = models.DateField("返品日")
    location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="出庫元")
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状態", max_length=10, choices=ReturnState, default=ReturnState.POSTED)
    created_at = models.DateTimeField("計上日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="計上した人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "仕入返品"
        indexes = [models.Index(fields=["-returned_on", "-id"], name="supplierreturn_on")]

    def __str__(self) -> str:
        return self.number


class SupplierReturnLine(models.Model):
    """返品明細."""

    supplier_return = models.ForeignKey(
        SupplierReturn, models.CASCADE, related_name="lines", verbose_name="仕入返品"
    )
    line_no = models.PositiveIntegerField("行")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    lot = models.ForeignKey(
        "stock.Lot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ロット"
    )
    quantity = models.PositiveIntegerField("数量")
    unit_cost = models.DecimalField("単価（税抜）", max_digits=14, decimal_places=4)
    tax_rate = models.PositiveSmallIntegerField("税率")

    class Meta:
        verbose_name = verbose_name_plural = "返品明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["supplier_return", "line_no"], name="returnline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(unit_cost__gte=0), name="returnline_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_return_id}/{self.line_no}"
