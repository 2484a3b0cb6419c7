"""ギフトの選択肢: wrapping, のし, bags and cards that the shop offers, with their prices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class GiftOption(models.Model):
    """ギフトの選択肢. Taxed at the standard rate, like all services; orders keep the price they were given."""

    class Kind(models.TextChoices):
        WRAPPING = "wrapping", "ラッピング"
        NOSHI = "noshi", "のし"
        BAG = "bag", "手提げ袋"
        CARD = "card", "メッセージカード"

    name = models.CharField("名前", max_length=40, unique=True)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    price_yen = models.BigIntegerField("価格（税込・1 点）", default=0)
    is_active = models.BooleanField("使う", default=True)
    note = models.CharField("メモ", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ギフトの選択肢"
        constraints = [
            models.CheckConstraint(condition=Q(price_yen__gte=0), name="giftoption_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.name
