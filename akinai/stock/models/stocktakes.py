"""棚卸: what was counted, beside what the book said at that moment."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.stock.states import STOCKTAKE_MOVES, StocktakeState


class Stocktake(models.Model):
    """棚卸. Selling goes on meanwhile: each line keeps what the book said when it was counted."""

    MOVES = STOCKTAKE_MOVES

    class Kind(models.TextChoices):
        FULL = "full", "一斉棚卸"
        CYCLIC = "cyclic", "循環棚卸"
        SPOT = "spot", "スポット"

    number = models.CharField("棚卸番号", max_length=20, unique=True)
    name = models.CharField("名前", max_length=80, blank=True)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="場所")
    is_blind = models.BooleanField("帳簿の数を見せずに数える", default=True)
    state = models.CharField("状態", max_length=10, choices=StocktakeState, default=StocktakeState.OPEN)
    recount_pieces = models.PositiveIntegerField("数え直しの目安（点）", default=10)
    recount_yen = models.PositiveIntegerField("数え直しの目安（円）", default=5000)
    created_at = models.DateTimeField("開始日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    counted_at = models.DateTimeField("締め日時", null=True, blank=True)
    posted_at = models.DateTimeField("計上日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "棚卸"
        indexes = [models.Index(fields=["-created_at", "-id"], name="stocktake_created_at")]

    def __str__(self) -> str:
        return self.number


class StocktakeLine(models.Model):
    """棚卸明細: one SKU, of goods with lots one lot of it. `book` is what the ledger said up to its row `after_entry`; the first
    count is kept when it is counted again."""

    class Cause(models.TextChoices):
        NONE = "", "（なし）"
        LOSS = "loss", "紛失・盗難"
        DAMAGE = "damage", "破損"
        EXPIRED = "expired", "期限切れ"
        SLIP = "slip", "伝票・入力の誤り"
        MISPLACED = "misplaced", "置き場所違い"
        USED = "used", "サンプル・社内使用"
        UNKNOWN = "unknown", "原因不明"

    stocktake = models.ForeignKey(
        Stocktake, models.CASCADE, related_name="lines", verbose_name="棚卸", db_index=False
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    lot = models.ForeignKey(
        "stock.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ロット",
        db_index=False,
    )
    counted = models.PositiveIntegerField("実棚数", null=True, blank=True)
    book = models.IntegerField("帳簿の数", null=True, blank=True)
    after_entry = models.BigIntegerField("台帳の行", default=0, editable=False)
    began_entry = models.BigIntegerField("数え始めの台帳の行", default=0, editable=False)
    counted_at = models.DateTimeField("数えた日時", null=True, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="数えた人",
        db_index=False,
    )  # fmt: skip
    needs_recount = models.BooleanField("数え直し", default=False)
    first_counted = models.PositiveIntegerField("1回目の数", null=True, blank=True)
    first_book = models.IntegerField("1回目の帳簿の数", null=True, blank=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="1回目に数えた人",
        db_index=False,
    )  # fmt: skip
    unit_cost = models.DecimalField("単価（税抜）", max_digits=14, decimal_places=4, null=True, blank=True)
    cause = models.CharField("原因", max_length=10, choices=Cause, default=Cause.NONE, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "棚卸明細"
        constraints = [
            models.UniqueConstraint(
                fields=["stocktake", "sku", "lot"], name="stocktakeline_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True, book__isnull=True)
                | Q(counted__isnull=False, book__isnull=False),
                name="stocktakeline_count_has_book",
            ),
        ]
        indexes = [models.Index(fields=["sku", "-counted_at"], name="stocktakeline_sku")]

    def __str__(self) -> str:
        return f"{self.stocktake_id}: {self.sku_id}"

    @property
    def told(self) -> str:
        """商品コード, with the lot where one was counted."""
        return f"{self.sku.code} ロット {self.lot.code}" if self.lot else self.sku.code

    @property
    def difference(self) -> int | None:
        """実棚 − 帳簿 at the moment of the count; None while not counted."""
        return None if self.counted is None or self.book is None else self.counted - self.book

    @property
    def difference_yen(self) -> Decimal | None:
        """The difference at cost; None while unknown."""
        return None if self.difference is None or self.unit_cost is None else self.difference * self.unit_cost

    @property
    def difference_whole_yen(self) -> int | None:
        """差異金額 in whole yen."""
        amount = self.difference_yen
        return None if amount is None else int(amount.to_integral_value(ROUND_HALF_UP))
