"""クレーム of a ticket, what is given for it and what is done so that it does not come again."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.support.complaint_states import (
    COMPENSATION_MOVES,
    COMPLAINT_MOVES,
    LIVE,
    OF_ORDER,
    PREVENTION_MOVES,
    CompensationKind,
    CompensationState,
    ComplaintState,
    PreventionState,
    Severity,
    Side,
)
from akinai.support.models.tickets import Ticket


def _staff(title: str, *, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, blank=null, related_name="+", verbose_name=title
    )


class ComplaintSettings(models.Model):
    """クレームの決まり, one row."""

    approval_yen = models.PositiveIntegerField(
        "承認が要る補償額",
        default=3000,
        help_text="1 件の合計がこれを超えると、別の人（店長）の承認が要ります。",
    )
    present_most_yen = models.PositiveIntegerField(
        "クーポン・ポイントの上限",
        default=10_000,
        help_text="受注 1 件（受注がなければクレーム 1 件）に渡せる合計です。",
    )
    measure_days = models.PositiveSmallIntegerField(
        "効果を見る日数", default=30, help_text="対策の前と後で、この日数の発生率を比べます。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "クレームの決まり"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="complaintsettings_one"),
            models.CheckConstraint(condition=Q(measure_days__range=(7, 365)), name="complaintsettings_days"),
        ]

    def __str__(self) -> str:
        return "クレームの決まり"


class ComplaintCause(models.Model):
    """原因コード: the shop's own list."""

    code = models.CharField("コード", max_length=20, unique=True)
    name = models.CharField("原因", max_length=40, unique=True)
    side = models.CharField("ふつうの責任", max_length=10, choices=Side, default=Side.UNKNOWN)
    place = models.PositiveSmallIntegerField("並び順", default=100)
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "クレームの原因"
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.name


