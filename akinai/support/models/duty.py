"""応対の担当: who may take which kind of ticket, and how many at once."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Duty(models.Model):
    """応対の担当 of one person. Without kinds he takes every kind; without a row he is given nothing by itself."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="担当者"
    )
    categories = ArrayField(
        models.CharField(max_length=30), verbose_name="受け持つ種類", default=list, blank=True
    )
    most_tickets = models.PositiveSmallIntegerField("同時に持つ件数の上限", null=True, blank=True)
    is_here = models.BooleanField("いま受け持つ", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "応対の担当"

    def __str__(self) -> str:
        return str(self.staff)
