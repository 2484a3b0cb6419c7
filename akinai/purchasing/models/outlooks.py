"""適正在庫: what every SKU should have, computed each morning; the aim of the shop, and what other aims would cost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.purchasing.replenish.aims import LABELS, AimKind
from akinai.purchasing.replenish.classes import LABELS as PATTERNS


class StockOutlook(models.Model):
    """適正在庫 of one SKU as of `made_at`: pieces, yen and the words for them. Made anew as a whole."""

    class State(models.TextChoices):
        SHORT = "short", "足りない"
        RIGHT = "right", "適正"
        OVER = "over", "余っている"
        DEAD = "dead", "動いていない"
        NEW = "new", "記録が足りない"

    sku = models.OneToOneField("catalog.Sku", models.CASCADE, related_name="+", verbose_name="SKU")
    supplier = models.ForeignKey(
        "party.Supplier", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="仕入先"
    )
    state = models.CharField("判定", max_length=10, choices=State)
    abc = models.CharField("ABC", max_length=1, help_text="売上の順。A は上位 80% を作る商品")
    xyz = models.CharField("XYZ", max_length=1, blank=True, help_text="売れ方の安定。X は安定、Z は不規則")
    pattern = models.CharField(
        "売れ方", max_length=15, choices=[(str(key), text) for key, text in PATTERNS.items()]
    )
    sold_yen = models.BigIntegerField("期間の売上（税抜）")
    per_day = models.DecimalField("1日平均", max_digits=12, decimal_places=3)
    on_hand = models.IntegerField("現在庫")
    promised = models.IntegerField("引当・不足")
    incoming = models.IntegerField("発注残")
    lead_days = models.DecimalField("納期（日）", max_digits=6, decimal_places=1)
    safety = models.IntegerField("安全在庫")
    reorder_point = models.IntegerField("発注点")
    quantity = models.IntegerField("1回の発注数")
    surplus = models.IntegerField("余り", default=0)
    days_left = models.DecimalField("あと何日分", max_digits=7, decimal_places=1, null=True)
    turns = models.DecimalField("在庫回転（年）", max_digits=8, decimal_places=1, null=True)
    fill = models.DecimalField("充足率（%）", max_digits=4, decimal_places=1)
    stockouts = models.DecimalField("欠品の見込み（回/年）", max_digits=8, decimal_places=2)
    unit_cost = models.DecimalField("仕入単価（税抜）", max_digits=14, decimal_places=4)
    tied_up_yen = models.BigIntegerField("いまの在庫金額")
    best_yen = models.BigIntegerField("適正な平均在庫金額")
    holding_yen = models.BigIntegerField("持つ費用（年）")
    lost_yen = models.BigIntegerField("欠品で失う粗利（年）")
    act = models.CharField("処分の案", max_length=10, blank=True)
    gain_yen = models.BigIntegerField("処分の得", default=0)
    words = models.JSONField("説明", default=dict)
    weeks = models.JSONField("週ごとの需要", default=list)
    made_at = models.DateTimeField("計算日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "適正在庫"
        indexes = [
            models.Index(fields=["state", "-tied_up_yen", "id"], name="outlook_state"),
            models.Index(fields=["-tied_up_yen", "id"], name="outlook_yen"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.get_state_display()}"


class StockAim(models.Model):
    """在庫の目標 of the shop (one row), and the curve of what other levels would cost as of the last calculation."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(
        "目標",
        max_length=10,
        default=AimKind.CHEAPEST,
        choices=[(str(key), text) for key, text in LABELS.items()],
    )
    level = models.DecimalField("水準", max_digits=4, decimal_places=3, null=True, blank=True)
    curve = models.JSONField("目盛り", default=list)
    now = models.JSONField("いまの目標での見込み", default=dict)
    made_at = models.DateTimeField("計算日時", null=True, blank=True)
    changed_at = models.DateTimeField("変更日時", null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "在庫の目標"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="stock_aim_one_row"),
            models.CheckConstraint(
                condition=Q(kind="cheapest", level__isnull=True)
                | (~Q(kind="cheapest") & Q(level__gte="0.8", level__lte="0.999")),
                name="stock_aim_level",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
