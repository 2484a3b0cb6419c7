"""保留: which rules stop an order, and the orders they stopped."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.orders import rules
from akinai.orders.models.orders import Order


class ReleaseRule(models.TextChoices):
    """保留を解く時. The job does it; a person may always be faster."""

    BY_HAND = "", "手で解除"
    AT_TIME = "at_time", "期限になったら自動で解除"
    WHEN_PAID = "when_paid", "入金を確認したら自動で解除"
    WHEN_IN_STOCK = "when_in_stock", "商品がそろったら自動で解除"


class Hold(models.Model):
    """保留: a 要確認 rule stopped the order; `reason` says why in the clerk's words. `due_at`: until when it ought to be
    answered; what is still open after that is a 漏れ."""

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
    due_at = models.DateTimeField("保留の期限", null=True, blank=True)
    release_rule = models.CharField(
        "解除", max_length=14, choices=ReleaseRule, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = verbose_name_plural = "保留"
        constraints = [
            models.CheckConstraint(
                condition=~Q(release_rule="at_time") | Q(due_at__isnull=False), name="hold_at_time_has_time"
            ),
            models.UniqueConstraint(
                fields=["order", "rule"], condition=Q(released_at__isnull=True), name="hold_once_per_rule"
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "placed_at"], name="hold_rule"),
            models.Index(fields=["due_at"], condition=Q(released_at__isnull=True), name="hold_due"),
            models.Index(
                fields=["release_rule"],
                condition=Q(released_at__isnull=True) & ~Q(release_rule=""),
                name="hold_to_release",
            ),
        ]

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
