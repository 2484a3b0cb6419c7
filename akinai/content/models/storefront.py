"""店舗の見た目と表示: one row, edited in the office; every public page wears it."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "色は #1b4d3e のように入力してください。")


class Storefront(models.Model):
    """店舗. Name, address and telephone come from 自社情報; here stands what only the shop's pages show."""

    name = models.CharField("店舗名", max_length=60, blank=True, help_text="空欄なら自社情報の店舗名")
    tagline = models.CharField("キャッチコピー", max_length=80, blank=True)
    logo = models.ForeignKey(
        "content.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="ロゴ"
    )
    brand_colour = models.CharField(
        "ブランドの色", max_length=7, default="#24503d", db_default="#24503d", validators=[COLOUR]
    )
    accent_colour = models.CharField(
        "差し色", max_length=7, default="#b3472e", db_default="#b3472e", validators=[COLOUR]
    )
    description = models.CharField(
        "店舗の紹介文",
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text="検索結果やSNSで店舗名の下に出る文",
    )
    announcement = models.CharField("お知らせの帯", max_length=120, blank=True)
    # 特定商取引法に基づく表示 and the other pages of promises. Who and where we are is kept in 自社情報.
    manager = models.CharField(
        "運営責任者",
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="空欄なら自社情報の代表者",
    )
    phone_hours = models.CharField("電話の受付時間", max_length=80, blank=True, default="", db_default="")
    hides_address = models.BooleanField(
        "住所と電話番号を請求があったときに開示する", default=False, db_default=False,
        help_text="個人事業者だけが選べます。請求されたら遅れずに開示してください。",
    )  # fmt: skip
    other_fees = models.TextField("商品代金・送料のほかに必要な料金", blank=True, default="", db_default="")
    liability_text = models.TextField("品質に不備があったときの責任", blank=True, default="", db_default="")
    conditions = models.TextField("販売数量の制限・特別な販売条件", blank=True, default="", db_default="")
    privacy_officer = models.CharField(
        "個人情報の管理責任者", max_length=60, blank=True, default="", db_default=""
    )
    privacy_text = models.TextField("個人情報について書き足すこと", blank=True, default="", db_default="")
    guide_text = models.TextField("ご利用案内に書き足すこと", blank=True, default="", db_default="")
    is_open = models.BooleanField(
        "店舗を公開する", default=True, db_default=True,
        help_text="外すと、お客様には「準備中」のページが出て、ご注文を受けません。担当者には店舗が見えます。",
    )  # fmt: skip
    closed_text = models.CharField(
        "準備中のご案内", max_length=200, blank=True, default="", db_default="",
        help_text="例: 棚卸のため、12月5日 10時までお休みします。",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "店舗の見た目"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="storefront_one_row"),
            models.CheckConstraint(
                condition=Q(brand_colour__regex=r"^#[0-9a-fA-F]{6}$")
                & Q(accent_colour__regex=r"^#[0-9a-fA-F]{6}$"),
                name="storefront_colours",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "店舗"
