"""売上台帳: what was earned, line by line, on the day the goods left or came back; and its sums per day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from akinai.core import clock


class RevenueEntry(models.Model):
    """売上の行. Append-only. One row per line or charge of an order and event; a slip is all rows of one event.

    `turn` counts how often the order has left: what is taken back and leaves again begins anew. `counts` is +1 on the first
    row of a slip that ships an order and −1 on the first row of one that takes it back, so that orders can be added up.
    """

    class Event(models.TextChoices):
        SHIP = "ship", "出荷"
        UNSHIP = "unship", "出荷取消・金額の訂正"
        CREDIT = "credit", "返品・値引"
        RETURN = "return", "返品（商品）"

    class Kind(models.TextChoices):
        GOODS = "goods", "商品"
        SHIPPING = "shipping", "送料"
        FEE = "fee", "手数料"
        DISCOUNT = "discount", "値引・クーポン"
        POINTS = "points", "ポイント値引"
        PAID_POINTS = "paid_points", "ポイントでのお支払い"
        OTHER = "other", "調整"

    # The order is the anchor. Its line, goods and channel cannot go while it stands, so they are not looked up again for
    # every row of a hundred thousand.
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    order_line = models.ForeignKey(
        "orders.OrderLine",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="受注明細",
        db_index=False,
        db_constraint=False,
    )
    sku = models.ForeignKey(
        "catalog.Sku",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="SKU",
        db_index=False,
        db_constraint=False,
    )
    channel = models.ForeignKey(
        "channels.Channel",
        models.PROTECT,
        related_name="+",
        verbose_name="チャネル",
        db_index=False,
        db_constraint=False,
    )
    # Of an order that leaves in parts: the parcel that a row tells of.
    shipment = models.ForeignKey(
        "shipping.Shipment",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="出荷",
        db_index=False,
        db_constraint=False,
    )
    category = models.CharField("カテゴリ", max_length=100, blank=True)
    on = models.DateField("計上日")
    event = models.CharField("出来事", max_length=8, choices=Event)
    kind = models.CharField("種類", max_length=12, choices=Kind)
    slip = models.CharField("伝票", max_length=40)
    turn = models.PositiveSmallIntegerField("何回目の出荷か", default=1)
    counts = models.SmallIntegerField("受注の数", default=0)
    quantity = models.IntegerField("数量", default=0)
    rate = models.PositiveSmallIntegerField("税率(%)")
    net_yen = models.BigIntegerField("税抜")
    tax_yen = models.BigIntegerField("消費税")
    gross_yen = models.BigIntegerField("税込")
    cost_yen = models.DecimalField("原価（税抜）", max_digits=16, decimal_places=4, default=0)
    line_no = models.PositiveSmallIntegerField("伝票の行")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="取消元", db_index=False
    )
    at = models.DateTimeField("記帳日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "売上台帳"
        permissions = [("view_profit", "原価・粗利を見られる")]
        indexes = [
            models.Index(
                fields=["on", "sku"], name="revenue_on",
                include=["channel", "category", "kind", "quantity", "net_yen", "cost_yen"],
            ),
            models.Index(fields=["order"], name="revenue_returns", condition=Q(event="return")),
        ]  # fmt: skip
        constraints = [
            # No slip is written twice, whoever writes it.
            models.UniqueConstraint(fields=["slip", "line_no"], name="revenue_once"),
            models.CheckConstraint(
                condition=Q(gross_yen=F("net_yen") + F("tax_yen")), name="revenue_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slip} {self.gross_yen:+,}"


class DailySales(models.Model):
    """日別売上: the sums of the ledger per day, channel and category, moved by the database with every row it takes.

    `net_yen` is what was earned (税抜): goods and charges less cuts, without points that were a means of payment.
    """

    on = models.DateField("日付")
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, related_name="+", verbose_name="チャネル", db_index=False
    )
    category = models.CharField("カテゴリ", max_length=100, blank=True)
    orders = models.IntegerField("受注", default=0)
    quantity = models.IntegerField("点数", default=0)
    goods_yen = models.BigIntegerField("商品", default=0)
    charges_yen = models.BigIntegerField("送料・手数料", default=0)
    cuts_yen = models.BigIntegerField("値引・ポイント", default=0)
    returns_yen = models.BigIntegerField("返品・値引", default=0)
    net_yen = models.BigIntegerField("売上（税抜）", default=0)
    tax_yen = models.BigIntegerField("消費税", default=0)
    gross_yen = models.BigIntegerField("売上（税込）", default=0)
    paid_points_yen = models.BigIntegerField("ポイントでのお支払い", default=0)
    cost_yen = models.DecimalField("原価", max_digits=18, decimal_places=4, default=0)

    class Meta:
        verbose_name = verbose_name_plural = "日別売上"
        constraints = [models.UniqueConstraint(fields=["on", "channel", "category"], name="dailysales_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.channel_id} {self.net_yen:,}"
