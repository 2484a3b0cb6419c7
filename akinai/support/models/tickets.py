"""問い合わせ: one matter of one customer, from the first word to its end."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, DateTimeField, F, Q, When
from django.db.models.functions import Coalesce

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.support.states import ALIVE, ENDED, RUNNING, TICKET_MOVES, Priority, Source, TicketState

# リスク順: the promise that breaks next; tickets whose clock stands come last.
_RUNS = tuple(
    one.value for one in RUNNING
)  # plain words, as the migration has them: its index is compared by them
NEXT_DUE = Case(
    When(first_replied_at=None, state__in=_RUNS, then=F("first_reply_due")),
    When(state__in=_RUNS, then=F("resolution_due")),
    output_field=DateTimeField(),
)


class Tag(models.Model):
    """タグ."""

    name = models.CharField("名前", max_length=30, unique=True)
    words = models.CharField("付ける言葉", max_length=200, blank=True)
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "タグ"

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """問い合わせ. Both clocks run in business minutes of the shop (`support.services.clocks`)."""

    MOVES = TICKET_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    source = models.CharField("経路", max_length=10, choices=Source)
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="店舗"
    )
    state = models.CharField("状態", max_length=10, choices=TicketState, default=TicketState.NEW)
    priority = models.PositiveSmallIntegerField("優先度", choices=Priority, default=Priority.NORMAL)
    subject = models.CharField("件名", max_length=300)
    category = models.CharField("種類", max_length=30, blank=True)
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="お客様"
    )
    # Who wrote, as told: it stays when nobody was recognised.
    contact_name = models.CharField("お名前", max_length=100, blank=True)
    contact_mail = models.CharField("メール", max_length=254, blank=True)
    contact_phone = models.CharField("電話", max_length=30, blank=True)
    recognised_by = models.CharField("お客様の判定", max_length=200, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当"
    )
    tags = models.ManyToManyField(Tag, blank=True, verbose_name="タグ", related_name="tickets")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="統合先"
    )
    opened_at = models.DateTimeField("受付日時", default=clock.now)
    last_in_at = models.DateTimeField("最後の受信", null=True, blank=True)
    last_out_at = models.DateTimeField("最後の送信", null=True, blank=True)
    first_reply_due = models.DateTimeField("初回返信の期限", null=True, blank=True)
    first_replied_at = models.DateTimeField("初回返信", null=True, blank=True)
    resolution_due = models.DateTimeField("解決の期限", null=True, blank=True)
    solved_at = models.DateTimeField("解決日時", null=True, blank=True)
    closed_at = models.DateTimeField("完了日時", null=True, blank=True)
    snoozed_until = models.DateTimeField("保留の期限", null=True, blank=True)
    # The clock of the resolution stands still while we wait for the customer.
    paused_at = models.DateTimeField("時計の停止", null=True, blank=True)
    # What was promised when the ticket came, so that changed rules judge no old ticket anew.
    first_reply_minutes = models.PositiveIntegerField("初回返信の約束（分）", null=True, blank=True)
    resolution_minutes = models.PositiveIntegerField("解決の約束（分）", null=True, blank=True)
    key = models.CharField("冪等キー", max_length=120, unique=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "問い合わせ"
        permissions = [
            ("reply_ticket", "お客様に返信できる"),
            ("assign_ticket", "担当を割り当てられる"),
            ("give_coupon", "お客様にクーポンを贈れる"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="ticket_merged_into_one",
            ),
            models.CheckConstraint(
                condition=(Q(state="snoozed") & Q(snoozed_until__isnull=False))
                | (~Q(state="snoozed") & Q(snoozed_until=None)),
                name="ticket_snoozed_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*ENDED, "merged", "spam"]) | Q(solved_at=None),
                name="ticket_solved_at_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(solved_at__isnull=False), name="ticket_has_solved_at"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="ticket_not_into_itself"),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="ticket_opened"),
            models.Index(fields=["state", "-opened_at", "-id"], name="ticket_state"),
            models.Index(fields=["assignee", "state", "-opened_at"], name="ticket_assignee"),
            models.Index(fields=["customer", "-opened_at"], name="ticket_customer"),
            models.Index(fields=["contact_mail"], name="ticket_mail"),
            # リスク順: what breaks its promise next.
            models.Index(
                Coalesce("first_reply_due", "resolution_due"), F("priority"), F("id"),
                name="ticket_first_due", condition=Q(state__in=RUNNING, first_replied_at=None),
            ),
            models.Index(
                fields=["resolution_due", "priority", "id"], name="ticket_due", condition=Q(state__in=RUNNING)
            ),
            models.Index(fields=["snoozed_until"], name="ticket_snoozed", condition=Q(state="snoozed")),
            # The list by each of its columns, in both directions: what has no moment stands last.
            models.Index(NEXT_DUE.asc(), F("id").asc(), name="ticket_next_due"),
            models.Index(NEXT_DUE.desc(nulls_last=True), F("id").desc(), name="ticket_last_due"),
            models.Index(F("solved_at").asc(), F("id").asc(), name="ticket_solved_first"),
            models.Index(F("solved_at").desc(nulls_last=True), F("id").desc(), name="ticket_solved_last"),
            models.Index(fields=["priority", "id"], name="ticket_priority"),
            GinIndex(fields=["search_grams"], name="ticket_search"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE


class TicketOrder(models.Model):
    """問い合わせの受注: the orders that the matter is about."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="order_links", verbose_name="問い合わせ")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    reason = models.CharField("判定", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "問い合わせの受注"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "order"], name="ticketorder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.order_id}"


class CallBack(models.Model):
    """折り返しの約束: we call this number back by then."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="call_backs", verbose_name="問い合わせ")
    phone = models.CharField("電話番号", max_length=30)
    due_at = models.DateTimeField("約束の時刻")
    note = models.CharField("用件", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="約束した人"
    )
    done_at = models.DateTimeField("かけた日時", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="かけた人",
    )
    outcome = models.CharField("結果", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "折り返しの約束"
        indexes = [
            models.Index(fields=["due_at", "id"], name="callback_open", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.phone} {self.due_at:%m-%d %H:%M}"


class Viewing(models.Model):
    """閲覧中: who has the ticket open or is writing now. Rows older than a minute mean nothing."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="viewings", verbose_name="問い合わせ")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="担当者"
    )
    seen_at = models.DateTimeField("最後の合図", default=clock.now)
    is_writing = models.BooleanField("入力中", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "閲覧中"
        constraints = [models.UniqueConstraint(fields=["ticket", "staff"], name="viewing_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.staff_id}"
