"""定期購入: what a customer gets again and again, every turn of it, and the notices before each."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.orders.intervals import Interval
from akinai.orders.models.orders import Order
from akinai.orders.ports import Address
from akinai.orders.states import SUBSCRIPTION_MOVES, IntervalKind, PaymentKind, SubscriptionState, TurnState


class Subscription(models.Model):
    """定期購入 SC-…. `next_on`: the day of the next delivery; `scheduled_on`: what the interval says of it, where the day was moved."""

    MOVES = SUBSCRIPTION_MOVES

    class Price(models.TextChoices):
        CURRENT = "current", "そのときの販売価格"
        FIXED = "fixed", "決めた価格"

    number = models.CharField("定期購入番号", max_length=20, unique=True)
    state = models.CharField(
        "状態", max_length=10, choices=SubscriptionState, default=SubscriptionState.ACTIVE
    )
    customer = models.ForeignKey("party.Customer", models.PROTECT, null=True, blank=True, verbose_name="顧客")
    buyer_name = models.CharField("お客様", max_length=100)
    buyer = models.JSONField("注文者")
    ship_to = models.JSONField("送付先")
    payment = models.CharField("支払方法", max_length=20, choices=PaymentKind)
    # None: each turn takes what the fee table of its day says.
    shipping_yen = models.BigIntegerField("送料", null=True, blank=True)
    cod_fee_yen = models.BigIntegerField("代引手数料", null=True, blank=True)
    interval_kind = models.CharField("間隔", max_length=12, choices=IntervalKind)
    every = models.PositiveSmallIntegerField("いくつごと", default=1)
    month_day = models.PositiveSmallIntegerField("日", default=0)
    week = models.PositiveSmallIntegerField("第何週", default=0)
    weekday = models.PositiveSmallIntegerField("曜日", default=0)
    delivery_slot = models.CharField("お届け時間帯", max_length=10, blank=True)
    days_before = models.PositiveSmallIntegerField("受注をつくる日（営業日前）", default=3)
    notice_days = models.PositiveSmallIntegerField("お知らせ（受注の日の前）", default=5)
    price_is = models.CharField("価格", max_length=10, choices=Price, default=Price.CURRENT)
    discount_percent = models.PositiveSmallIntegerField("毎回の割引(%)", default=0)
    first_percent = models.PositiveSmallIntegerField("初回の割引(%)", null=True, blank=True)
    least_turns = models.PositiveSmallIntegerField("最低の回数", default=0)
    next_on = models.DateField("次のお届け日")
    scheduled_on = models.DateField("予定の日")
    order_on = models.DateField("受注をつくる日")
    next_turn = models.PositiveIntegerField("次の回", default=1)
    shop_note = models.TextField("店舗メモ", blank=True)
    ended_reason = models.CharField("終了の理由", max_length=200, blank=True)
    ended_at = models.DateTimeField("終了日時", null=True, blank=True)
    began_from = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="もとの受注"
    )
    version = models.PositiveIntegerField("版", default=1)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    search_text = models.TextField(blank=True, default="", editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "定期購入"
        constraints = [
            models.CheckConstraint(condition=Q(every__gte=1), name="subscription_every"),
            models.CheckConstraint(
                condition=Q(discount_percent__lte=100) & (Q(first_percent=None) | Q(first_percent__lte=100)),
                name="subscription_percent",
            ),
            models.CheckConstraint(
                condition=Q(shipping_yen__gte=0, cod_fee_yen__gte=0), name="subscription_yen_not_negative"
            ),
            models.CheckConstraint(condition=Q(order_on__lte=models.F("next_on")), name="subscription_orders_first"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | ~Q(state="ended") & Q(ended_at=None),
                name="subscription_ended_at",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["order_on", "id"], condition=Q(state="active"), name="subscription_due"),
            models.Index(fields=["next_on", "id"], name="subscription_next"),
            GinIndex(fields=["search_grams"], name="subscription_search"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def interval(self) -> Interval:
        return Interval(self.interval_kind, self.every, self.month_day, self.week, self.weekday)

    @property
    def buyer_address(self) -> Address:
        return Address(**self.buyer)

    @property
    def ship_address(self) -> Address:
        return Address(**self.ship_to)


class SubscriptionLine(models.Model):
    """定期購入の明細. `unit_price_yen` 税込, of a fixed price."""

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="lines", verbose_name="定期購入"
    )
    line_no = models.PositiveSmallIntegerField("行")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    quantity = models.PositiveIntegerField("数量")
    unit_price_yen = models.BigIntegerField("単価（税込）", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定期購入の明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["subscription", "line_no"], name="subscriptionline_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="subscriptionline_pieces"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}/{self.line_no}"


class SubscriptionTurn(models.Model):
    """回: one delivery of a subscription: made into an order, skipped, or not possible yet. Each number once."""

    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="turns", verbose_name="定期購入"
    )
    turn = models.PositiveIntegerField("回")
    delivery_on = models.DateField("お届け日")
    state = models.CharField("状態", max_length=10, choices=TurnState)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="subscription_turn", verbose_name="受注"
    )
    reason = models.CharField("理由", max_length=300, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "定期購入の回"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "turn"], name="subscriptionturn_once"),
            models.CheckConstraint(
                condition=Q(state="made", order__isnull=False) | ~Q(state="made") & Q(order=None),
                name="subscriptionturn_made_has_order",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="subscriptionturn_at"),
            models.Index(fields=["id"], condition=Q(state="failed"), name="subscriptionturn_failed"),
        ]

    def __str__(self) -> str:
        return f"第{self.turn}回"


class SubscriptionNotice(models.Model):
    """お届け前のお知らせ: one mail for each turn and day."""

    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="notices", verbose_name="定期購入"
    )
    turn = models.PositiveIntegerField("回")
    delivery_on = models.DateField("お届け日")
    to = models.CharField("宛先", max_length=254, blank=True)
    reason = models.CharField("送らなかった理由", max_length=200, blank=True)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "定期購入のお知らせ"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "turn", "delivery_on"], name="subscriptionnotice_once")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subscription_id} 第{self.turn}回"
