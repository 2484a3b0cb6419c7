"""ポイント: the ledger of the own shop's points. One point is one yen off a later order."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from akinai.core import clock


def _own() -> list[str]:
    return ["own"]


class PointSettings(models.Model):
    """ポイントの決まり: one row."""

    class Rounding(models.TextChoices):
        FLOOR = "floor", "切り捨て"
        HALF_UP = "half_up", "四捨五入"
        CEIL = "ceil", "切り上げ"

    is_on = models.BooleanField("ポイントを付ける", default=True)
    rate = models.DecimalField("付与率", max_digits=5, decimal_places=2, default=Decimal(1))
    rounding = models.CharField("端数", max_length=10, choices=Rounding, default=Rounding.FLOOR)
    channels = ArrayField(
        models.CharField(max_length=30), verbose_name="付ける店舗", default=_own, blank=True
    )
    valid_days = models.PositiveIntegerField("有効日数", null=True, blank=True, default=365)
    notice_days = models.PositiveIntegerField("期限前のお知らせ", default=30)
    least_points = models.PositiveIntegerField("1回に使う最少", default=1)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "ポイントの決まり"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="pointsettings_one"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=100), name="pointsettings_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.rate}%"


class PointEntry(models.Model):
    """ポイントの出入り. Append-only. Points that come in are a lot of their own with their last day; those that go out say from which lots."""

    class Kind(models.TextChoices):
        EARNED = "earned", "お買い物で付与"
        USED = "used", "ご利用"
        EXPIRED = "expired", "期限切れ"
        GIVEN = "given", "進呈"
        REVERSED = "reversed", "取消"
        CORRECTED = "corrected", "訂正"
        MOVED = "moved", "名寄せ"

    customer = models.ForeignKey("party.Customer", models.PROTECT, related_name="+", verbose_name="お客様")
    points = models.IntegerField("ポイント")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受注"
    )
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    expires_on = models.DateField("期限", null=True, blank=True)
    key = models.CharField("冪等キー", max_length=120, unique=True)
    rate = models.DecimalField("付与率", max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.CharField("理由", max_length=200, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "ポイントの履歴"
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind__in=["earned", "given"], points__gt=0))
                | Q(kind__in=["used", "expired"], points__lt=0)
                | (Q(kind__in=["reversed", "corrected", "moved"]) & ~Q(points=0)),
                name="pointentry_sign",
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0) | Q(expires_on__isnull=True), name="pointentry_only_lots_expire"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["earned", "used"]) | Q(order__isnull=False),
                name="pointentry_has_order",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="pointentry_customer"),
            models.Index(fields=["-at", "-id"], name="pointentry_at"),
            models.Index(fields=["kind", "-at", "-id"], name="pointentry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.points:+,}"


class PointLot(models.Model):
    """ポイントの残り of one entry that came in. Made and moved by the ledger's triggers alone."""

    entry = models.OneToOneField(
        PointEntry, models.PROTECT, primary_key=True, related_name="lot", verbose_name="付与"
    )
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, related_name="+", verbose_name="お客様", db_index=False
    )
    expires_on = models.DateField("期限", null=True, blank=True)
    left_points = models.IntegerField("残り")

    class Meta:
        verbose_name = verbose_name_plural = "ポイントの残り"
        constraints = [
            models.CheckConstraint(condition=Q(left_points__gte=0), name="pointlot_never_below_zero")
        ]
        indexes = [
            models.Index(fields=["customer", "expires_on", "entry"], name="pointlot_open", condition=Q(left_points__gt=0)),
            models.Index(fields=["expires_on", "customer"], name="pointlot_due", condition=Q(left_points__gt=0)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.left_points}"


class PointDraw(models.Model):
    """どの付与から使ったか. Append-only: of an entry that goes out, how many of which lot."""

    entry = models.ForeignKey(PointEntry, models.PROTECT, related_name="draws", verbose_name="出")
    lot = models.ForeignKey(PointLot, models.PROTECT, related_name="draws", verbose_name="付与")
    points = models.PositiveIntegerField("ポイント")

    class Meta:
        verbose_name = verbose_name_plural = "ポイントの内訳"
        constraints = [models.UniqueConstraint(fields=["entry", "lot"], name="pointdraw_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} ← {self.lot_id}: {self.points}"


class PointBalance(models.Model):
    """ポイント残高: = the sum of the customer's entries, moved by the ledger's trigger. The database never lets it fall below 0."""

    customer = models.OneToOneField(
        "party.Customer", models.PROTECT, primary_key=True, related_name="+", verbose_name="お客様"
    )
    points = models.IntegerField("残高", default=0)
    moved_at = models.DateTimeField("最後の動き", default=clock.now)
    noticed_for = models.DateField("お知らせ済みの期限", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "ポイント残高"
        constraints = [models.CheckConstraint(condition=Q(points__gte=0), name="points_never_below_zero")]
        indexes = [models.Index(fields=["-points", "-customer"], name="pointbalance_points")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.points}"
