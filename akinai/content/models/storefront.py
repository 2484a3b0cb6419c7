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
    announcement = models.CharField("お知らせの帯", max_length=120, blank=True)
    is_open = models.BooleanField("公開する", default=True, db_default=True)

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
