"""付帯費用: freight, duty and insurance that belong to what goods cost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.purchasing.states import LANDED_MOVES, LandedState


class LandedCost(models.Model):
    """付帯費用 of some deliveries, shared over their lines. Posted when it is written; undone by reversal."""

    MOVES = LANDED_MOVES

    class Kind(models.TextChoices):
        FREIGHT = "freight", "運賃"
        DUTY = "duty", "関税"
        INSURANCE = "insurance", "保険料"
        OTHER = "other", "そのほか"

    class By(models.TextChoices):
        VALUE = "value", "金額"
        WEIGHT = "weight", "重量"
        QUANTITY = "quantity", "数量"

    number = models.CharField("番号", max_length=20, unique=True)
    kind = models.CharField("種類", max_length=12, choices=Kind, default=Kind.FREIGHT)
    by_what = models.CharField("按分の基準", max_length=10, choices=By, default=By.VALUE)
    yen = models.BigIntegerField("金額（税抜）")
    on = models.DateField("日付")
    paper_no = models.CharField("請求・送り状番号", max_length=60, blank=True)
    state = models.CharField("状態", max_length=10, choices=LandedState, default=LandedState.POSTED)
    note = models.CharField("メモ", max_length=200, blank=True)
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
        verbose_name = verbose_name_plural = "付帯費用"
        indexes = [models.Index(fields=["-on", "-id"], name="landedcost_on")]
        constraints = [
            models.CheckConstraint(condition=Q(yen__gt=0), name="landedcost_positive"),
            models.UniqueConstraint(
                fields=["kind", "paper_no"],
                condition=Q(state="posted") & ~Q(paper_no=""),
                name="landedcost_paper_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LandedCostLine(models.Model):
    """按分された額 of one line of a delivery, and the row of 原価台帳 that took it in."""

    cost = models.ForeignKey(LandedCost, models.CASCADE, related_name="lines", verbose_name="付帯費用")
    receipt_line = models.ForeignKey(
        "purchasing.GoodsReceiptLine", models.PROTECT, related_name="landed", verbose_name="入荷明細"
    )
    yen = models.BigIntegerField("按分額")
    value_entry = models.ForeignKey(
        "stock.ValueEntry", models.PROTECT, null=True, related_name="+", verbose_name="原価台帳の行"
    )

    class Meta:
        verbose_name = verbose_name_plural = "付帯費用の明細"
        constraints = [models.UniqueConstraint(fields=["cost", "receipt_line"], name="landedline_once")]

    def __str__(self) -> str:
        return f"{self.cost_id}: {self.yen}"
