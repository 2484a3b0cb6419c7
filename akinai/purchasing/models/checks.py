"""検品と不一致: blind counts of what came, and every mismatch with its owner until it is settled."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.purchasing.states import DISCREPANCY_MOVES, DiscrepancyState


class ReceiptCount(models.Model):
    """検品: what one person counted of one SKU, without seeing what was expected. The newest turn counts."""

    receipt = models.ForeignKey(
        "purchasing.GoodsReceipt", models.CASCADE, related_name="counts", verbose_name="入荷"
    )
    turn = models.PositiveSmallIntegerField("回")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    quantity = models.PositiveIntegerField("数えた数")
    damaged = models.PositiveIntegerField("うち破損", default=0)
    lot = models.CharField("ロット番号", max_length=40, blank=True, default="")
    expires_on = models.DateField("期限", null=True, blank=True)
    counted_at = models.DateTimeField("日時", default=clock.now)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="数えた人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "検品"
        constraints = [
            models.UniqueConstraint(fields=["receipt", "turn", "sku", "lot"], name="receiptcount_once"),
            models.CheckConstraint(
                condition=Q(damaged__lte=models.F("quantity")), name="receiptcount_damaged_were_counted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.sku_id}: {self.quantity}"


class Discrepancy(models.Model):
    """不一致: order, slip, count and bill do not agree. `held` pieces lie in 検品・保留 as long as it is open."""

    MOVES = DISCREPANCY_MOVES

    class Kind(models.TextChoices):
        SHORT = "short", "数量不足"
        OVER = "over", "数量過多"
        WRONG_ITEM = "wrong_item", "商品違い"
        DAMAGED = "damaged", "破損"
        PRICE = "price", "単価違い"
        NOT_ORDERED = "not_ordered", "発注なし"
        BILL = "bill", "請求違い"

    class Cause(models.TextChoices):
        UNKNOWN = "", "調べている"
        SUPPLIER = "supplier", "仕入先の誤り"
        CARRIER = "carrier", "運送中"
        ORDER = "order", "自社の発注の誤り"
        COUNT = "count", "自社の検品・入力の誤り"

    class Resolution(models.TextChoices):
        NONE = "", "未定"
        ACCEPT = "accept", "受け入れる"
        RETURN = "return", "返品する"
        CLAIM = "claim", "値引・弁償を求める"
        CORRECT = "correct", "入荷を取り消して直す"

    class Goods(models.TextChoices):
        NONE = "", "動かさない"
        SHELF = "shelf", "棚に入れる"
        RETURN = "return", "仕入先に返す"
        SCRAP = "scrap", "廃棄する"

    number = models.CharField("不一致番号", max_length=20, unique=True)
    supplier = models.ForeignKey(
        "party.Supplier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="仕入先"
    )
    receipt = models.ForeignKey(
        "purchasing.GoodsReceipt",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="discrepancies",
        verbose_name="入荷",
    )
    receipt_line = models.ForeignKey(
        "purchasing.GoodsReceiptLine", models.PROTECT, null=True, blank=True, related_name="discrepancies",
        verbose_name="入荷明細",
    )  # fmt: skip
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, null=True, related_name="+", verbose_name="SKU")
    kind = models.CharField("種類", max_length=12, choices=Kind)
    state = models.CharField("状態", max_length=10, choices=DiscrepancyState, default=DiscrepancyState.OPEN)
    text = models.CharField("内容", max_length=300)
    quantity = models.PositiveIntegerField("数量")
    held = models.PositiveIntegerField("保留した数", default=0)
    expected = models.IntegerField("あるはずの数")
    found = models.IntegerField("実際の数")
    expected_cost = models.DecimalField("発注の単価", max_digits=14, decimal_places=4, null=True, blank=True)
    found_cost = models.DecimalField(
        "納品書・請求の単価", max_digits=14, decimal_places=4, null=True, blank=True
    )
    yen = models.BigIntegerField("金額（税抜）")
    cause = models.CharField("原因", max_length=10, choices=Cause, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当"
    )
    resolution = models.CharField("解決", max_length=10, choices=Resolution, blank=True)
    goods = models.CharField("商品の行き先", max_length=10, choices=Goods, blank=True)
    is_replaced = models.BooleanField("代わりを待つ", default=False)
    note = models.TextField("経緯", blank=True)
    created_at = models.DateTimeField("発生日時", default=clock.now)
    settled_at = models.DateTimeField("解決日時", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="解決した人",
    )

    class Meta:
        verbose_name = verbose_name_plural = "不一致"
        indexes = [
            models.Index(fields=["state", "-id"], name="discrepancy_state"),
            models.Index(fields=["supplier", "-id"], name="discrepancy_supplier"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(held__lte=models.F("quantity")), name="discrepancy_held"),
            models.CheckConstraint(
                condition=~Q(state="settled") | (~Q(resolution="") & Q(settled_at__isnull=False)),
                name="discrepancy_settled_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled", held__gt=0) | ~Q(goods=""),
                name="discrepancy_goods_went_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.number
