"""お問い合わせ: what a visitor wrote in the contact form."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.core.transitions import moves


class InquiryFile(models.Model):
    """添付の預かり: what was chosen in a form that is not sent yet. It goes to the ticket with the sending, or after a day."""

    key = models.CharField("フォームの印", max_length=64)
    name = models.CharField("ファイル名", max_length=255)
    mime = models.CharField("種類", max_length=100)
    size = models.PositiveIntegerField("大きさ")
    data = models.BinaryField("中身")
    at = models.DateTimeField("預かった日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "お問い合わせの添付の預かり"
        indexes = [models.Index(fields=["key", "id"], name="inquiryfile_key")]

    def __str__(self) -> str:
        return self.name


class Inquiry(models.Model):
    """お問い合わせ."""

    class Kind(models.TextChoices):
        GOODS = "goods", "商品について"
        ORDER = "order", "ご注文・お届けについて"
        RETURN = "return", "返品・交換について"
        CANCEL = "cancel", "キャンセルについて"
        OTHER = "other", "その他"

    class State(models.TextChoices):
        OPEN = "open", "未対応"
        DONE = "done", "対応済"

    MOVES = moves(("finish", {State.OPEN}, State.DONE), ("open_again", {State.DONE}, State.OPEN))

    number = models.CharField("受付番号", max_length=20, unique=True)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    state = models.CharField("状態", max_length=10, choices=State, default=State.OPEN)
    name = models.CharField("お名前", max_length=100)
    email = models.EmailField("メールアドレス")
    order_number = models.CharField("ご注文番号", max_length=80, blank=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受注"
    )
    text = models.TextField("お問い合わせの内容")
    # One sending of the form: the same again is the same inquiry.
    key = models.CharField(max_length=64, unique=True, editable=False)
    received_at = models.DateTimeField("受付日時", default=clock.now)
    done_at = models.DateTimeField("対応日時", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="対応した人",
    )
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "お問い合わせ"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", done_at=None, done_by=None)
                | Q(state="done", done_at__isnull=False),
                name="inquiry_done_has_its_time",
            )
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="inquiry_received"),
            models.Index(fields=["state", "-received_at", "-id"], name="inquiry_state"),
            GinIndex(fields=["search_grams"], name="inquiry_search"),
        ]

    def __str__(self) -> str:
        return self.number
