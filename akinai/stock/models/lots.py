"""ロット: pieces of one SKU that came together and expire together."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Func, IntegerField, Q, Value

from akinai.core import clock


def past_date() -> Func:
    """期限の過ぎた点数 of a level's SKU at its place: pieces there that may not be shipped (any more) today."""
    told = (F("sku_id"), F("location_id"), Value(clock.today(), output_field=models.DateField()))
    return Func(*told, function="akinai_past_date", output_field=IntegerField())


class Lot(models.Model):
    """ロット."""

    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU", db_index=False
    )
    code = models.CharField("ロット番号", max_length=40)
    expires_on = models.DateField("期限", null=True, blank=True)
    received_on = models.DateField("入荷日")

    class Meta:
        verbose_name = verbose_name_plural = "ロット"
        constraints = [models.UniqueConstraint(fields=["sku", "code"], name="lot_once")]
        indexes = [models.Index(fields=["expires_on"], name="lot_expires")]

    def __str__(self) -> str:
        return self.code

    @property
    def ships_until(self) -> date | None:
        """出荷期限: the last day on which it may be shipped; None without an expiry."""
        if self.expires_on is None:
            return None
        return self.expires_on - timedelta(days=self.sku.ship_days_before)

    def may_ship(self, on: date) -> bool:
        """Neither expired nor past the last day of shipping."""
        return self.ships_until is None or on <= self.ships_until


class LotLevel(models.Model):
    """ロットの在庫数 at one place: the sum of the lot's entries there. Whoever changes it holds the level of SKU and place."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="levels", verbose_name="ロット")
    location = models.ForeignKey(
        "stock.Location", models.PROTECT, related_name="+", verbose_name="場所", db_index=False
    )
    on_hand = models.IntegerField("現在庫", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "ロットの在庫数"
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="lotlevel_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="lotlevel_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id}@{self.location_id}: {self.on_hand}"
