"""店舗・モール: a Channel sells; a Listing says under which code a SKU is known there."""

from __future__ import annotations

from django.db import models


class Channel(models.Model):
    """販売チャネル."""

    code = models.SlugField("チャネルコード", max_length=30, unique=True)
    name = models.CharField("チャネル名", max_length=60)
    kind = models.CharField("種類", max_length=30, help_text="受注ファイルの形式（rakuten, shopify など）")
    is_active = models.BooleanField("有効", default=True)
    sends_own_shipping_mail = models.BooleanField("出荷メールはモールが送る", default=False)
    issues_own_invoice = models.BooleanField("請求書・領収書はモールが発行する", default=False)
    feed_priority = models.PositiveSmallIntegerField(
        "在庫連携の優先順位",
        default=100,
        help_text="小さいほど先。残りわずかな商品は、いちばん先の店舗にだけ出します。",
    )
    feed_last_units = models.PositiveIntegerField(
        "残りわずかの点数",
        default=0,
        help_text="売れる数がこの点数以下の商品は、優先順位が先の店舗だけに出します。0 なら使いません。",
    )
    feed_buffer = models.PositiveIntegerField(
        "控えておく点数", default=0, help_text="売れる数からこの点数を引いてモールに出します。"
    )
    feed_cap = models.PositiveIntegerField(
        "出す数の上限",
        null=True,
        blank=True,
        help_text="在庫が多くても、この数より多くは出しません。空欄なら上限なし。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "販売チャネル"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """出品: the code of a SKU on one channel, where it differs from ours."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="listings", verbose_name="チャネル")
    code = models.CharField("チャネル側の商品コード", max_length=120)
    code_key = models.CharField(max_length=120, editable=False)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="listings", verbose_name="SKU")

    class Meta:
        verbose_name = verbose_name_plural = "出品"
        constraints = [models.UniqueConstraint(fields=["channel", "code_key"], name="listing_code_once")]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.code}"
