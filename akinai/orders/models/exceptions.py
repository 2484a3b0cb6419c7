"""例外と変更の申し出: what a file told of an order that a person must judge."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.orders.models.orders import Order
from akinai.orders.states import IssueCode


class OrderIssue(models.Model):
    """例外: something the file said that a person must judge. Open issues keep the order in 確認待ち."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="issues", verbose_name="受注")
    code = models.CharField("種類", max_length=20, choices=IssueCode)
    line_no = models.PositiveIntegerField("明細行", default=0)
    message = models.TextField("内容")
    column = models.CharField("項目", max_length=100, blank=True)
    value = models.TextField("値", blank=True)
    source_file = models.CharField("ファイル", max_length=255, blank=True)
    source_line = models.PositiveIntegerField("ファイルの行", default=0)
    raised_at = models.DateTimeField("発生日時", default=clock.now)
    resolved_at = models.DateTimeField("解決日時", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="解決者",
    )
    resolution = models.CharField("解決方法", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "例外"
        indexes = [models.Index(fields=["order"], condition=Q(resolved_at__isnull=True), name="issue_open")]

    def __str__(self) -> str:
        return self.message


class OrderChange(models.Model):
    """変更の申し出: a later file tells the order differently; a person accepts or keeps what we have."""

    class State(models.TextChoices):
        PENDING = "pending", "未判断"
        ACCEPTED = "accepted", "反映済"
        DISMISSED = "dismissed", "反映しない"
        OVERTAKEN = "overtaken", "次の申し出に置き換え"

    order = models.ForeignKey(Order, models.PROTECT, related_name="changes", verbose_name="受注")
    digest = models.CharField("内容の指紋", max_length=64)
    differences = models.JSONField("差分", default=list)
    draft = models.JSONField("新しい内容", default=dict)
    intake_file = models.ForeignKey(
        "core.IntakeFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取込ファイル",
    )
    state = models.CharField("状態", max_length=10, choices=State, default=State.PENDING)
    at = models.DateTimeField("日時", default=clock.now)
    decided_at = models.DateTimeField("判断日時", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="判断した人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "受注の変更"
        constraints = [models.UniqueConstraint(fields=["order", "digest"], name="orderchange_once")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.state}"
