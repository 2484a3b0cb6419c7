"""受信箱: where mails come from, and what became of each. A mail is taken once, ever."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.db import models
from django.db.models import Func, Q

from akinai.core import clock
from akinai.support.models.tickets import Ticket
from akinai.support.states import ReceiptOutcome

# What a mail is found by. Functions of the database, so that an erased row is found by nothing without being written again.
MAIL_KEY = Func("subject", "sender", function="akinai_mail_key", output_field=models.TextField())
MAIL_GRAMS = Func(
    "subject", "sender", function="akinai_mail_grams", output_field=ArrayField(models.TextField())
)


class MailSource(models.Model):
    """受信箱 (IMAP). The password lies in the home folder, never in a table."""

    class Security(models.TextChoices):
        TLS = "tls", "TLS（993 番）"
        STARTTLS = "starttls", "STARTTLS（143 番）"
        PLAIN = "plain", "なし（このコンピューターの中だけ）"

    class After(models.TextChoices):
        LEAVE = "leave", "そのまま残す"
        SEEN = "seen", "既読にする"
        MOVE = "move", "別のフォルダーへ移す"

    name = models.CharField("名前", max_length=60, unique=True)
    host = models.CharField("サーバー", max_length=200)
    port = models.PositiveIntegerField("ポート", default=993)
    security = models.CharField("通信の保護", max_length=10, choices=Security, default=Security.TLS)
    user = models.CharField("ユーザー名", max_length=200)
    folder = models.CharField("フォルダー", max_length=200, default="INBOX")
    after = models.CharField("取り込んだ後", max_length=10, choices=After, default=After.LEAVE)
    after_folder = models.CharField("移す先", max_length=200, blank=True)
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="店舗"
    )
    reply_to = models.EmailField("返信先のアドレス", blank=True, default="", db_default="")
    only_new = models.BooleanField("これから届くメールだけを取り込む", default=True)
    uid_validity = models.BigIntegerField(default=0, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    is_active = models.BooleanField("使用中", default=True)
    checked_at = models.DateTimeField("最後の確認", null=True, blank=True, editable=False)
    taken_at = models.DateTimeField("最後の取り込み", null=True, blank=True, editable=False)
    last_error = models.CharField("最後の失敗", max_length=300, blank=True, editable=False)
    failures = models.PositiveIntegerField("続けて失敗した回数", default=0, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "受信箱"
        constraints = [
            models.CheckConstraint(condition=Q(port__gte=1, port__lte=65535), name="mailsource_port"),
            models.UniqueConstraint(
                fields=["host", "user", "folder"],
                name="mailsource_read_once",
                violation_error_message="このサーバー・ユーザー名・フォルダーの受信箱は、もうあります。",
            ),
            models.CheckConstraint(
                condition=~Q(after="move") | ~Q(after_folder=""), name="mailsource_moves_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def condition(self) -> str:
        """状態 in one word."""
        if not self.is_active:
            return "一時停止"
        return "受信できません" if self.failures else "受信中" if self.checked_at else "確認待ち"


class MailReceipt(models.Model):
    """届いたメール: append-only, one row for each mail that ever came, by the digest of its bytes."""

    digest = models.CharField("ハッシュ", max_length=64, unique=True)  # its place in core.paper_store as well
    size = models.PositiveIntegerField("大きさ")
    came_from = models.CharField("どこから", max_length=100)
    outcome = models.CharField("行き先", max_length=10, choices=ReceiptOutcome)
    why = models.CharField("理由", max_length=300, blank=True)
    sender = models.CharField("差出人", max_length=300, blank=True)
    subject = models.CharField("件名", max_length=300, blank=True)
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="問い合わせ"
    )
    at = models.DateTimeField("日時", default=clock.now)
    erased_at = models.DateTimeField("消去日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "届いたメール"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="ticket", ticket__isnull=False) | (~Q(outcome="ticket") & ~Q(why="")),
                name="mailreceipt_ticket_or_why",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="mailreceipt_at"),
            models.Index(fields=["outcome", "-at", "-id"], name="mailreceipt_outcome"),
            GinIndex(MAIL_GRAMS, name="mailreceipt_search"),
            HashIndex(fields=["message_id"], name="mailreceipt_message_id"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.subject}"
