"""Tables of the cellar (共通基盤): history, outbox of events and mail, number series."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock
from akinai.core.transitions import moves


class Activity(models.Model):
    """操作履歴: append-only, but for one change: what is personal may be blanked, once. The subject is named by type, id and
    printed number, so a row outlives joins."""

    at = models.DateTimeField("日時", default=clock.now)
    subject_type = models.CharField("対象の種類", max_length=60)
    subject_id = models.BigIntegerField("対象ID")
    subject_number = models.CharField("対象の番号", max_length=60, blank=True)
    verb = models.CharField("操作", max_length=40)
    summary = models.TextField("内容", blank=True)
    from_state = models.CharField("前の状態", max_length=30, blank=True)
    to_state = models.CharField("後の状態", max_length=30, blank=True)
    data = models.JSONField("詳細", default=dict, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="担当者",
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField("担当者名", max_length=150, blank=True)
    erased_at = models.DateTimeField("消去日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作履歴"
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="activity_subject")]

    def __str__(self) -> str:
        return f"{self.subject_number} {self.verb}"


class Event(models.Model):
    """出来事（アウトボックス）: facts to be handled after commit."""

    name = models.CharField("名前", max_length=80)
    payload = models.JSONField("内容", default=dict)
    created_at = models.DateTimeField("発生日時", default=clock.now)
    handled_at = models.DateTimeField("処理日時", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("失敗回数", default=0)
    last_error = models.CharField("最後の失敗", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出来事"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(handled_at__isnull=True), name="event_unhandled"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class NumberSeries(models.Model):
    """採番: the last number of a series without gaps."""

    series = models.CharField("系列", max_length=30)
    year = models.PositiveSmallIntegerField("年")
    last = models.PositiveBigIntegerField("最後の番号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "採番"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="numberseries_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class LedgerSeal(models.Model):
    """封印: a fingerprint over the rows `from_id` < id ≤ `to_id` of a ledger and the seal before. Append-only."""

    table = models.CharField("台帳", max_length=63)
    columns = models.JSONField("列")
    from_id = models.BigIntegerField("この番号より後")
    to_id = models.BigIntegerField("この番号まで")
    rows = models.PositiveIntegerField("行数")
    digest = models.CharField("指紋", max_length=64)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "台帳の封印"
        constraints = [
            models.UniqueConstraint(fields=["table", "to_id"], name="ledgerseal_to_once"),
            models.UniqueConstraint(fields=["table", "from_id"], name="ledgerseal_from_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} –{self.to_id}"


class SealErasure(models.Model):
    """封印の下の消去: personal data were blanked in sealed rows; the fingerprint of the rows before and after. Append-only."""

    seal = models.ForeignKey(LedgerSeal, models.PROTECT, related_name="erasures", verbose_name="封印")
    content_before = models.CharField("消去前の指紋", max_length=64)
    content_after = models.CharField("消去後の指紋", max_length=64)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "封印の下の消去"

    def __str__(self) -> str:
        return f"{self.seal_id}"


class ProofRun(models.Model):
    """検証の記録: when the ledgers were proven, and which rows contradicted a rule. Append-only."""

    at = models.DateTimeField("検証日時", default=clock.now)
    is_ok = models.BooleanField("合っている")
    checks = models.PositiveIntegerField("確かめた規則")
    rows = models.PositiveBigIntegerField("調べた行")
    broken = models.JSONField("合わなかったもの", default=list)
    milliseconds = models.PositiveIntegerField("かかった時間（ミリ秒）")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "検証の記録"

    def __str__(self) -> str:
        return f"{self.at:%Y/%m/%d %H:%M} {'○' if self.is_ok else '×'}"

    @property
    def seconds(self) -> str:
        return f"{self.milliseconds / 1000:.1f}"


class OutgoingMail(models.Model):
    """送信メール."""

    class State(models.TextChoices):
        QUEUED = "queued", "送信待ち"
        SENDING = "sending", "送信中"
        SENT = "sent", "送信済"
        FAILED = "failed", "送信失敗"
        CANCELLED = "cancelled", "送信取消"

    MOVES = moves(
        ("cancel", {State.QUEUED, State.FAILED}, State.CANCELLED),
        ("again", {State.FAILED, State.CANCELLED}, State.QUEUED),
        ("bounce", {State.SENT}, State.FAILED),
    )

    key = models.CharField("重複防止キー", max_length=120, unique=True)
    to = models.EmailField("宛先")
    reply_to = models.CharField("返信先", max_length=254, blank=True)
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文")
    attachments = models.JSONField("添付", default=list, blank=True)
    unsubscribe_url = models.CharField(
        "配信停止のリンク", max_length=300, blank=True, default="", db_default=""
    )
    # Message-ID, In-Reply-To and References of a mail that belongs to a conversation.
    headers = models.JSONField(
        "スレッドの見出し", default=dict, blank=True, db_default=models.Value({}, models.JSONField())
    )
    state = models.CharField("状態", max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    not_before = models.DateTimeField("送信予定", default=clock.now)
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("試した回数", default=0)
    last_error = models.CharField("最後の失敗", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送信メール"
        indexes = [
            models.Index(fields=["state", "not_before"], name="mail_due"),
            models.Index(fields=["-created_at", "-id"], name="mail_created"),
        ]

    def __str__(self) -> str:
        return self.subject


class MailText(models.Model):
    """メールの文面: what a shop has written instead of the delivered text of one kind of mail."""

    code = models.CharField("種類", max_length=40, unique=True)
    subject = models.CharField("件名", max_length=200)
    body = models.TextField("本文")
    changed_at = models.DateTimeField("変更日時", default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="変更した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "メールの文面"

    def __str__(self) -> str:
        return self.code


class LongJob(models.Model):
    """まとめて処理: one act on many rows, done in pieces by a worker. `done` rows are behind us whatever happens."""

    class State(models.TextChoices):
        WAITING = "waiting", "順番待ち"
        RUNNING = "running", "処理中"
        FINISHED = "finished", "完了"
        STOPPED = "stopped", "中止"

    MOVES = moves(("stop", {State.WAITING, State.RUNNING}, State.STOPPED))

    kind = models.CharField("種類", max_length=40)
    title = models.CharField("内容", max_length=100)
    ids = models.JSONField("対象")
    options = models.JSONField("指定", default=dict, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField("件数")
    done = models.PositiveIntegerField("済んだ件数", default=0)
    counts = models.JSONField("結果", default=dict, blank=True)
    refused = models.JSONField("できなかったもの", default=list, blank=True)
    back = models.CharField("戻り先", max_length=300, blank=True)
    created_at = models.DateTimeField("開始日時", default=clock.now)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "まとめて処理"
        constraints = [
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="longjob_not_beyond")
        ]

    def __str__(self) -> str:
        return self.title


class Try(models.Model):
    """試した回数 by a fingerprint; nothing can be read back from it (`core.tries`)."""

    key = models.CharField("鍵の指紋", max_length=64, unique=True)
    since = models.DateTimeField("数え始め", db_index=True)
    count = models.PositiveIntegerField("回数", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "試した回数"

    def __str__(self) -> str:
        return f"{self.count}"


from akinai.core.intake.models import IntakeFile, IntakeMapping  # noqa: E402, F401  (same app, own folder)
