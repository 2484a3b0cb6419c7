"""お客様の声: what tickets took, what customers thought of the answers, what second persons found, and what is more than usual."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.support.models.messages import Message
from akinai.support.models.tickets import Ticket

STAFF = settings.AUTH_USER_MODEL


class VoiceSettings(models.Model):
    """お客様の声の設定: one row."""

    asks_customers = models.BooleanField(
        "解決のあとに満足度を聞く", default=False, help_text="お客様にメールを送ります。"
    )
    ask_after_hours = models.PositiveSmallIntegerField("解決から何時間後に聞くか", default=24)
    rest_days = models.PositiveSmallIntegerField("同じ方に次に聞くまでの日数", default=30)
    low_score = models.PositiveSmallIntegerField("確かめる評価（この点以下）", default=2)
    sample_size = models.PositiveSmallIntegerField("毎週の返信の点検（件）", default=10)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "お客様の声の設定"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="voicesettings_one"),
            models.CheckConstraint(condition=Q(low_score__range=(1, 4)), name="voicesettings_low"),
        ]

    def __str__(self) -> str:
        return "お客様の声の設定"


class ImportedTicket(models.Model):
    """取り込んだ問い合わせ: what another system told of a ticket. Minutes are those of the file, around the clock."""

    number = models.CharField("番号", max_length=60, unique=True)
    opened_at = models.DateTimeField("受付日時")
    solved_at = models.DateTimeField("解決日時", null=True, blank=True)
    channel = models.CharField("経路", max_length=60, blank=True)
    category = models.CharField("種類", max_length=100, blank=True)
    priority = models.CharField("優先度", max_length=40, blank=True)
    agent = models.CharField("担当", max_length=100, blank=True)
    team = models.CharField("チーム", max_length=100, blank=True)
    state = models.CharField("状態", max_length=40, blank=True)
    # As told, to the last digit, so that figures come out as the other system's.
    first_reply_minutes = models.FloatField("初回返信（分）", null=True, blank=True)
    resolution_hours = models.FloatField("解決（時間）", null=True, blank=True)
    first_reply_kept = models.BooleanField("初回返信の約束を守った", null=True, blank=True)
    resolution_kept = models.BooleanField("解決の約束を守った", null=True, blank=True)
    score = models.FloatField("満足度（1〜5）", null=True, blank=True)
    more = models.JSONField("ほかの列", default=dict, blank=True)
    intake_file = models.ForeignKey(
        "core.IntakeFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取込ファイル",
    )

    class Meta:
        verbose_name = verbose_name_plural = "取り込んだ問い合わせ"
        constraints = [
            models.CheckConstraint(
                condition=Q(first_reply_minutes=None) | Q(first_reply_minutes__gte=0),
                name="importedticket_reply",
            ),
            models.CheckConstraint(
                condition=Q(resolution_hours=None) | Q(resolution_hours__gte=0),
                name="importedticket_resolution",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(1, 5)), name="importedticket_score"
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="importedticket_opened"),
            models.Index(fields=["solved_at"], name="importedticket_solved"),
        ]

    def __str__(self) -> str:
        return self.number


class TicketMeasure(models.Model):
    """所要時間: the business minutes a ticket took, measured once when it happened; later changes of the hours judge nothing anew."""

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, related_name="measure", verbose_name="問い合わせ", primary_key=True
    )
    first_replied_at = models.DateTimeField("初回返信", null=True)
    first_reply_minutes = models.PositiveIntegerField("初回返信まで（営業分）", null=True)
    solved_at = models.DateTimeField("解決日時", null=True)
    resolution_minutes = models.PositiveIntegerField("解決まで（営業分）", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "所要時間"

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.first_reply_minutes} / {self.resolution_minutes}"


class Csat(models.Model):
    """満足度: asked once for a ticket, answered once."""

    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="csat", verbose_name="問い合わせ")
    mail = models.CharField("宛先", max_length=254)
    asked_at = models.DateTimeField("聞いた日時", default=clock.now)
    score = models.PositiveSmallIntegerField("評価", null=True, blank=True)
    words = models.TextField("お客様のことば", blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    # 低い評価 stays on the list until somebody has seen to it.
    is_low = models.BooleanField("低い評価", default=False)
    seen_at = models.DateTimeField("確かめた日時", null=True, blank=True)
    seen_by = models.ForeignKey(
        STAFF, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確かめた人"
    )
    seen_note = models.CharField("どうしたか", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "満足度"
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None, answered_at=None) | Q(score__range=(1, 5), answered_at__isnull=False),
                name="csat_answered_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["mail", "-asked_at"], name="csat_mail"),
            models.Index(fields=["-answered_at", "-id"], name="csat_answered"),
            models.Index(
                fields=["answered_at"], name="csat_low_open", condition=Q(is_low=True, seen_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.score or '–'}"


class CsatRefusal(models.Model):
    """もう聞かないでほしい方. The address alone, folded."""

    mail = models.CharField("メール", max_length=254, unique=True)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "満足度を聞かない方"

    def __str__(self) -> str:
        return self.mail


class Spike(models.Model):
    """急増: more tickets about one thing than usual. One row from its beginning to its end, told once."""

    class Kind(models.TextChoices):
        SKU = "sku", "商品"
        LOT = "lot", "ロット"
        CARRIER = "carrier", "運送会社"
        PAGE = "page", "ページ"

    kind = models.CharField("対象", max_length=10, choices=Kind)
    subject = models.CharField("対象のコード", max_length=200)
    title = models.CharField("名前", max_length=300)
    began_on = models.DateField("始まり")
    ended_on = models.DateField("終わり", null=True, blank=True)
    days = models.PositiveSmallIntegerField("数えた日数")
    count = models.PositiveIntegerField("件数")
    usual = models.FloatField("ふだんの件数")
    limit = models.PositiveIntegerField("知らせる件数")
    reasons = models.JSONField("種類ごとの件数", default=dict)
    tickets = models.ManyToManyField(Ticket, related_name="+", verbose_name="問い合わせ")
    seen_at = models.DateTimeField("確かめた日時", null=True, blank=True)
    seen_by = models.ForeignKey(
        STAFF, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="確かめた人"
    )
    seen_note = models.CharField("どうしたか", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "急増"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(ended_on=None), name="spike_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="spike_order"
            ),
        ]
        indexes = [models.Index(fields=["-began_on", "-id"], name="spike_began")]

    def __str__(self) -> str:
        return f"{self.title} {self.count}件"


class ReplyGrade(models.Model):
    """返信の点検: one reply that was drawn for a second person to look at."""

    message = models.OneToOneField(Message, models.PROTECT, related_name="+", verbose_name="返信")
    week = models.DateField("点検の週（月曜）")
    author = models.ForeignKey(STAFF, models.PROTECT, related_name="+", verbose_name="書いた人")
    drawn_at = models.DateTimeField("選んだ日時", default=clock.now)
    grader = models.ForeignKey(
        STAFF, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="点検した人"
    )
    graded_at = models.DateTimeField("点検日時", null=True, blank=True)
    facts_right = models.BooleanField("事実が正しい", null=True, blank=True)
    order_right = models.BooleanField("受注が正しい", null=True, blank=True)
    tone = models.PositiveSmallIntegerField("ことばづかい", null=True, blank=True)
    speed = models.PositiveSmallIntegerField("速さ", null=True, blank=True)
    words = models.TextField("気づいたこと", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "返信の点検"
        constraints = [
            models.CheckConstraint(
                condition=Q(grader=None) | ~Q(grader=F("author")), name="replygrade_by_another"
            ),
            models.CheckConstraint(
                condition=Q(
                    graded_at=None, grader=None, facts_right=None, order_right=None, tone=None, speed=None
                )
                | Q(
                    graded_at__isnull=False, grader__isnull=False, facts_right__isnull=False,
                    tone__range=(1, 5), speed__range=(1, 5),
                ),
                name="replygrade_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["week", "id"], name="replygrade_open", condition=Q(graded_at=None)),
            models.Index(fields=["-graded_at"], name="replygrade_graded"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.message_id}"
