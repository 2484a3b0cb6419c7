"""選んだSKU: thousands of them, which no address could carry to the next page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from akinai.core import clock


class ChosenSkus(models.Model):
    """What one person ticked in the list, in that order. Thrown away after some days."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="担当者"
    )
    ids = ArrayField(models.BigIntegerField(), verbose_name="SKU")
    at = models.DateTimeField("日時", default=clock.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "選んだSKU"

    def __str__(self) -> str:
        return f"{len(self.ids)} SKU"
