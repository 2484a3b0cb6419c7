"""請求条件: how and when one customer is billed, and how much may stand open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.business_days import END_OF_MONTH, WhenClosed

DAYS = [(day, f"{day}日") for day in range(1, 29)] + [(END_OF_MONTH, "末日")]
MONTHS = [
    (0, "当月"),
    (1, "翌月"),
    (2, "翌々月"),
    (3, "3か月後"),
    (4, "4か月後"),
    (5, "5か月後"),
    (6, "6か月後"),
]


def _is_day(name: str) -> Q:
    return Q(**{f"{name}__gte": 1, f"{name}__lte": 28}) | Q(**{name: END_OF_MONTH})


class BillingTerms(models.Model):
    """請求条件 of one customer who buys 掛け. Without a row every order is billed by itself."""

    class Cycle(models.TextChoices):
        MONTHLY = "monthly", "月締め（合計請求書）"
        PER_ORDER = "per_order", "都度（出荷ごとの請求書）"

    class Qualified(models.TextChoices):
        SLIPS = "slips", "出荷ごとの請求書"
        MONTHLY = "monthly", "月締めの合計請求書"

    class SendWay(models.TextChoices):
        MAIL = "mail", "メール"
        POST = "post", "印刷して郵送"

    class Closed(models.TextChoices):
        NEXT = WhenClosed.NEXT.value, "翌営業日"
        PREVIOUS = WhenClosed.PREVIOUS.value, "前営業日"
        AS_IS = WhenClosed.AS_IS.value, "そのまま"

    customer = models.OneToOneField(
        "party.Customer", models.PROTECT, related_name="billing_terms", verbose_name="顧客"
    )
    cycle = models.CharField("請求の単位", max_length=10, choices=Cycle, default=Cycle.MONTHLY)
    closing_day = models.PositiveSmallIntegerField("締め日", choices=DAYS, default=END_OF_MONTH)
    months = models.PositiveSmallIntegerField("支払月", choices=MONTHS, default=1)
    paying_day = models.PositiveSmallIntegerField("支払日", choices=DAYS, default=END_OF_MONTH)
    when_closed = models.CharField(
        "支払日が銀行休業日のとき", max_length=10, choices=Closed, default=Closed.NEXT
    )
    invoice_is = models.CharField(
        "適格請求書にする書類", max_length=10, choices=Qualified, default=Qualified.MONTHLY,
        help_text="消費税額は、ここで選んだ書類で税率ごとに一度だけ端数処理します。",
    )  # fmt: skip
    credit_limit_yen = models.BigIntegerField(
        "与信限度額", null=True, blank=True,
        help_text="掛けの未入金がこの金額を超える注文は確認待ちになります。空欄なら確かめません。",
    )  # fmt: skip
    send_way = models.CharField("送り方", max_length=10, choices=SendWay, default=SendWay.MAIL)
    send_to = models.EmailField("請求書の送り先", blank=True, help_text="空欄なら顧客のメールアドレス")
    recipient_name = models.CharField(
        "請求書の宛名",
        max_length=120,
        blank=True,
        help_text="空欄なら会社名・氏名から作ります。敬称まで入力します。",
    )
    payer_kana = models.CharField(
        "振込名義（カナ）",
        max_length=100,
        blank=True,
        help_text="通帳に出る名前。例：カ）カフエキムラ。入金の消込に使います。",
    )
    since = models.DateField("適用開始日", help_text="この日より前の出荷は月締めに入れません。")
    changed_at = models.DateTimeField("変更日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "請求条件"
        constraints = [
            models.CheckConstraint(
                condition=_is_day("closing_day") & _is_day("paying_day"), name="billingterms_days"
            ),
            models.CheckConstraint(condition=Q(months__lte=6), name="billingterms_months"),
            models.CheckConstraint(
                condition=Q(credit_limit_yen__isnull=True) | Q(credit_limit_yen__gte=0),
                name="billingterms_limit_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["closing_day", "customer"], name="billingterms_closing")]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """20日締め 翌月末日払い."""
        paid = f"{self.get_months_display()}{self.get_paying_day_display()}払い"
        if self.cycle == self.Cycle.PER_ORDER:
            return f"都度請求 {paid}"
        return f"{self.get_closing_day_display()}締め {paid}"
