"""複数送付先: the other addresses of an order, and which of its pieces go there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.orders.models.orders import Order, OrderLine


class OrderAddress(models.Model):
    """送付先 beside the order's own. What no address has goes to the order's own.

    One that was taken off stays, without pieces: a withdrawn shipment may still name it.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="addresses", verbose_name="受注")
    no = models.PositiveSmallIntegerField("番号")
    name = models.CharField("送付先", max_length=100)
    kana = models.CharField("送付先カナ", max_length=100, blank=True)
    company = models.CharField("送付先会社名", max_length=100, blank=True)
    phone = models.CharField("送付先電話", max_length=30, blank=True)
    postal_code = models.CharField("送付先郵便番号", max_length=20)
    prefecture = models.CharField("送付先都道府県", max_length=40)
    city = models.CharField("送付先市区町村", max_length=100)
    line1 = models.CharField("送付先番地", max_length=200)
    line2 = models.CharField("送付先建物", max_length=200, blank=True)
    is_remote_island = models.BooleanField("離島", default=False)
    delivery_on = models.DateField("お届け希望日", null=True, blank=True)
    delivery_slot = models.CharField("お届け時間帯", max_length=10, blank=True)
    gift_note = models.TextField("のし・ラッピング", blank=True)
    channel_number = models.CharField(
        "店舗の送付先番号", max_length=60, blank=True
    )  # 楽天 送付先ID, EC-CUBE 出荷ID
    removed_at = models.DateTimeField("外した日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送付先"
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["order", "no"], name="orderaddress_once")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.no}"


class OrderAddressLine(models.Model):
    """送付先ごとの数量. `OrderLine.assigned` counts them, and is the guard."""

    address = models.ForeignKey(
        OrderAddress, models.PROTECT, related_name="lines", verbose_name="送付先", db_index=False
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="assignments", verbose_name="受注明細"
    )
    quantity = models.PositiveIntegerField("数量")

    class Meta:
        verbose_name = verbose_name_plural = "送付先の明細"
        constraints = [
            models.UniqueConstraint(fields=["address", "order_line"], name="orderaddressline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orderaddressline_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.address_id}: {self.quantity}"
