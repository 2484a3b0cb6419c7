"""マイページのもの: addresses, favourites, and who wants to be told when goods are there again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.core import clock, postal
from akinai.orders import ports
from akinai.shop.models.members import Member

MOST_ADDRESSES = 20


class Address(models.Model):
    """お届け先 of a member's book. One of them is the usual one."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="addresses", verbose_name="会員")
    name = models.CharField("お名前", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    company = models.CharField("会社名", max_length=100, blank=True)
    postal_code = models.CharField("郵便番号", max_length=7)
    prefecture = models.CharField("都道府県", max_length=10)
    city = models.CharField("市区町村", max_length=100)
    line1 = models.CharField("番地", max_length=200)
    line2 = models.CharField("建物名・部屋番号", max_length=200, blank=True)
    phone = models.CharField("電話番号", max_length=30)
    is_default = models.BooleanField("いつものお届け先", default=False)
    changed_at = models.DateTimeField("更新日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "お届け先"
        ordering = ["-is_default", "-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(is_default=True), name="address_one_usual_per_member"
            ),
            models.CheckConstraint(condition=Q(postal_code__regex=r"^\d{7}$"), name="address_postal_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.postal_code}"

    @property
    def formatted_postal_code(self) -> str:
        return postal.formatted(self.postal_code)

    def as_order(self, email: str = "") -> ports.Address:
        """As orders take it."""
        return ports.Address(
            name=self.name, kana=self.kana, company=self.company, postal_code=self.postal_code,
            prefecture=self.prefecture, city=self.city, line1=self.line1, line2=self.line2, phone=self.phone, email=email,
        )  # fmt: skip


class Favourite(models.Model):
    """お気に入り."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="favourites", verbose_name="会員")
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="+", verbose_name="商品")
    at = models.DateTimeField("追加日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "お気に入り"
        constraints = [models.UniqueConstraint(fields=["member", "product"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.product_id}"


WAITING = Q(confirmed_at__isnull=False, sent_at=None, stopped_at=None)
OPEN = Q(sent_at=None, stopped_at=None)


class RestockNotice(models.Model):
    """再入荷のお知らせ: one wish of one person for one SKU, answered by one mail when pieces are there.

    A guest's wish counts from the moment the link in the mail was used; a guest's mail is forgotten when it is over.
    """

    sku = models.ForeignKey(
        "catalog.Sku", models.CASCADE, related_name="+", verbose_name="SKU", db_index=False
    )
    member = models.ForeignKey(
        Member, models.CASCADE, null=True, blank=True, related_name="restock_notices", verbose_name="会員"
    )
    mail = models.CharField("メールアドレス（ゲスト）", max_length=254, blank=True)
    asked_at = models.DateTimeField("希望日時", default=clock.now)
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    sent_at = models.DateTimeField("お知らせ日時", null=True, blank=True)
    stopped_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "再入荷のお知らせ"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "sku"], condition=OPEN & Q(member__isnull=False), name="restocknotice_member_once"
            ),
            models.UniqueConstraint(
                fields=["mail", "sku"], condition=OPEN & ~Q(mail=""), name="restocknotice_guest_once"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(confirmed_at__isnull=False), name="restocknotice_told_after_confirmed"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, mail="") | Q(member=None) & (~OPEN | ~Q(mail="")),
                name="restocknotice_of_somebody",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["sku", "id"], condition=WAITING, name="restocknotice_waiting"),
            models.Index(fields=["sku", "-asked_at"], name="restocknotice_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}"
