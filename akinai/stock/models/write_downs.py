"""評価損: goods that are worth less than they cost, written down to what they still bring."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.stock.states import WRITE_DOWN_MOVES, WriteDownState


class WriteDown(models.Model):
    """評価損. `yen` left the value of the `pieces` that lay there; the pieces stay. Undone only by reversal."""

    MOVES = WRITE_DOWN_MOVES

    class Reason(models.TextChoices):
        MARKET = "market", "低価法（正味売却価額の下落）"
        OBSOLETE = "obsolete", "陳腐化・流行遅れ"
        DAMAGED = "damaged", "破損・汚れ"
        OTHER = "other", "そのほか"

    number = models.CharField("評価損番号", max_length=20, unique=True)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    state = models.CharField("状態", max_length=10, choices=WriteDownState, default=WriteDownState.POSTED)
    reason = models.CharField("理由", max_length=10, choices=Reason)
    note = models.CharField("根拠", max_length=160)
    pieces = models.PositiveIntegerField("数量")
    unit_before = models.DecimalField("評価前の単価", max_digits=14, decimal_places=4)
    unit_after = models.DecimalField("評価後の単価", max_digits=14, decimal_places=4)
    yen = models.DecimalField("評価損", max_digits=16, decimal_places=4)
    value_entry = models.OneToOneField(
        "stock.ValueEntry", models.PROTECT, related_name="+", verbose_name="原価台帳の行"
    )
    at = models.DateTimeField("計上日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="計上した人"
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "評価損"
        indexes = [models.Index(fields=["-at", "-id"], name="writedown_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(yen__gt=0, unit_after__gte=0, unit_after__lt=F("unit_before"), pieces__gt=0),
                name="writedown_lowers",
            )
        ]

    def __str__(self) -> str:
        return self.number
