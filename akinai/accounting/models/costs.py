"""粗利の設定: what selling costs besides the goods, dated; and what we mean to sell (目標)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock


class CostRate(models.Model):
    """販売費の率: from `since` on, until a later row of the same kind and subject. Percent of 税込 sales plus yen."""

    class Kind(models.TextChoices):
        CHANNEL = "channel", "モール・店舗の手数料"
        PAYMENT = "payment", "決済手数料"
        POINTS = "points", "ポイント付与（店舗負担）"
        SHIPPING = "shipping", "送料（運送会社に払う額）"
        PACKING = "packing", "梱包費"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    subject = models.CharField(
        "対象", max_length=40, blank=True, help_text="チャネル・支払方法・運送会社のコード。空なら全部。"
    )
    zone = models.CharField("地帯（都道府県）", max_length=40, blank=True, help_text="空なら全国。")
    since = models.DateField("適用開始日")
    percent = models.DecimalField("率(%)", max_digits=6, decimal_places=3, default=0)
    yen = models.IntegerField("1件あたりの円", default=0)
    note = models.CharField("メモ", max_length=100, blank=True)
    at = models.DateTimeField("登録日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登録者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "販売費の率"
        ordering = ["kind", "subject", "zone", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "zone", "since"], name="costrate_once_a_day"),
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lte=100) & Q(yen__gte=0), name="costrate_is_a_cost"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.since}"


class SalesTarget(models.Model):
    """売上目標 of a month: of the whole company (no channel) or of one channel, 税抜."""

    month = models.DateField("月（1日）")
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="チャネル"
    )
    net_yen = models.BigIntegerField("目標（税抜）")
    set_at = models.DateTimeField("登録日時", default=clock.now)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登録者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "売上目標"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "channel"], nulls_distinct=False, name="salestarget_once"
            ),
            models.CheckConstraint(condition=Q(net_yen__gt=0), name="salestarget_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y/%m} {self.net_yen:,}"
