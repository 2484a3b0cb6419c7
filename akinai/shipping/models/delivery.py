"""お届け予定のもと: the calendar of the shop's shipping, and how many days each carrier takes to where."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

LONGEST_DAYS = 30


def weekend() -> list[int]:
    """土日, as weekdays from Monday 0."""
    return [5, 6]


class DeliveryCalendar(models.Model):
    """出荷の暦: one row. Without it the shop ships Monday to Friday, until noon on the same day."""

    cutoff = models.TimeField("当日出荷の締め時刻", default=time(12))
    closed_weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=weekend, blank=True, verbose_name="定休日"
    )
    closed_on_holidays = models.BooleanField("祝日は休む", default=True)
    closed_days = ArrayField(models.DateField(), default=list, blank=True, verbose_name="臨時休業日")
    prepare_days = models.PositiveSmallIntegerField(
        "出荷準備の営業日数", default=0, validators=[MaxValueValidator(LONGEST_DAYS)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "出荷の暦"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="delivery_calendar_is_one_row")]

    def __str__(self) -> str:
        return f"当日出荷 {self.cutoff:%H:%M} まで"


class CarrierDays(models.Model):
    """お届け日数: days from shipping to arrival, by prefecture, by the beginning of a postal code, or for islands."""

    carrier = models.CharField("運送会社", max_length=20, blank=True)
    prefecture = models.CharField("都道府県", max_length=10, blank=True)
    postal_prefix = models.CharField("郵便番号の先頭", max_length=7, blank=True)
    is_island = models.BooleanField("離島", default=False)
    days = models.PositiveSmallIntegerField(
        "お届け日数", validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)]
    )
    has_slots = models.BooleanField("時間帯を指定できる", default=True)
    is_estimate = models.BooleanField("目安のまま", default=False)
    note = models.CharField("メモ", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "お届け日数"
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "prefecture", "postal_prefix", "is_island"], name="carrierdays_once"
            ),
            models.CheckConstraint(
                condition=~Q(prefecture="") | ~Q(postal_prefix="") | Q(is_island=True),
                name="carrierdays_has_place",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1) & Q(days__lte=LONGEST_DAYS), name="carrierdays_within_a_month"
            ),
        ]
        indexes = [models.Index(fields=["prefecture", "id"], name="carrierdays_prefecture")]

    def __str__(self) -> str:
        return f"{self.place}: {self.days} 日"

    @property
    def place(self) -> str:
        """どこへ, in words."""
        code = f"〒{self.postal_prefix}…" if self.postal_prefix else ""
        return " ".join(filter(None, (self.prefecture, code, "離島" if self.is_island else "")))
