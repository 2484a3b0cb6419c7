"""消去の請求: who asked, how we knew it was he, who agreed, and what was done. What was erased stands nowhere here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.transitions import moves
from akinai.party.models.parties import Customer

STAFF = settings.AUTH_USER_MODEL


def _staff(title: str, *, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        STAFF, models.PROTECT, null=null, blank=null, related_name="+", verbose_name=title
    )


class ErasureRequest(models.Model):
    """消去の請求. Asked for by one person of the staff and approved by another; then a job does it.

    `person` holds what the rooms look for (mail addresses, names, keys) while the job runs, and is empty when it is over;
    `answer_to` where the answer goes, until it was given.
    """

    class State(models.TextChoices):
        ASKED = "asked", "承認待ち"
        RUNNING = "running", "消去中"
        DONE = "done", "消去済み"
        REFUSED = "refused", "お断り"
        WITHDRAWN = "withdrawn", "取り下げ"

    class Kind(models.TextChoices):
        ASKED_FOR = "asked_for", "ご本人の請求"
        WITHDRAWAL = "withdrawal", "退会に伴うご希望"
        NOT_NEEDED = "not_needed", "利用する必要がなくなった"

    class Proof(models.TextChoices):
        """ご本人であることを何で確かめたか."""

        LOGIN = "login", "会員ログインからのお申し出"
        MAIL = "mail", "登録のメールアドレスとのやり取り"
        PHONE = "phone", "登録の電話番号への折り返し"
        PAPER = "paper", "本人確認書類"
        AGENT = "agent", "代理人（委任状と本人確認書類）"
        NONE = "none", "ご本人の請求ではない"

    MOVES = moves(
        ("approve", {State.ASKED}, State.RUNNING),
        ("give_back", {State.RUNNING}, State.ASKED),
        ("finish", {State.RUNNING}, State.DONE),
        ("refuse", {State.ASKED}, State.REFUSED),
        ("withdraw", {State.ASKED}, State.WITHDRAWN),
    )

    number = models.CharField("請求番号", max_length=20, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="erasures", verbose_name="顧客")
    state = models.CharField("状態", max_length=10, choices=State, default=State.ASKED)
    kind = models.CharField("種類", max_length=12, choices=Kind)
    reason = models.CharField("理由", max_length=300)
    proof = models.CharField("本人確認の方法", max_length=10, choices=Proof)
    proof_note = models.CharField("本人確認の補足", max_length=200, blank=True)
    received_on = models.DateField("請求を受けた日")
    asked_at = models.DateTimeField("登録日時", default=clock.now)
    asked_by = _staff("登録した人", null=False)
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    approved_by = _staff("承認した人")
    decided_reason = models.CharField("お断り・中断の理由", max_length=300, blank=True)
    job_id = models.BigIntegerField("処理", null=True, blank=True)
    person = models.JSONField("本人を探すことば", default=dict, blank=True)
    done_rooms = models.JSONField("済んだ部屋", default=list, blank=True)
    also = models.JSONField("あわせて消すもの", default=list, blank=True)
    done_at = models.DateTimeField("消去日時", null=True, blank=True)
    answer_to = models.CharField("回答の送り先", max_length=300, blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = _staff("回答した人")
    answered_how = models.CharField("回答の方法", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消去の請求"
        default_permissions = ()
        permissions = [
            ("ask_erasure", "個人情報の消去の請求を登録できる"),
            ("approve_erasure", "個人情報の消去を承認できる"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state__in=["asked", "running"]), name="erasure_one_open_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="erasure_approved_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "done"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="erasure_runs_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, person={}) | ~Q(state="done") & Q(done_at=None),
                name="erasure_forgets_the_person",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answer_to="", answered_by__isnull=False),
                name="erasure_answered_forgets_the_address",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["asked_for", "withdrawal"]) | ~Q(proof="none"), name="erasure_knows_who_asked"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="erasure_asked"),
            models.Index(fields=["state", "-asked_at", "-id"], name="erasure_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def still_waits(self) -> bool:
        """Does the person wait for us, for the erasure or for the answer?"""
        is_open = self.state in (self.State.ASKED, self.State.RUNNING) and self.kind != self.Kind.NOT_NEEDED
        return is_open or self.waits_for_answer

    @property
    def waits_for_answer(self) -> bool:
        """Does the person still wait to be told?"""
        return (
            self.state in (self.State.DONE, self.State.REFUSED)
            and self.answered_at is None
            and self.kind != self.Kind.NOT_NEEDED
        )


class ErasurePart(models.Model):
    """消去の記録: of one kind of data how many rows were erased, and how many are kept by which law. Append-only."""

    request = models.ForeignKey(
        ErasureRequest, models.PROTECT, related_name="parts", verbose_name="消去の請求"
    )
    room = models.CharField("部屋", max_length=30)
    title = models.CharField("対象", max_length=100)
    erased = models.PositiveIntegerField("消去した件数", default=0)
    kept = models.PositiveIntegerField("保存する件数", default=0)
    law = models.CharField("保存の根拠", max_length=200, blank=True)
    until = models.DateField("保存の期限", null=True, blank=True)
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "消去の記録"
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "room", "title"], name="erasurepart_once"),
            models.CheckConstraint(condition=Q(kept=0) | ~Q(law=""), name="erasurepart_kept_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.title}"
