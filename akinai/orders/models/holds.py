"""保留: which rules stop an order, and the orders they stopped."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.orders import rules
from akinai.orders.models.orders import Order


class Hold(models.Model):
    """保留: a 要確認 rule stopped the order; `reason` says why in the clerk's words."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="holds", verbose_name="受注")
    rule = models.CharField("規則", max_length=30)
    title = models.CharField("規則の名前", max_length=60, blank=True, default="", db_default="")
    check_version = models.ForeignKey(
        "orders.CheckRuleVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="規則の版",
    )
    reason = models.CharField("理由", max_length=300)
    placed_at = models.DateTimeField("保留日時", default=clock.now)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="保留した人",
    )
    released_at = models.DateTimeField("解除日時", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="解除した人",
    )
    note = models.CharField("解除メモ", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "保留"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "rule"], condition=Q(released_at__isnull=True), name="hold_once_per_rule"
            )
        ]
        indexes = [models.Index(fields=["rule", "placed_at"], name="hold_rule")]

    def __str__(self) -> str:
        return self.reason

    @property
    def shown_title(self) -> str:
        """The rule as it was called when it stopped the order."""
        return self.title or rules.rule_title(self.rule)


class HoldRule(models.Model):
    """要確認の規則: which of the built-in rules are on, and their limits."""

    code = models.CharField("規則", max_length=30, unique=True)
    is_enabled = models.BooleanField("有効", default=True)
    limit_days = models.PositiveSmallIntegerField("日数", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "組み込みの要確認の規則"

    def __str__(self) -> str:
        return self.code
