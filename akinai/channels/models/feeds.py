"""在庫連携: what each channel is told of the stock (feeds), and what it says of it (audits)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.channels.drift import Cause
from akinai.channels.models.channels import Channel
from akinai.core import clock


def _by() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )


class FeedItem(models.Model):
    """在庫連携の品目: one row of the mall's own stock, by the mall's own keys. Learned from the mall's export.

    `last_sent` and `sent_before` are what the mall was told last and the time before that; `mall_quantity` is what its
    last export said. `sku` is empty while nobody knows what the mall's code means.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="feed_items", verbose_name="チャネル")
    key = models.CharField("モール側の番号", max_length=255)
    keys = models.JSONField("モール側の項目", default=dict)
    title = models.CharField("モール側の名前", max_length=255, blank=True)
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, null=True, blank=True, related_name="feed_items", verbose_name="SKU"
    )
    is_on = models.BooleanField("連携する", default=True)
    buffer = models.PositiveIntegerField("控えておく点数", null=True, blank=True)
    last_sent = models.IntegerField("最後に送った数", null=True, blank=True, editable=False)
    sent_before = models.IntegerField("その前に送った数", null=True, blank=True, editable=False)
    last_sent_at = models.DateTimeField("最後に送った日時", null=True, blank=True, editable=False)
    mall_quantity = models.IntegerField("モールの在庫数", null=True, blank=True, editable=False)
    mall_seen_at = models.DateTimeField("モールの在庫を見た日時", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "在庫連携の品目"
        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="feed_item_once")]
        indexes = [models.Index(fields=["sku", "channel"], name="feed_item_sku")]

    def __str__(self) -> str:
        return self.key


class StockFeed(models.Model):
    """在庫連携ファイル: quantities written for one channel, kept as written. Sent once, or discarded."""

    class Kind(models.TextChoices):
        CHANGED = "changed", "変わった分"
        ALL = "all", "全件"
        REPAIR = "repair", "照合の修正"

    class State(models.TextChoices):
        MADE = "made", "作成済"
        SENT = "sent", "送信済"
        DISCARDED = "discarded", "破棄"

    number = models.CharField("連携番号", max_length=20, unique=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="feeds", verbose_name="チャネル")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    state = models.CharField("状態", max_length=10, choices=State, default=State.MADE)
    filename = models.CharField("ファイル名", max_length=120)
    data = models.BinaryField("内容")
    count = models.PositiveIntegerField("件数")
    problems = models.JSONField("載せられなかった品目", default=list)
    made_at = models.DateTimeField("作成日時", default=clock.now)
    made_by = _by()
    decided_at = models.DateTimeField("送信・破棄の日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "在庫連携ファイル"
        constraints = [
            # Two files waiting to be sent would overtake each other and leave the older number in the mall.
            models.UniqueConstraint(fields=["channel"], condition=Q(state="made"), name="feed_one_waiting"),
            models.CheckConstraint(
                condition=Q(state="made", decided_at__isnull=True)
                | (~Q(state="made") & Q(decided_at__isnull=False)),
                name="feed_decided_when_told",
            ),
        ]
        indexes = [models.Index(fields=["channel", "-id"], name="feed_of_channel")]

    def __str__(self) -> str:
        return self.number


class StockFeedRow(models.Model):
    """在庫連携ファイルの1行: the quantity, and what had been sent before."""

    feed = models.ForeignKey(StockFeed, models.PROTECT, related_name="rows", verbose_name="在庫連携ファイル")
    item = models.ForeignKey(FeedItem, models.PROTECT, related_name="rows", verbose_name="品目")
    quantity = models.PositiveIntegerField("送る数")
    was = models.IntegerField("前に送った数", null=True, blank=True)
    free = models.IntegerField("売れる数")

    class Meta:
        verbose_name = verbose_name_plural = "在庫連携ファイルの行"
        constraints = [models.UniqueConstraint(fields=["feed", "item"], name="feed_row_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.quantity}"


class DriftAudit(models.Model):
    """在庫の照合: a mall's export compared with the ledger at one moment."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="audits", verbose_name="チャネル")
    intake_file = models.ForeignKey(
        "core.IntakeFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取込"
    )
    at = models.DateTimeField("照合日時", default=clock.now)
    compared = models.PositiveIntegerField("照合した品目")
    differing = models.PositiveIntegerField("違う品目")
    by = _by()

    class Meta:
        verbose_name = verbose_name_plural = "在庫の照合"
        indexes = [models.Index(fields=["channel", "-id"], name="audit_of_channel")]

    def __str__(self) -> str:
        return f"{self.channel} 照合{self.pk}"


class DriftRow(models.Model):
    """照合で見つかった違い: the mall's number, ours, what was sent last, and the cause."""

    audit = models.ForeignKey(DriftAudit, models.PROTECT, related_name="rows", verbose_name="照合")
    item = models.ForeignKey(FeedItem, models.PROTECT, related_name="drifts", verbose_name="品目")
    mall = models.IntegerField("モールの数", null=True, blank=True)
    ours = models.IntegerField("出すべき数", null=True, blank=True)
    sent = models.IntegerField("最後に送った数", null=True, blank=True)
    free = models.IntegerField("売れる数", null=True, blank=True)
    cause = models.CharField("原因", max_length=20, choices=Cause)
    line = models.PositiveIntegerField("行", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "在庫の違い"
        constraints = [models.UniqueConstraint(fields=["audit", "item"], name="drift_row_once")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.cause}"
