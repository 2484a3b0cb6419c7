"""昔のアドレス: where goods and categories stood before, so that links and bookmarks go on working (301)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.core import clock


class SlugRedirect(models.Model):
    """昔の URL. It names what is meant, not another address: there are no chains to follow and no loops.

    A trigger on the catalogue's tables writes it (migration 0004), whoever changes a slug, by one statement; an address that
    is in use again is no old one any more.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", "商品"
        CATEGORY = "category", "カテゴリ"

    kind = models.CharField("種類", max_length=10, choices=Kind)
    old_slug = models.CharField("昔のURL", max_length=80)
    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="商品"
    )
    category = models.ForeignKey(
        "catalog.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="カテゴリ"
    )
    created_at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "昔のURL"
        constraints = [
            models.UniqueConstraint(fields=["kind", "old_slug"], name="slugredirect_once"),
            models.CheckConstraint(
                condition=Q(kind="product", product__isnull=False, category=None)
                | Q(kind="category", category__isnull=False, product=None),
                name="slugredirect_names_one",
            ),
        ]

    def __str__(self) -> str:
        return self.old_slug
