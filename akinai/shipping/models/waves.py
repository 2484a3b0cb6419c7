"""ウェーブの決まり: which orders leave together, and by when they are gathered."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q, TextChoices

from akinai.core import clock

LONGEST_DUE = 60


class WaveTemperature(TextChoices):
    """温度帯 that a wave gathers. The empty one gathers all."""

    ANY = "", "すべて"
    NORMAL = "normal", "常温"
    CHILLED = "chilled", "冷蔵"
    FROZEN = "frozen", "冷凍"


def working_week() -> list[int]:
    """月〜金, as weekdays from Monday 0."""
    return [0, 1, 2, 3, 4]


class WaveRule(models.Model):
    """ウェーブ: orders that fit are gathered until each cut-off. An order goes to the first rule that it fits.

    `since`: what waited before the rule was said (or said anew) counts from then on, so no rule is late from its first minute.
    """

    name = models.CharField("ウェーブの名前", max_length=30)
    cutoffs = ArrayField(models.TimeField(), verbose_name="締め切り")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=working_week, verbose_name="曜日")
    channels = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="チャネル")
    carriers = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="運送会社")
    temperature = models.CharField("温度帯", max_length=10, choices=WaveTemperature, blank=True)
    due_days = models.PositiveSmallIntegerField(
        "出荷期限までの日数", null=True, blank=True, validators=[MaxValueValidator(LONGEST_DUE)]
    )
    location = models.ForeignKey(
        "stock.Location", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="出荷元"
    )
    position = models.PositiveSmallIntegerField("順番", default=10)
    is_active = models.BooleanField("使う", default=True)
    since = models.DateTimeField("この決まりになった日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "ウェーブ"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(is_active=True), name="waverule_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="waverule_has_name"),
            models.CheckConstraint(condition=Q(cutoffs__len__gte=1), name="waverule_has_cutoff"),
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1) & Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="waverule_has_weekdays",
            ),
            models.CheckConstraint(
                condition=Q(temperature__in=WaveTemperature.values), name="waverule_temperature_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_days=None) | Q(due_days__lte=LONGEST_DUE), name="waverule_due_within_reach"
            ),
        ]

    def __str__(self) -> str:
        return self.name
