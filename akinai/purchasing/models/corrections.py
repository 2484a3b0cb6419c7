"""買掛の訂正: what a bill did not say and the ledger must, asked for with a reason and looked at by a second person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.purchasing.states import CORRECTION_MOVES, CorrectionState


class PayableCorrection(models.Model):
    """買掛の訂正. Less than nothing: taken off one bill (`settles`); more: owed by itself, with a due day."""

    MOVES = CORRECTION_MOVES

    number = models.CharField("訂正番号", max_length=20, unique=True)
    supplier = models.ForeignKey("party.Supplier", models.PROTECT, related_name="+", verbose_name="仕入先")
    amount_yen = models.BigIntegerField("金額（買掛の増＋・減－）")
    settles = models.ForeignKey(
        "purchasing.PayableEntry",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="どの請求の",
    )
    on = models.DateField("日付")
    due_on = models.DateField("支払期日", null=True, blank=True)
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状態", max_length=10, choices=CorrectionState, default=CorrectionState.WAITING)
    limit_yen = models.BigIntegerField("承認が要る金額", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承認者",
    )
    posted_at = models.DateTimeField("計上日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "買掛の訂正"
        permissions = [("approve_payablecorrection", "買掛の訂正を承認できる")]
        indexes = [models.Index(fields=["-on", "-id"], name="payablecorrection_on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0, due_on__isnull=False, settles__isnull=True)
                | Q(amount_yen__lt=0, due_on__isnull=True, settles__isnull=False),
                name="correction_owes_or_settles",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
            # Above the limit nobody posts his own. What was made by a job (no person) needs somebody, too.
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "refused"])
                | Q(limit_yen__isnull=True)
                | Q(amount_yen__lte=F("limit_yen"), amount_yen__gte=-F("limit_yen"))
                | (Q(approved_by__isnull=False) & (Q(created_by__isnull=True) | ~Q(approved_by=F("created_by")))),
                name="correction_large_seen_by_another",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_large(self) -> bool:
        """Above the limit that was the company's when it was asked for."""
        return self.limit_yen is not None and abs(self.amount_yen) > self.limit_yen
