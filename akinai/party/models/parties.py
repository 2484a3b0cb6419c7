"""取引先: who we sell to, who we buy from, and who we are."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.search import grams_field


class AccountKind(models.TextChoices):
    """預金種目 of Zengin files."""

    ORDINARY = "ordinary", "普通"
    CURRENT = "current", "当座"
    SAVINGS = "savings", "貯蓄"
    OTHER = "other", "その他"


class Company(models.Model):
    """自社: one row. The issuer of invoices and the sender of parcels."""

    class TaxRounding(models.TextChoices):
        DOWN = "down", "切り捨て"
        HALF_UP = "half_up", "四捨五入"
        UP = "up", "切り上げ"

    name = models.CharField("事業者名", max_length=100)
    shop_name = models.CharField("店舗名", max_length=100, blank=True)
    representative = models.CharField("代表者", max_length=60, blank=True)
    registration_number = models.CharField("登録番号", max_length=14, blank=True, help_text="T と数字13桁")
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    prefecture = models.CharField("都道府県", max_length=10, blank=True)
    city = models.CharField("市区町村", max_length=60, blank=True)
    line1 = models.CharField("番地", max_length=100, blank=True)
    line2 = models.CharField("建物名", max_length=100, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    bank_text = models.TextField("振込先", blank=True)
    tax_rounding = models.CharField(
        "税の端数処理", max_length=10, choices=TaxRounding, default=TaxRounding.DOWN
    )

    class CostMethod(models.TextChoices):
        AVERAGE = "average", "移動平均法"
        FIFO = "fifo", "先入先出法"
        LAST = "last", "最終仕入原価法"

    cost_method = models.CharField(
        "在庫の評価方法", max_length=10, choices=CostMethod, default=CostMethod.AVERAGE, db_default=CostMethod.AVERAGE,
        help_text="在庫表の金額の計算方法。税務署に届け出た方法にします（届出がなければ最終仕入原価法）。",
    )  # fmt: skip
    po_approval_yen = models.BigIntegerField(
        "発注の承認が要る金額（税抜）",
        null=True,
        blank=True,
        help_text="この金額を超える発注書は、作った人と別の人が承認します。空欄なら承認は要りません。",
    )

    class SlipTotals(models.TextChoices):
        REQUIRED = "required", "必須"
        OPTIONAL = "optional", "任意"

    slip_totals = models.CharField(
        "納品書の合計の入力", max_length=10, choices=SlipTotals, default=SlipTotals.REQUIRED, db_default=SlipTotals.REQUIRED,
        help_text="発注書のない入荷で、納品書の合計数量か合計金額を入れてから計上します。打ち間違いの多くはここで見つかります。",
    )  # fmt: skip
    # 総合振込の振込元: the account that suppliers are paid from.
    payer_bank_code = models.CharField("銀行コード", max_length=4, blank=True)
    payer_branch_code = models.CharField("支店コード", max_length=3, blank=True)
    payer_account_kind = models.CharField(
        "預金種目", max_length=10, choices=AccountKind, default=AccountKind.ORDINARY
    )
    payer_account_number = models.CharField("口座番号", max_length=7, blank=True)
    payer_kana = models.CharField("依頼人名（カナ）", max_length=40, blank=True)
    payer_code = models.CharField(
        "依頼人コード", max_length=10, blank=True, help_text="銀行から知らされた10桁"
    )

    class Meta:
        verbose_name = verbose_name_plural = "自社情報"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_one_row"),
            models.CheckConstraint(
                condition=models.Q(registration_number="")
                | models.Q(registration_number__regex=r"^T\d{13}$"),
                name="company_registration_number",
            ),
            models.CheckConstraint(
                condition=models.Q(po_approval_yen__isnull=True) | models.Q(po_approval_yen__gte=0),
                name="company_approval_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(payer_bank_code__regex=r"^(\d{4})?$")
                & models.Q(payer_branch_code__regex=r"^(\d{3})?$")
                & models.Q(payer_account_number__regex=r"^(\d{7})?$")
                & models.Q(payer_code__regex=r"^(\d{10})?$"),
                name="company_payer_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """顧客. `identity` is the natural key that orders are gathered under (mail, else phone and name)."""

    number = models.CharField("顧客番号", max_length=20, unique=True)
    identity = models.CharField("識別キー", max_length=200, unique=True)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    company = models.CharField("会社名", max_length=100, blank=True)
    payer_key = models.CharField("振込名義キー", max_length=100, blank=True)
    email = models.CharField("メールアドレス", max_length=254, blank=True)
    phone = models.CharField("電話番号", max_length=30, blank=True)
    postal_code = models.CharField("郵便番号", max_length=10, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    note = models.TextField("メモ", blank=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name="名寄せ先"
    )
    erased_at = models.DateTimeField("消去日時", null=True, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "顧客"
        permissions = [
            ("merge_customer", "顧客を名寄せできる"),
            ("see_contact_customer", "連絡先をそのまま見られる"),
            ("disclose_personal", "保有個人データの開示のファイルを作れる"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("pk")), name="customer_not_into_itself")
        ]
        indexes = [
            models.Index(fields=["kana", "id"], name="customer_kana"),
            models.Index(fields=["payer_key"], name="customer_payer_key"),
            GinIndex(fields=["search_grams"], name="customer_search"),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerMerge(models.Model):
    """名寄せ: which customer went into which, and what followed, so that it can be taken apart again. The row stays."""

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name="残した顧客")
    gone = models.ForeignKey(Customer, models.PROTECT, related_name="+", verbose_name="まとめた顧客")
    reason = models.CharField("理由", max_length=200)
    moved = models.JSONField("移したもの", default=dict)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
    )
    undone_reason = models.CharField("取り消した理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "名寄せ"
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="customermerge_once"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("gone")), name="customermerge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


class CustomerIdentity(models.Model):
    """顧客の別の識別キー: under which later orders of the same customer come, because his contact data were corrected."""

    identity = models.CharField("識別キー", max_length=200, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identities", verbose_name="顧客")

    class Meta:
        verbose_name = verbose_name_plural = "顧客の別の識別キー"

    def __str__(self) -> str:
        return f"{self.customer_id}"


class Opening(models.Model):
    """個人情報の閲覧記録: who opened whose page. Append-only; rows go only after years, by the timer. Numbers, no personal data.

    The customer is told by number, not by key: the row says what was on the screen then and follows no 名寄せ.
    """

    class Page(models.TextChoices):
        CUSTOMER = "customer", "顧客"
        ORDER = "order", "受注"
        DESK = "desk", "確認の机"
        TICKET = "ticket", "問い合わせ"
        INQUIRY = "inquiry", "フォームの問い合わせ"
        SHIPMENT = "shipment", "出荷"
        QUOTE = "quote", "見積"
        SUBSCRIPTION = "subscription", "定期購入"
        RETURN = "return", "返品・交換"
        INVOICE = "invoice", "請求書"
        PAYMENT = "payment", "入金"
        MAIL = "mail", "送信メール"
        ERASURE = "erasure", "消去の請求"
        EXPORT = "export", "一覧の書き出し"
        DISCLOSURE = "disclosure", "開示のファイル"

    at = models.DateTimeField("日時", default=clock.now)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="開いた人"
    )
    page = models.CharField("画面", max_length=20, choices=Page)
    subject = models.CharField("番号", max_length=60)
    customer_number = models.CharField("顧客番号", max_length=20, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    rows = models.PositiveIntegerField("件数", null=True, blank=True)
    slot = models.BigIntegerField(editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "個人情報の閲覧記録"
        default_permissions = ()
        permissions = [("read_openings", "個人情報の閲覧記録を見られる")]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "page", "subject", "slot"], condition=Q(rows=None), name="opening_once"
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="opening_at"),
            models.Index(fields=["staff", "-at", "-id"], name="opening_staff"),
            models.Index(fields=["customer_number", "-at", "-id"], name="opening_customer"),
            models.Index(fields=["subject"], name="opening_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_page_display()} {self.subject}"


class Supplier(models.Model):
    """仕入先."""

    number = models.CharField("仕入先番号", max_length=20, unique=True)
    code = models.CharField("仕入先コード", max_length=40, unique=True)
    name = models.CharField("仕入先名", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    registration_number = models.CharField("登録番号", max_length=14, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    phone = models.CharField("電話番号", max_length=30, blank=True)
    note = models.TextField("メモ", blank=True)
    is_active = models.BooleanField("取引中", default=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "仕入先"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
