"""価格の予約: a price that comes at a moment, and goes again where an end was said; 最低価格 of what is sold."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from akinai.catalog.states import SCHEDULE_MOVES, ScheduleState
from akinai.core import clock


class PriceSchedule(models.Model):
    """価格の予約. Two of one SKU never overlap: an exclusion constraint refuses it (migration 0012).

    `price_before` and `list_price_before` are what stood when it began; its end brings them back unless somebody
    changed the price in between.
    """

    State = ScheduleState
    MOVES: ClassVar = SCHEDULE_MOVES

    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="schedules", verbose_name="SKU")
    price_yen = models.BigIntegerField("価格（税込）")
    list_price_yen = models.BigIntegerField("表示価格（税込）", null=True, blank=True)
    starts_at = models.DateTimeField("開始日時")
    ends_at = models.DateTimeField("終了日時", null=True, blank=True)
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状態", max_length=10, choices=ScheduleState, default=ScheduleState.WAITING)
    price_before = models.BigIntegerField("開始前の価格", null=True, blank=True)
    list_price_before = models.BigIntegerField("開始前の表示価格", null=True, blank=True)
    note = models.CharField("結果", max_length=200, blank=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "価格の予約"
        indexes = [
            models.Index(fields=["state", "starts_at"], name="priceschedule_due"),
            models.Index(fields=["sku", "-id"], name="priceschedule_sku"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(price_yen__gte=1), name="priceschedule_price"),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="priceschedule_ends_later",
            ),
            models.CheckConstraint(
                condition=models.Q(list_price_yen__isnull=True)
                | models.Q(list_price_yen__gt=models.F("price_yen")),
                name="priceschedule_list_price_higher",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ScheduleState.RUNNING)
                | models.Q(price_before__isnull=False, ends_at__isnull=False),
                name="priceschedule_running_knows_the_way_back",
            ),
        ]

    def __str__(self) -> str:
        return f"価格の予約 {self.pk}"


class LowestPrice(models.Model):
    """最低価格 of a product: the lowest price of its SKUs that are sold, NULL while none is. Yen 税込.

    Only the database writes it, a row with every new product (migration 0023) and its price with every change of a SKU
    (0022), so that lists by price and counts of very many goods need not read the SKUs, and all other lists only pass
    over those few that have none.
    """

    product = models.OneToOneField(
        "catalog.Product", models.CASCADE, primary_key=True, related_name="lowest", verbose_name="商品"
    )
    price_yen = models.BigIntegerField("最低価格（税込）", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "最低価格"
        indexes = [
            models.Index(
                fields=["price_yen", "product"],
                condition=models.Q(price_yen__isnull=False),
                name="lowestprice_order",
            ),
            models.Index(
                fields=["product"], condition=models.Q(price_yen__isnull=True), name="lowestprice_none"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.price_yen}"
