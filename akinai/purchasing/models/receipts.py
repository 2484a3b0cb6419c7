"""仕入: goods receipts. A receipt is a draft until posted; a posted one is undone only by reversal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.purchasing.states import RECEIPT_MOVES, ReceiptState
from akinai.purchasing.totals import Totals


class GoodsReceipt(models.Model):
    """入荷・仕入伝票."""

    MOVES = RECEIPT_MOVES

    number = models.CharField("入荷番号", max_length=20, unique=True)
    supplier = models.ForeignKey(
        "party.Supplier", models.PROTECT, null=True, blank=True, verbose_name="仕入先"
    )
    purchase_order = models.ForeignKey(
        "purchasing.PurchaseOrder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name="発注書",
    )
    supplier_slip_no = models.CharField("仕入先の伝票番号", max_length=60, blank=True)
    received_on = models.DateField("入荷日")
    location = models.ForeignKey("stock.Location", models.PROTECT, verbose_name="入荷場所")
    state = models.CharField("状態", max_length=10, choices=ReceiptState, default=ReceiptState.DRAFT)
    # 伝票合計: what the supplier printed under the lines, to check them by.
    slip_pieces = models.PositiveIntegerField("納品書の合計数量", null=True, blank=True)
    slip_net_yen = models.BigIntegerField("納品書の合計金額（税抜）", null=True, blank=True)
    slip_gross_yen = models.BigIntegerField("納品書の合計金額（税込）", null=True, blank=True)
    slip_other_yen = models.BigIntegerField("合計に入っている送料・値引など（税抜）", default=0, db_default=0)
    note = models.TextField("メモ", blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    posted_at = models.DateTimeField("計上日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "入荷（仕入伝票）"
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="receipt_received_on"),
            GinIndex(fields=["search_grams"], name="receipt_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "supplier_slip_no"],
                condition=Q(state="posted") & ~Q(supplier_slip_no=""),
                name="receipt_slip_posted_once",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def totals(self) -> Totals:
        return Totals(self.slip_pieces, self.slip_net_yen, self.slip_gross_yen, self.slip_other_yen)

    @totals.setter
    def totals(self, told: Totals) -> None:
        self.slip_pieces, self.slip_net_yen = told.pieces, told.net_yen
        self.slip_gross_yen, self.slip_other_yen = told.gross_yen, told.other_yen

    @property
    def needs_totals(self) -> bool:
        """A supplier's slip that answers no order has nothing else to be checked by."""
        has_nothing = self.purchase_order_id is None and not self.totals.are_told
        return self.supplier_id is not None and has_nothing


class GoodsReceiptLine(models.Model):
    """入荷明細."""

    receipt = models.ForeignKey(GoodsReceipt, models.CASCADE, related_name="lines", verbose_name="入荷")
    line_no = models.PositiveIntegerField("行")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    order_line = models.ForeignKey(
        "purchasing.PurchaseOrderLine", models.PROTECT, null=True, blank=True, related_name="arrivals",
        verbose_name="発注明細",
    )  # fmt: skip
    quantity = models.PositiveIntegerField("数量")
    slip_quantity = models.PositiveIntegerField(
        "納品書の数", null=True, blank=True, help_text="検品した数と別に、納品書に書いてある数"
    )
    damaged = models.PositiveIntegerField("うち破損", default=0)
    lot = models.CharField("ロット番号", max_length=40, blank=True, default="")
    expires_on = models.DateField("期限", null=True, blank=True)
    unit_cost = models.DecimalField(
        "仕入単価（税抜）", max_digits=14, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = "入荷明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "line_no"], name="receiptline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(slip_quantity__gt=0), name="receiptline_positive"
            ),
            models.CheckConstraint(condition=Q(damaged__lte=F("quantity")), name="receiptline_damaged_came"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}/{self.line_no}"

    @property
    def amount(self) -> Decimal | None:
        """金額（税抜） to the last fraction, None while the cost is unknown."""
        return None if self.unit_cost is None else self.quantity * self.unit_cost

    @property
    def amount_yen(self) -> int | None:
        return None if self.amount is None else yen_of(self.amount)


def yen_of(amount: Decimal) -> int:
    """Whole yen of an amount (half a yen up); a sum is rounded once, not its lines."""
    return int(amount.to_integral_value(ROUND_HALF_UP))
