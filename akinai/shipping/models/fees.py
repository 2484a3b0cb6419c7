"""送料表: what a parcel costs the buyer, by where it goes and how cold it travels; with what comes on top and what is free."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from akinai.core import clock
from akinai.core.postal import PREFECTURES
from akinai.core.transitions import moves
from akinai.shipping.states import Service

MOST_YEN = 999_999
EVERYWHERE = "全国"
KINDS = [
    ("", "すべて"),
    *((one.value, str(one.label)) for one in (Service.PARCEL, Service.COMPACT, Service.MAIL)),
]


class FeeTable(models.Model):
    """送料表: a version, from one day until the next version begins. Once it is 公開 nothing in it changes any more."""

    class State(models.TextChoices):
        DRAFT = "draft", "下書き"
        LIVE = "live", "公開"
        WITHDRAWN = "withdrawn", "取り下げ"

    MOVES = moves(("publish", {State.DRAFT}, State.LIVE), ("take_back", {State.LIVE}, State.WITHDRAWN))

    name = models.CharField("名前", max_length=60)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField("適用開始日")
    valid_until = models.DateField("適用終了日", null=True, blank=True, help_text="空欄なら次の送料表まで。")
    tax_rate = models.PositiveSmallIntegerField("税率", default=10)
    note = models.CharField("メモ", max_length=200, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当者"
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "送料表"
        constraints = [
            ExclusionConstraint(
                name="feetable_one_at_a_time",
                expressions=[
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            RangeBoundary(inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(state="live"),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="feetable_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["-valid_from", "-id"], name="feetable_newest")]

    def __str__(self) -> str:
        return self.name


class ShippingFee(models.Model):
    """送料 of one region. A temperature without a price is not sent there. `service` "" is every way of sending."""

    table = models.ForeignKey(FeeTable, models.CASCADE, related_name="fees", verbose_name="送料表")
    region = models.CharField("地域", max_length=30)
    prefectures = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name="都道府県"
    )
    postal_prefix = models.CharField("郵便番号の先頭", max_length=7, blank=True)
    service = models.CharField("届け方", max_length=10, choices=KINDS, blank=True)
    normal_yen = models.PositiveIntegerField("常温（税込）", null=True, blank=True)
    chilled_yen = models.PositiveIntegerField("冷蔵（税込）", null=True, blank=True)
    frozen_yen = models.PositiveIntegerField("冷凍（税込）", null=True, blank=True)
    position = models.PositiveSmallIntegerField("順番", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "送料"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "region", "postal_prefix", "service"], name="shippingfee_once"
            ),
            models.CheckConstraint(
                condition=~Q(prefectures=[]) | ~Q(postal_prefix=""), name="shippingfee_has_place"
            ),
            models.CheckConstraint(
                condition=Q(normal_yen__isnull=False) | Q(chilled_yen__isnull=False) | Q(frozen_yen__isnull=False),
                name="shippingfee_has_price",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.region

    @property
    def places(self) -> str:
        """都道府県, in words."""
        return EVERYWHERE if len(self.prefectures) == len(PREFECTURES) else "・".join(self.prefectures)


class FeeSurcharge(models.Model):
    """送料の加算: on top of the region's charge, for islands, a prefecture or the beginning of a postal code."""

    table = models.ForeignKey(FeeTable, models.CASCADE, related_name="surcharges", verbose_name="送料表")
    name = models.CharField("名前", max_length=30)
    is_island = models.BooleanField("離島", default=False)
    prefecture = models.CharField("都道府県", max_length=10, blank=True)
    postal_prefix = models.CharField("郵便番号の先頭", max_length=7, blank=True)
    yen = models.PositiveIntegerField("加算（税込）")
    even_when_free = models.BooleanField("送料無料でも加算する", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "送料の加算"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "name"], name="feesurcharge_once"),
            models.CheckConstraint(
                condition=Q(is_island=True) | ~Q(prefecture="") | ~Q(postal_prefix=""),
                name="feesurcharge_has_place",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FreeLine(models.Model):
    """送料無料ライン of one channel, or of all that have none of their own."""

    table = models.ForeignKey(FeeTable, models.CASCADE, related_name="free_lines", verbose_name="送料表")
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="店舗"
    )
    from_yen = models.PositiveIntegerField("商品代（税込）がこの額以上")
    covers_islands = models.BooleanField("離島・沖縄も無料", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "送料無料ライン"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "channel"], nulls_distinct=False, name="freeline_once_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_yen:,} 円以上"


class CodFee(models.Model):
    """代引手数料 by the amount to be collected."""

    table = models.ForeignKey(FeeTable, models.CASCADE, related_name="cod_fees", verbose_name="送料表")
    up_to_yen = models.PositiveIntegerField(
        "代引金額がこの額まで", null=True, blank=True, help_text="空欄なら、それより上すべて。"
    )
    yen = models.PositiveIntegerField("手数料（税込）")

    class Meta:
        verbose_name = verbose_name_plural = "代引手数料"
        ordering = [F("up_to_yen").asc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "up_to_yen"], nulls_distinct=False, name="codfee_once_per_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.yen:,} 円"
