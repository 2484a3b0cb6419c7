"""クーポン: what is taken off, for whom and how often; and the ledger of its uses."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from akinai.core import clock


class Coupon(models.Model):
    """クーポン. `used` is moved by the ledger's trigger alone: = uses less reversals, never above `total_limit`."""

    class Kind(models.TextChoices):
        YEN = "yen", "円引き"
        PERCENT = "percent", "％引き"
        SHIPPING = "shipping", "送料無料"

    code = models.CharField("クーポンコード", max_length=40, unique=True)
    name = models.CharField("クーポン名", max_length=80, help_text="お客様のカートと注文に表示されます。")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    amount = models.PositiveIntegerField(
        "値引", default=0, help_text="円、または％。送料無料では使いません。"
    )
    cap_yen = models.PositiveIntegerField("値引の上限", null=True, blank=True)
    minimum_yen = models.PositiveIntegerField("最低購入額", default=0)
    starts_on = models.DateField("開始日", null=True, blank=True)
    ends_on = models.DateField("終了日", null=True, blank=True)
    total_limit = models.PositiveIntegerField("全体の上限回数", null=True, blank=True)
    person_limit = models.PositiveIntegerField("1人の上限回数", null=True, blank=True, default=1)
    channels = ArrayField(
        models.CharField(max_length=30), verbose_name="使える店舗", default=list, blank=True
    )
    products: models.ManyToManyField = models.ManyToManyField(
        "catalog.Product", related_name="+", blank=True, verbose_name="対象の商品"
    )
    categories: models.ManyToManyField = models.ManyToManyField(
        "catalog.Category", related_name="+", blank=True, verbose_name="対象のカテゴリ"
    )
    for_first_order = models.BooleanField("初めてのお客様だけ", default=False)
    combinable = models.BooleanField("ほかのクーポンと併用できる", default=False)
    by_code_only = models.BooleanField("1回限りのコードだけで使える", default=False)
    code_days = models.PositiveIntegerField("コードの有効日数", null=True, blank=True)
    is_active = models.BooleanField("使用中", default=True)
    used = models.PositiveIntegerField("使われた回数", default=0, editable=False)
    note = models.TextField("メモ", blank=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登録した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "クーポン"
        constraints = [
            models.CheckConstraint(
                condition=Q(total_limit__isnull=True) | Q(used__lte=F("total_limit")), name="coupon_total_limit"
            ),
            models.CheckConstraint(
                condition=Q(kind="shipping") | (Q(kind="yen") & Q(amount__gt=0))
                | (Q(kind="percent") & Q(amount__range=(1, 100))), name="coupon_amount",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="coupon_period",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-created_at", "-id"], name="coupon_created_at")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @classmethod
    def givable(cls) -> models.QuerySet[Coupon]:
        """Those whose codes may be given today."""
        return cls.objects.filter(is_active=True).exclude(ends_on__lt=clock.today())

    @property
    def words(self) -> str:
        """500円引き、10％引き（上限 2,000円）、送料無料."""
        if self.kind == self.Kind.SHIPPING:
            return "送料無料"
        if self.kind == self.Kind.YEN:
            return f"{self.amount:,}円引き"
        return f"{self.amount}％引き" + (f"（上限 {self.cap_yen:,}円）" if self.cap_yen else "")


class CouponCode(models.Model):
    """1回限りのコード of a coupon, printed in a batch or given to one person. `is_used` is moved by the ledger alone."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="codes", verbose_name="クーポン")
    code = models.CharField("コード", max_length=40, unique=True)
    batch = models.CharField("束", max_length=60, blank=True)
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="渡したお客様"
    )
    # Whose it is, where no customer is known by name: the mark of the mail address that it was sent to.
    person = models.CharField("渡した方の印", max_length=80, blank=True, default="", db_default="")
    given_key = models.CharField("渡したわけ", max_length=120, null=True, blank=True, unique=True)
    expires_on = models.DateField("期限", null=True, blank=True)
    is_used = models.BooleanField("使用済", default=False, editable=False)
    created_at = models.DateTimeField("作成日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "クーポンのコード"
        indexes = [models.Index(fields=["coupon", "batch", "id"], name="couponcode_batch")]

    def __str__(self) -> str:
        return self.code


class CouponTally(models.Model):
    """1人の回数: how often one person uses a coupon, moved by the ledger alone. `person`: customer:12, or the mark of a mail address."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="tallies", verbose_name="クーポン")
    person = models.CharField("お客様", max_length=80)
    used = models.PositiveIntegerField("使った回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "クーポンの1人の回数"
        constraints = [models.UniqueConstraint(fields=["coupon", "person"], name="coupontally_once")]

    def __str__(self) -> str:
        return f"{self.coupon_id} {self.person} {self.used}"


class CouponUse(models.Model):
    """クーポンの使用. Append-only; what is taken back is a row of its own that names the first. `yen`: what it saved the buyer."""

    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="uses", verbose_name="クーポン")
    code = models.ForeignKey(
        CouponCode, models.PROTECT, null=True, blank=True, related_name="uses", verbose_name="コード"
    )
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="お客様"
    )
    person = models.CharField("お客様の印", max_length=80)
    # By what marks the buyer is known, for the trigger alone, which compares them with whose code it is and empties this.
    known_as = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, db_default=[], editable=False, verbose_name="買う方の印"
    )  # fmt: skip
    yen = models.BigIntegerField("値引額")
    is_first_order = models.BooleanField("初めてのご注文", default=False)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    reason = models.CharField("理由", max_length=200, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "クーポンの使用"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "coupon"], condition=Q(reverses__isnull=True), name="couponuse_once"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, yen__gte=0) | Q(reverses__isnull=False, yen__lte=0),
                name="couponuse_sign",
            ),
        ]
        indexes = [models.Index(fields=["coupon", "-at", "-id"], name="couponuse_coupon")]

    def __str__(self) -> str:
        return f"{self.coupon_id} {self.order_id} {self.yen:+,}"
