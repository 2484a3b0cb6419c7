"""定期便: which goods the shop offers again and again, how often, and for how much less."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from akinai.core import clock

PLANS = {
    "w1": "毎週", "w2": "2週間ごと", "w4": "4週間ごと", "m1": "1か月ごと", "m2": "2か月ごと", "m3": "3か月ごと",
}  # fmt: skip
MOST_OFF = 50


class PlanOffer(models.Model):
    """定期便 of one product. What was begun keeps its terms; a change counts for who begins later."""

    product = models.OneToOneField("catalog.Product", models.PROTECT, related_name="+", verbose_name="商品")
    is_on = models.BooleanField("受け付ける", default=True)
    percent = models.PositiveSmallIntegerField("割引(%)", default=10)
    plans = ArrayField(
        models.CharField(max_length=4, choices=list(PLANS.items())), verbose_name="お届けの間隔"
    )
    least_turns = models.PositiveSmallIntegerField(
        "お約束の回数", default=1, help_text="1 は、いつでも解約できる定期便です。"
    )
    created_at = models.DateTimeField("登録日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "定期便"
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__lte=MOST_OFF)
                & Q(least_turns__gte=1, least_turns__lte=12)
                & ~Q(plans=[]),
                name="planoffer_terms",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product}"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, words) in the order of their length."""
        return [(code, title) for code, title in PLANS.items() if code in self.plans]
