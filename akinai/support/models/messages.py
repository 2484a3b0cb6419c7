"""やり取り: what was said, heard, noted and done. Append-only, but for one change: what is personal may be blanked, once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.support.models.tickets import Ticket
from akinai.support.states import Direction, FileState


class Message(models.Model):
    """やり取り 1 件. Append-only: what has been said stays said. How a sent one fared stands in the outbox (`mail_key`)."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages", verbose_name="問い合わせ")
    direction = models.CharField("向き", max_length=5, choices=Direction)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    sender = models.CharField("差出人", max_length=300, blank=True)
    recipient = models.CharField("宛先", max_length=300, blank=True)
    subject = models.CharField("件名", max_length=300, blank=True)
    text = models.TextField("本文")
    quoted_from = models.PositiveIntegerField("引用の始まり", null=True, blank=True)
    # Files lie in core.paper_store under their SHA-256.
    html_digest = models.CharField("HTML の控え", max_length=64, blank=True)
    raw_digest = models.CharField("元のメール", max_length=64, blank=True)
    message_id = models.CharField("Message-ID", max_length=998, blank=True)
    in_reply_to = models.CharField("In-Reply-To", max_length=998, blank=True)
    references = models.TextField("References", blank=True)
    doubts = models.JSONField("読み取りの注意", default=list, blank=True)
    mail_key = models.CharField("送信メールのキー", max_length=120, blank=True)
    # The message came from another ticket that was merged into this one, or was split off from it.
    moved_from = models.ForeignKey(
        Ticket, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="元の問い合わせ"
    )
    copy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="写し元"
    )
    data = models.JSONField("詳細", default=dict, blank=True)
    # What was done in another room, told once in the thread: "activity:123", "payment:PM-2026-000001".
    act_key = models.CharField("操作のキー", max_length=80, blank=True, default="", db_default="")
    erased_at = models.DateTimeField("消去日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "やり取り"
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"], condition=~Q(message_id="") & Q(copy_of=None), name="message_id_once"
            ),
            models.UniqueConstraint(fields=["mail_key"], condition=~Q(mail_key=""), name="message_mail_once"),
            models.UniqueConstraint(
                fields=["ticket", "act_key"], condition=~Q(act_key=""), name="message_act_once"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["in", "act"]) | Q(by__isnull=False) | ~Q(mail_key=""),
                name="message_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="message_ticket"),
            # Whom the notes of the last days call is asked by every list of the desk.
            models.Index(fields=["at"], condition=Q(direction="note"), name="message_notes"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.get_direction_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def own_text(self) -> str:
        """Without what is quoted."""
        return self.text[: self.quoted_from].strip()

    @property
    def quoted(self) -> str:
        """What is quoted, "" where nothing is."""
        return "" if self.quoted_from is None else self.text[self.quoted_from :].strip()


PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


class MessageFile(models.Model):
    """添付. What was not accepted stands here too, with the reason."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="files", verbose_name="やり取り")
    name = models.CharField("名前", max_length=255)
    mime = models.CharField("形式", max_length=100)
    size = models.PositiveIntegerField("大きさ")
    digest = models.CharField("ハッシュ", max_length=64)  # its place in core.paper_store when it was kept
    state = models.CharField("扱い", max_length=10, choices=FileState)
    why = models.CharField("理由", max_length=200, blank=True)
    erased_at = models.DateTimeField("消去日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "添付"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="kept") | ~Q(why=""),
                name="messagefile_kept_or_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Can a page show it as it is? By its bytes: `mime` is what they were found to be."""
        return self.state == FileState.KEPT and self.mime in PICTURES
