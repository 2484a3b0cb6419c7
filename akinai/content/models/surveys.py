"""アンケート: what is asked, who has answered, and what was said."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from akinai.content.surveys.kinds import Kind
from akinai.core import clock
from akinai.core.transitions import moves

SLUG = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "アドレスは半角の小文字・数字・ハイフンで入力してください。"
)


class Survey(models.Model):
    """アンケート."""

    class State(models.TextChoices):
        DRAFT = "draft", "準備中"
        OPEN = "open", "受付中"
        CLOSED = "closed", "終了"

    class Audience(models.TextChoices):
        ANYONE = "anyone", "どなたでも"
        MEMBERS = "members", "会員だけ"
        BUYERS = "buyers", "ご購入の方だけ（メールのリンクから）"

    MOVES = moves(
        ("open", {State.DRAFT, State.CLOSED}, State.OPEN),
        ("close", {State.OPEN}, State.CLOSED),
    )

    slug = models.CharField("アドレス", max_length=60, unique=True, validators=[SLUG])
    title = models.CharField("題名", max_length=80)
    intro = models.TextField("はじめの文", blank=True)
    thanks = models.TextField("お礼の文", blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField("受付の開始", null=True, blank=True)
    closes_at = models.DateTimeField("受付の締切", null=True, blank=True)
    audience = models.CharField("答えられる人", max_length=10, choices=Audience, default=Audience.ANYONE)
    coupon_campaign = models.CharField("お礼のクーポン", max_length=60, blank=True)
    asks_after_order = models.BooleanField("ご注文の完了ページで案内する", default=False, db_default=False)
    # 依頼メール: to buyers whose order left so many days ago; empty sends none.
    invite_after_days = models.PositiveSmallIntegerField("出荷の何日後に依頼するか", null=True, blank=True)
    invite_from = models.DateField("依頼する出荷日（から）", null=True, blank=True)
    invite_to = models.DateField("依頼する出荷日（まで）", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作成者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "アンケート"
        permissions = [("read_answers", "アンケートの回答者を見られる")]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(opens_at__lt=F("closes_at")),
                name="survey_opens_before_it_closes",
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="survey_created")]

    def __str__(self) -> str:
        return self.title


class SurveyQuestion(models.Model):
    """設問. `code` stays through its versions, conditions name it; a question that was answered is replaced, never rewritten."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name="アンケート")
    code = models.CharField("記号", max_length=12)
    version = models.PositiveSmallIntegerField("版", default=1)
    position = models.PositiveSmallIntegerField("順番")
    page = models.PositiveSmallIntegerField("ページ", default=1)
    kind = models.CharField("種類", max_length=12, choices=Kind)
    title = models.CharField("設問", max_length=200)
    hint = models.CharField("補足", max_length=200, blank=True)
    required = models.BooleanField("必須", default=False)
    # [{"key": "a", "label": "はい"}]; of a matrix the columns.
    options = models.JSONField("選択肢", default=list, blank=True)
    # min, max, low, high, rows (of a matrix), other (free text beside the options)
    settings = models.JSONField("指定", default=dict, blank=True)
    condition = models.JSONField("表示する条件", default=dict, blank=True)
    retired_at = models.DateTimeField("差し替えた日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "設問"
        constraints = [
            models.UniqueConstraint(fields=["survey", "code", "version"], name="question_version_once"),
            models.UniqueConstraint(
                fields=["survey", "code"], condition=Q(retired_at__isnull=True), name="question_code_once"
            ),
        ]
        indexes = [models.Index(fields=["survey", "position", "id"], name="question_order")]

    def __str__(self) -> str:
        return self.title


class SurveyResponse(models.Model):
    """回答: one per person and survey; `person_key` says who (c123 customer, o45 order, a… visitor, t… a trial of the staff)."""

    class State(models.TextChoices):
        DRAFT = "draft", "途中"
        DONE = "done", "回答済"

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name="アンケート")
    person_key = models.CharField("回答者", max_length=60)
    state = models.CharField("状態", max_length=10, choices=State, default=State.DRAFT)
    is_test = models.BooleanField("試し", default=False)
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="顧客"
    )
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受注"
    )
    is_repeat = models.BooleanField("2 回目以降のお客様", null=True, blank=True)
    coupon_code = models.CharField("渡したクーポン", max_length=40, blank=True)
    started_at = models.DateTimeField("回答の開始", default=clock.now)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    erased_at = models.DateTimeField("回答者を消去した日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "回答"
        constraints = [
            models.UniqueConstraint(fields=["survey", "person_key"], name="response_one_per_person"),
            models.CheckConstraint(
                condition=Q(state="draft", answered_at__isnull=True)
                | Q(state="done", answered_at__isnull=False),
                name="response_done_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["survey", "state", "-answered_at", "-id"], name="response_newest")]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.person_key}"


class SurveyAnswer(models.Model):
    """設問への答え. `chosen` are keys of options (of a matrix "row:column"), `text` what was written beside or instead."""

    response = models.ForeignKey(SurveyResponse, models.CASCADE, related_name="answers", verbose_name="回答")
    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="answers", verbose_name="設問")
    chosen = ArrayField(models.CharField(max_length=24), verbose_name="選んだもの", default=list, blank=True)
    number = models.DecimalField("数", max_digits=14, decimal_places=2, null=True, blank=True)
    day = models.DateField("日付", null=True, blank=True)
    text = models.TextField("文", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "設問への答え"
        constraints = [models.UniqueConstraint(fields=["response", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.response_id}/{self.question_id}"


class Invitation(models.Model):
    """依頼メール that was queued: for a survey once per person, for reviews (no survey) once per order."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name="アンケート"
    )
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    person_key = models.CharField("宛先", max_length=60)
    at = models.DateTimeField("依頼日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "依頼メール"
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "person_key"],
                condition=Q(survey__isnull=False),
                name="invitation_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(survey__isnull=True), name="invitation_once_per_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.order_id}"