class Complaint(models.Model):
    """クレーム, one for a ticket. `given_yen` of what was given stands in its ledger (`CompensationEntry`)."""

    MOVES = COMPLAINT_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    ticket = models.OneToOneField(Ticket, models.PROTECT, related_name="complaint", verbose_name="問い合わせ")
    state = models.CharField("状態", max_length=10, choices=ComplaintState, default=ComplaintState.OPEN)
    severity = models.PositiveSmallIntegerField("重さ", choices=Severity)
    cause = models.ForeignKey(
        ComplaintCause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原因"
    )
    side = models.CharField("責任の所在", max_length=10, choices=Side, default=Side.UNKNOWN)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受注"
    )
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="SKU"
    )
    lot = models.ForeignKey(
        "stock.Lot", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ロット"
    )
    supplier = models.ForeignKey(
        "party.Supplier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="仕入先"
    )
    carrier = models.CharField("運送会社", max_length=20, blank=True)
    page = models.CharField(
        "ページ", max_length=300, blank=True, help_text="表示が違っていたページの URL や名前"
    )
    person = _staff("関わった担当者")
    facts = models.TextField(
        "事実", blank=True, help_text="いつ・何が・どうなっていたか。推測と分けて書きます。"
    )
    wish = models.TextField("お客様のご要望", blank=True)
    outcome = models.TextField("結論", blank=True)
    opened_at = models.DateTimeField("受付日時", default=clock.now)
    opened_by = _staff("受け付けた人")
    manager_told_at = models.DateTimeField("店長に知らせた日時", null=True, blank=True)
    manager_seen_at = models.DateTimeField("店長が確認した日時", null=True, blank=True)
    manager_seen_by = _staff("確認した店長")
    apologised_at = models.DateTimeField("お詫びした日時", null=True, blank=True)
    apology_how = models.CharField("お詫びの方法", max_length=20, blank=True)
    settled_at = models.DateTimeField("決着日時", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "クレーム"
        permissions = [("acknowledge_complaint", "重大なクレームを確認できる")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="settled") & Q(settled_at__isnull=False))
                | (~Q(state="settled") & Q(settled_at=None)),
                name="complaint_settled_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(cause__isnull=False), name="complaint_settled_has_cause"
            ),
            models.CheckConstraint(
                condition=~Q(severity=3) | Q(manager_told_at__isnull=False), name="complaint_grave_is_told"
            ),
            models.CheckConstraint(
                condition=~Q(state="settled", severity=3) | Q(manager_seen_at__isnull=False),
                name="complaint_grave_was_seen",
            ),
            models.CheckConstraint(condition=Q(lot=None) | Q(sku__isnull=False), name="complaint_lot_of_sku"),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="complaint_opened"),
            models.Index(fields=["state", "-opened_at", "-id"], name="complaint_state"),
            models.Index(fields=["cause", "opened_at"], name="complaint_cause"),
            models.Index(fields=["sku", "-opened_at"], name="complaint_sku"),
            models.Index(fields=["supplier", "-opened_at"], name="complaint_supplier"),
            models.Index(
                fields=["opened_at"], name="complaint_not_seen",
                condition=Q(severity=3, manager_seen_at=None, state__in=LIVE),
            ),
            GinIndex(fields=["search_grams"], name="complaint_search"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def waits_for_manager(self) -> bool:
        """重大 and not yet seen by the 店長."""
        return self.severity == Severity.GRAVE and self.manager_seen_at is None and self.is_live


class CompensationAllowance(models.Model):
    """補償の枠: what may be given of one key (`order:12`, `present:order:12`, `present:complaint:5`). Changed by one
    conditional UPDATE; the CHECK stands behind."""

    key = models.CharField("枠", max_length=60, unique=True)
    most_yen = models.PositiveBigIntegerField("上限", default=0)
    given_yen = models.PositiveBigIntegerField("使った額", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "補償の枠"
        constraints = [
            models.CheckConstraint(
                condition=Q(given_yen__lte=F("most_yen")), name="allowance_never_above_most"
            )
        ]

    def __str__(self) -> str:
        return self.key


class Compensation(models.Model):
    """補償: asked for with a reason, carried out at once or by a second person above the limit, undone by reversal.

    What was asked for stands still (a trigger); only its way through the states is written.
    """

    MOVES = COMPENSATION_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="compensations", verbose_name="クレーム"
    )
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受注"
    )
    kind = models.CharField("種類", max_length=10, choices=CompensationKind)
    yen = models.PositiveBigIntegerField("金額（税込）")
    details = models.JSONField("内容", default=dict, blank=True)
    reason = models.CharField("理由", max_length=200)
    allowance = models.ForeignKey(
        CompensationAllowance, models.PROTECT, related_name="+", verbose_name="補償の枠"
    )
    state = models.CharField(
        "状態", max_length=10, choices=CompensationState, default=CompensationState.WAITING
    )
    limit_yen = models.PositiveBigIntegerField("承認が要る額")
    before_yen = models.PositiveBigIntegerField("それまでの補償額")
    asked_at = models.DateTimeField("依頼日時", default=clock.now)
    asked_by = _staff("依頼した人", null=False)
    approved_by = _staff("承認した人")
    done_at = models.DateTimeField("実行日時", null=True, blank=True)
    key = models.CharField("冪等キー", max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "補償"
        permissions = [("approve_compensation", "補償を承認できる")]
        constraints = [
            models.CheckConstraint(condition=Q(yen__gt=0), name="compensation_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="compensation_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(kind__in=OF_ORDER) | Q(order__isnull=False), name="compensation_of_an_order"
            ),
            # Splitting one sum into many small ones does not pass the limit: what went before counts.
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "refused"])
                | Q(yen__lte=F("limit_yen") - F("before_yen"))
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("asked_by"))),
                name="compensation_large_seen_by_another",
            ),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(state="waiting"), name="compensation_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="compensation_asked"),
            models.Index(fields=["order", "-id"], name="compensation_order"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_large(self) -> bool:
        """With what was given before, above the limit that held when it was asked for."""
        return self.before_yen + self.yen > self.limit_yen

    @property
    def moves_money(self) -> bool:
        """返金 that goes out by itself; a monthly customer's is taken off his next statement."""
        return self.kind == CompensationKind.REFUND and self.details.get("way") != "statement"


class CompensationEntry(models.Model):
    """補償台帳. Append-only: a mistake is answered by a row of the opposite amount that names the first."""

    compensation = models.ForeignKey(
        Compensation, models.PROTECT, related_name="entries", verbose_name="補償"
    )
    yen = models.BigIntegerField("金額")
    at = models.DateTimeField("日時", default=clock.now)
    by = _staff("担当者")
    document = models.CharField("書類", max_length=60, blank=True)
    words = models.CharField("内容", max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取り消す行"
    )

    class Meta:
        verbose_name = verbose_name_plural = "補償台帳"
        constraints = [
            models.CheckConstraint(
                condition=Q(yen__gt=0, reverses=None) | Q(yen__lt=0, reverses__isnull=False),
                name="compensationentry_sign",
            ),
            models.UniqueConstraint(
                fields=["compensation"], condition=Q(reverses=None), name="compensationentry_once"
            ),
        ]
        indexes = [models.Index(fields=["at", "id"], name="compensationentry_at")]

    def __str__(self) -> str:
        return f"{self.compensation_id} {self.yen:+,}"


class PreventionTask(models.Model):
    """再発防止. The rate is complaints of the cause per 1,000 shipments, the same number of days before and after."""

    MOVES = PREVENTION_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, related_name="preventions", verbose_name="クレーム"
    )
    cause = models.ForeignKey(ComplaintCause, models.PROTECT, related_name="+", verbose_name="原因")
    what = models.TextField("対策")
    owner = _staff("責任者", null=False)
    due_on = models.DateField("期限")
    state = models.CharField("状態", max_length=10, choices=PreventionState, default=PreventionState.PLANNED)
    days = models.PositiveSmallIntegerField("比べる日数")
    in_place_on = models.DateField("対策を始めた日", null=True, blank=True)
    before_complaints = models.PositiveIntegerField("前の件数", null=True, blank=True)
    before_shipments = models.PositiveIntegerField("前の出荷数", null=True, blank=True)
    after_complaints = models.PositiveIntegerField("後の件数", null=True, blank=True)
    after_shipments = models.PositiveIntegerField("後の出荷数", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    created_by = _staff("登録した人")
    closed_at = models.DateTimeField("完了日時", null=True, blank=True)
    closed_by = _staff("完了にした人")
    close_reason = models.CharField("率が下がらなくても完了にする理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "再発防止"
        permissions = [("excuse_preventiontask", "率が下がらなくても完了にできる")]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="prevention_says_what"),
            models.CheckConstraint(condition=Q(days__range=(7, 365)), name="prevention_days"),
            models.CheckConstraint(
                condition=~Q(state__in=["watching", "closed"])
                | Q(in_place_on__isnull=False, before_complaints__isnull=False, before_shipments__isnull=False),
                name="prevention_in_place_has_before",
            ),
            # a/b < c/d without dividing; nothing shipped afterwards proves nothing.
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (
                    Q(closed_by__isnull=False)
                    & (
                        ~Q(close_reason="")
                        | Q(
                            after_shipments__gt=0, before_shipments__gt=0,
                            before_complaints__isnull=False, after_complaints__isnull=False,
                        )
                    )
                ),
                name="prevention_closed_by_measure",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="prevention_due"),
            models.Index(fields=["-created_at", "-id"], name="prevention_created"),
        ]

    def __str__(self) -> str:
        return self.number
