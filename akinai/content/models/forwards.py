"""転送: addresses of another time or another cart, and where they lead now."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from akinai.core import clock


class Forward(models.Model):
    """転送. It speaks only where nothing answers any more, so a page that is public is never hidden by it.

    `old_path` is written as `content.forwards.key_of` writes addresses, so one address is kept once.
    """

    class Kind(models.TextChoices):
        FOR_GOOD = "for_good", "ずっと（301）"
        FOR_NOW = "for_now", "いまだけ（302）"

    old_path = models.CharField("昔のアドレス", max_length=500, unique=True)
    target = models.CharField("行き先", max_length=500)
    kind = models.CharField(
        "種類", max_length=8, choices=Kind, default=Kind.FOR_GOOD, db_default=Kind.FOR_GOOD,
        help_text="「ずっと」は検索エンジンの評価も行き先に移ります。また使うアドレスなら「いまだけ」。",
    )  # fmt: skip
    is_active = models.BooleanField("使う", default=True, db_default=True)
    memo = models.CharField("メモ", max_length=200, blank=True)
    hits = models.PositiveIntegerField("転送した回数", default=0, db_default=0, editable=False)
    last_hit_at = models.DateTimeField("最後の転送", null=True, blank=True, editable=False)
    updated_at = models.DateTimeField("更新日時", default=clock.now, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "転送"
        indexes = [models.Index(fields=["-updated_at", "-id"], name="forward_updated")]
        constraints = [
            models.CheckConstraint(
                condition=Q(old_path__startswith="/") & ~Q(old_path="/") & ~Q(target=F("old_path")),
                name="forward_leads_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(target__regex=r"^(/$|/[^/\\]|https://)"), name="forward_target"
            ),
        ]

    def __str__(self) -> str:
        return self.old_path
