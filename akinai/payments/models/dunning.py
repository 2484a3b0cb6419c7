"""督促: what is owed and by when (Due), the steps of the ladder, and what was done about it (append-only)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.payments.states import CallResult, DueKind, DunningWay


class Due(models.Model):
    """期限のある未入金: a view over orders, invoices and statements, so it is never out of date. Nothing is written here.

    One row for an order that waits for its money or was billed by itself, and one for a monthly statement with what its
    orders still owe.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField("種類", max_length=20, choices=DueKind)
    order = models.ForeignKey(
        "orders.Order", models.DO_NOTHING, null=True, related_name="+", verbose_name="受注"
    )
    statement = models.ForeignKey(
        "billing.Statement", models.DO_NOTHING, null=True, related_name="+", verbose_name="合計請求書"
    )
    customer = models.ForeignKey(
        "party.Customer", models.DO_NOTHING, null=True, related_name="+", verbose_name="顧客"
    )
    due_on = models.DateField("支払期限")
    owed_yen = models.BigIntegerField("未入金")
    paid_yen = models.BigIntegerField("入金済")

    class Meta:
        managed = False
        db_table = "payments_due"
        default_permissions = ("view",)
        verbose_name = verbose_name_plural = "期限のある未入金"

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """受注番号 or the statement's number."""
        paper = self.statement or self.order
        return paper.number if paper else ""


class DunningLadder(models.Model):
    """督促の段取り of one kind of due. Nobody is written to before a person has switched it on."""

    kind = models.CharField("種類", max_length=20, choices=DueKind, unique=True)
    is_on = models.BooleanField("督促する", default=False)
    channels_left_out = models.ManyToManyField(
        "channels.Channel", blank=True, related_name="+", verbose_name="督促しない店舗・モール",
        help_text="モールがお客様に督促や自動キャンセルをする店舗は、ここで外します。",
    )  # fmt: skip
    changed_at = models.DateTimeField("変更日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "督促の段取り"

    def __str__(self) -> str:
        return self.get_kind_display()


class DunningStep(models.Model):
    """督促の段階. A step that is no longer wanted is put out of use; what was done by it stays."""

    kind = models.CharField("種類", max_length=20, choices=DueKind)
    days = models.SmallIntegerField("期限からの日数", help_text="期限の前なら －1 のように書きます。")
    way = models.CharField("方法", max_length=10, choices=DunningWay)
    title = models.CharField("名前", max_length=40)
    subject = models.CharField("件名", max_length=200, blank=True)
    body = models.TextField("本文", max_length=10_000, blank=True)
    is_live = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "督促の段階"
        ordering = ["kind", "days"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "days"], condition=Q(is_live=True), name="dunningstep_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(is_live=True, way="cancel"), name="dunningstep_one_cancel"
            ),
            models.CheckConstraint(condition=Q(days__gte=-30, days__lte=400), name="dunningstep_days"),
            # Only goods that are still on the shelf can be taken back by cancelling.
            models.CheckConstraint(
                condition=~Q(way="cancel") | Q(kind__in=["bank_transfer", "convenience"], days__gt=0),
                name="dunningstep_cancels_what_waits",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ago(self) -> int:
        """So many days before the due day, of a reminder."""
        return -self.days


def _one_subject() -> Q:
    return Q(order__isnull=False, statement__isnull=True) | Q(order__isnull=True, statement__isnull=False)


class DunningAct(models.Model):
    """督促の記録: what was done for one due by one step, once. Append-only."""

    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, related_name="+", verbose_name="受注"
    )
    statement = models.ForeignKey(
        "billing.Statement", models.PROTECT, null=True, related_name="+", verbose_name="合計請求書"
    )
    step = models.ForeignKey(DunningStep, models.PROTECT, related_name="acts", verbose_name="段階")
    kind = models.CharField("種類", max_length=20, choices=DueKind)
    days = models.SmallIntegerField("期限からの日数")
    way = models.CharField("方法", max_length=10, choices=DunningWay)
    on = models.DateField("日付")
    due_on = models.DateField("支払期限")
    owed_yen = models.BigIntegerField("未入金")
    sent_to = models.CharField("宛先", max_length=254, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "督促の記録"
        constraints = [
            models.UniqueConstraint(fields=["order", "step"], name="dunningact_once_per_order"),
            models.UniqueConstraint(fields=["statement", "step"], name="dunningact_once_per_statement"),
            models.CheckConstraint(condition=_one_subject(), name="dunningact_one_subject"),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="dunningact_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.step_id}"


class DunningAnswer(models.Model):
    """電話・書面の結果: a person has done what the step asked for. Append-only."""

    act = models.OneToOneField(DunningAct, models.PROTECT, related_name="answer", verbose_name="督促")
    result = models.CharField("結果", max_length=10, choices=CallResult)
    note = models.CharField("メモ", max_length=200, blank=True)
    promised_on = models.DateField("支払の約束", null=True, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "電話・書面の結果"

    def __str__(self) -> str:
        return f"{self.act_id}: {self.result}"


class DunningPause(models.Model):
    """督促の停止 of an order, a statement or everything of a customer, until a day or until somebody ends it."""

    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, related_name="+", verbose_name="受注"
    )
    statement = models.ForeignKey(
        "billing.Statement", models.PROTECT, null=True, related_name="+", verbose_name="合計請求書"
    )
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, related_name="+", verbose_name="顧客"
    )
    reason = models.CharField("理由", max_length=200)
    until = models.DateField("この日まで", null=True, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )
    ended_at = models.DateTimeField("再開日時", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="再開した人"
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "督促の停止"
        constraints = [
            models.CheckConstraint(
                condition=_one_subject() & Q(customer__isnull=True)
                | Q(order__isnull=True, statement__isnull=True, customer__isnull=False),
                name="dunningpause_one_subject",
            )
        ]
        indexes = [
            models.Index(fields=["order"], condition=Q(ended_at__isnull=True), name="dunningpause_order"),
            models.Index(
                fields=["customer"], condition=Q(ended_at__isnull=True), name="dunningpause_customer"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
