"""仕入条件・仕入先商品: on what terms a supplier sells, and what it sells under which code at which price."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.business_days import END_OF_MONTH


class SupplierTerms(models.Model):
    """仕入条件 of one supplier: when it is paid, how it is ordered from, and into which account the money goes."""

    class WhenClosed(models.TextChoices):
        PREVIOUS = "previous", "前営業日"
        NEXT = "next", "翌営業日"
        AS_IS = "as_is", "そのまま"

    class TaxRounding(models.TextChoices):
        DOWN = "down", "切り捨て"
        HALF_UP = "half_up", "四捨五入"
        UP = "up", "切り上げ"

    class AccountKind(models.TextChoices):
        ORDINARY = "ordinary", "普通"
        CURRENT = "current", "当座"
        SAVINGS = "savings", "貯蓄"
        OTHER = "other", "その他"

    supplier = models.OneToOneField(
        "party.Supplier", models.PROTECT, related_name="terms", verbose_name="仕入先"
    )
    closing_day = models.PositiveSmallIntegerField(
        "締め日", default=END_OF_MONTH, validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="31 は末日",
    )  # fmt: skip
    payment_month_offset = models.PositiveSmallIntegerField(
        "支払月", default=1, validators=[MaxValueValidator(6)], help_text="締め日の何か月後（翌月は 1）"
    )
    payment_day = models.PositiveSmallIntegerField(
        "支払日", default=END_OF_MONTH, validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="31 は末日",
    )  # fmt: skip
    when_closed = models.CharField(
        "支払日が銀行の休日のとき", max_length=10, choices=WhenClosed, default=WhenClosed.PREVIOUS
    )
    min_order_yen = models.BigIntegerField("最低発注額（税抜）", default=0)
    free_shipping_yen = models.BigIntegerField("送料無料になる額（税抜）", default=0)
    shipping_yen = models.BigIntegerField("送料（税抜）", default=0)
    lead_days = models.PositiveSmallIntegerField(
        "納期（日）", null=True, blank=True, help_text="発注から入荷まで、仕入先の約束"
    )
    review_days = models.PositiveSmallIntegerField(
        "発注の間隔（日）", default=7, validators=[MinValueValidator(1), MaxValueValidator(180)]
    )
    reply_days = models.PositiveSmallIntegerField(
        "返事を待つ営業日", default=2, help_text="これを過ぎると「返事待ち」に出ます"
    )
    order_email = models.EmailField("発注先メール", blank=True, help_text="空欄なら仕入先のメールアドレス")
    contact = models.CharField("ご担当", max_length=60, blank=True)
    fax = models.CharField("FAX", max_length=30, blank=True)
    tax_rounding = models.CharField(
        "税の端数処理", max_length=10, choices=TaxRounding, default=TaxRounding.DOWN
    )
    bank_code = models.CharField("銀行コード", max_length=4, blank=True)
    branch_code = models.CharField("支店コード", max_length=3, blank=True)
    account_kind = models.CharField(
        "預金種目", max_length=10, choices=AccountKind, default=AccountKind.ORDINARY
    )
    account_number = models.CharField("口座番号", max_length=7, blank=True)
    account_kana = models.CharField("口座名義（カナ）", max_length=30, blank=True)
    changed_at = models.DateTimeField("変更日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "仕入条件"
        constraints = [
            models.CheckConstraint(
                condition=Q(closing_day__range=(1, 31)) & Q(payment_day__range=(1, 31)) & Q(review_days__gte=1),
                name="terms_days",
            ),
            models.CheckConstraint(
                condition=Q(min_order_yen__gte=0) & Q(free_shipping_yen__gte=0) & Q(shipping_yen__gte=0),
                name="terms_yen_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(bank_code__regex=r"^(\d{4})?$")
                & Q(branch_code__regex=r"^(\d{3})?$")
                & Q(account_number__regex=r"^(\d{7})?$"),
                name="terms_account_digits",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.supplier} の仕入条件"

    @property
    def has_account(self) -> bool:
        """Can it be paid by 総合振込?"""
        return bool(self.bank_code and self.branch_code and self.account_number and self.account_kana)


class SupplierItem(models.Model):
    """仕入先商品: what one supplier calls and charges for one of our SKUs from a day on. A new price is a new row."""

    supplier = models.ForeignKey(
        "party.Supplier", models.PROTECT, related_name="items", verbose_name="仕入先"
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    supplier_code = models.CharField("仕入先の商品コード", max_length=64)
    supplier_name = models.CharField("仕入先の商品名", max_length=255, blank=True)
    unit_cost = models.DecimalField("仕入単価（税抜）", max_digits=14, decimal_places=4)
    order_unit = models.CharField("発注単位", max_length=20, blank=True, help_text="ケース・袋など")
    lot = models.PositiveIntegerField("入数（ロット）", default=1, help_text="この数の倍数で発注します")
    moq = models.PositiveIntegerField("最小発注数", default=1)
    lead_days = models.PositiveSmallIntegerField("納期（日）", null=True, blank=True)
    is_preferred = models.BooleanField("優先", default=False)
    ended_on = models.DateField("取扱終了日", null=True, blank=True)
    valid_from = models.DateField("適用開始日")
    created_at = models.DateTimeField("登録日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "仕入先商品"
        indexes = [models.Index(fields=["sku", "supplier", "-valid_from", "-id"], name="supplieritem_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "supplier_code", "valid_from"], name="supplieritem_code_once"
            ),
            models.UniqueConstraint(fields=["supplier", "sku", "valid_from"], name="supplieritem_sku_once"),
            models.UniqueConstraint(
                fields=["sku"], condition=Q(is_preferred=True), name="supplieritem_one_preferred"
            ),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="supplieritem_cost_not_negative"),
            models.CheckConstraint(condition=Q(lot__gte=1) & Q(moq__gte=1), name="supplieritem_pieces"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_code} {self.unit_cost}"
