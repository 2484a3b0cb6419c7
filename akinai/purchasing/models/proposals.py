"""補充の提案: what the policy would order today, with its reason; made anew each night."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.core import clock


class Proposal(models.Model):
    """補充の提案 for one SKU. `added` of the pieces are there only to reach the supplier's least order."""

    class State(models.TextChoices):
        OPEN = "open", "未対応"
        ORDERED = "ordered", "発注書へ"
        PASSED = "passed", "見送り"

    sku = models.OneToOneField("catalog.Sku", models.CASCADE, related_name="+", verbose_name="SKU")
    supplier = models.ForeignKey("party.Supplier", models.PROTECT, related_name="+", verbose_name="仕入先")
    state = models.CharField("状態", max_length=10, choices=State, default=State.OPEN)
    quantity = models.PositiveIntegerField("発注数")
    added = models.PositiveIntegerField("最低発注額のため", default=0)
    unit_cost = models.DecimalField("仕入単価（税抜）", max_digits=14, decimal_places=4)
    yen = models.BigIntegerField("金額（税抜）")
    on_hand = models.IntegerField("現在庫")
    promised = models.IntegerField("引当・不足")
    incoming = models.IntegerField("発注残")
    reorder_point = models.IntegerField("発注点")
    days_left = models.DecimalField("あと何日分", max_digits=7, decimal_places=1, null=True)
    lead_days = models.DecimalField("納期（日）", max_digits=6, decimal_places=1)
    reason = models.TextField("理由")
    detail = models.TextField("見込みと費用", blank=True)
    notices = models.JSONField("注意", default=list)
    order = models.ForeignKey(
        "purchasing.PurchaseOrder",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="発注書",
    )
    passed_until = models.DateField("見送りの期限", null=True, blank=True)
    made_at = models.DateTimeField("計算日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "補充の提案"
        indexes = [models.Index(fields=["state", "days_left", "id"], name="proposal_urgent")]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="proposal_positive")]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.quantity}"
