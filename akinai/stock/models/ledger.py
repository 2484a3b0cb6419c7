"""在庫: an append-only ledger, a guarded cache of its sum, and reservations with their queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock


class Location(models.Model):
    """在庫場所. One of them is where orders are served from by default; what lies where nothing is sold is promised to nobody."""

    class Kind(models.TextChoices):
        WAREHOUSE = "warehouse", "倉庫"
        SHOP = "shop", "店頭"
        HOLD = "hold", "保留（検品・不一致）"
        TRANSIT = "transit", "移動中"

    code = models.CharField("場所コード", max_length=20, unique=True)
    name = models.CharField("場所名", max_length=60)
    is_default = models.BooleanField("既定の出荷元", default=False)
    kind = models.CharField(
        "種類", max_length=10, choices=Kind, default=Kind.WAREHOUSE, db_default=Kind.WAREHOUSE
    )
    is_sellable = models.BooleanField("ここから販売する", default=True, db_default=True)
    sort_order = models.PositiveSmallIntegerField("並び順", default=50, db_default=50)

    class Meta:
        verbose_name = verbose_name_plural = "在庫場所"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="location_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_sellable=True), name="location_default_sells"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["hold", "transit"]) | Q(is_sellable=False),
                name="location_hold_sells_not",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockEntry(models.Model):
    """入出庫: one movement of one SKU at one place. Append-only; a mistake is answered by a reversing row."""

    class Kind(models.TextChoices):
        OPENING = "opening", "期首・初期在庫"
        RECEIPT = "receipt", "入荷"
        SHIPMENT = "shipment", "出荷"
        RETURN = "return", "返品入庫"
        RETURN_OUT = "return_out", "仕入返品"
        ADJUSTMENT = "adjustment", "調整"
        COUNT = "count", "棚卸差異"
        TRANSFER = "transfer", "移動"
        REVERSAL = "reversal", "取消"

    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", verbose_name="場所")
    lot = models.ForeignKey(
        "stock.Lot",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ロット",
        db_index=False,
    )
    kind = models.CharField("種類", max_length=12, choices=Kind)
    quantity = models.IntegerField("数量（入庫＋・出庫－）")
    unit_cost = models.DecimalField("単価（税抜）", max_digits=14, decimal_places=4, null=True, blank=True)
    reference = models.CharField("伝票番号", max_length=60)
    key = models.CharField("重複防止キー", max_length=120, unique=True)
    note = models.CharField("理由", max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
        db_index=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = "入出庫"
        indexes = [
            models.Index(fields=["sku", "location", "-id"], name="stockentry_sku"),
            models.Index(fields=["-at", "-id"], name="stockentry_at"),
            models.Index(fields=["reference"], name="stockentry_reference"),
            models.Index(fields=["sku", "-id"], condition=Q(kind="receipt"), name="stockentry_receipts"),
            models.Index(fields=["lot", "location"], condition=Q(lot__isnull=False), name="stockentry_lot"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="stockentry_moves_something")]

    def __str__(self) -> str:
        return f"{self.reference} {self.quantity:+d}"


class StockLevel(models.Model):
    """在庫数: the sum of the entries, and how many of them are promised."""

    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="levels", verbose_name="SKU")
    location = models.ForeignKey(Location, models.PROTECT, related_name="+", verbose_name="場所")
    on_hand = models.IntegerField("現在庫", default=0)
    reserved = models.IntegerField("引当済", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "在庫数"
        indexes = [models.Index(fields=["on_hand", "id"], name="stocklevel_on_hand")]
        constraints = [
            models.UniqueConstraint(fields=["sku", "location"], name="stocklevel_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")), name="stocklevel_never_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.location_id}: {self.on_hand}"


class Reservation(models.Model):
    """引当: pieces held for one document line (`SO-2026-000123/1`). `quantity` < `wanted` waits for goods.

    `quantity` counts what has left (`shipped`), too; what lies on the shelf for the line is the difference.

    As long as anyone waits for a SKU, nothing of it is free: what arrives goes to the oldest line first.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "引当中"
        SHIPPED = "shipped", "出荷済"
        RELEASED = "released", "解除"

    reference = models.CharField("伝票行", max_length=60)
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU", db_index=False
    )
    location = models.ForeignKey(
        Location, models.PROTECT, related_name="+", verbose_name="場所", db_index=False
    )
    wanted = models.PositiveIntegerField("必要数")
    quantity = models.PositiveIntegerField("引当数", default=0)
    # Of what was held, so many have left: a line that is shipped in parts keeps waiting for the rest.
    shipped = models.PositiveIntegerField("出庫済の数", default=0, db_default=0)
    state = models.CharField("状態", max_length=10, choices=State, default=State.ACTIVE)
    queued_at = models.DateTimeField("順番", default=clock.now)
    # Of a set each part has a row of its own under the set's line; what was written here is what the line needs.
    set_sku = models.ForeignKey(
        "catalog.Sku",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="セット",
        db_index=False,
    )
    per_set = models.PositiveIntegerField("1セットの数", default=1, db_default=1)
    # What it lacks counts towards the SKU's limit of 取り寄せ・予約; what a person let through beyond it does not.
    is_backorder = models.BooleanField("取り寄せ・予約", default=False, db_default=False)

    class Meta:
        verbose_name = verbose_name_plural = "引当"
        constraints = [
            models.UniqueConstraint(fields=["reference", "sku", "location"], name="reservation_once"),
            models.CheckConstraint(
                condition=Q(quantity__lte=F("wanted")), name="reservation_not_more_than_wanted"
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity")), name="reservation_not_more_left_than_held"
            ),
            models.CheckConstraint(condition=Q(per_set__gt=0), name="reservation_per_set_positive"),
        ]
        indexes = [
            models.Index(
                fields=["sku", "location", "queued_at", "id"],
                condition=Q(state="active") & Q(quantity__lt=F("wanted")),
                name="reservation_queue",
            ),
            models.Index(fields=["sku", "location"], condition=Q(state="active"), name="reservation_active"),
            models.Index(
                fields=["set_sku"],
                condition=Q(set_sku__isnull=False, state="active"),
                name="reservation_of_sets",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.quantity}/{self.wanted}"


class StockRow(models.Model):
    """在庫一覧の行, a view of the levels: each SKU at each place it was ever at. One that never moved lies at the usual place
    with zeros, because the database makes that level together with the SKU."""

    sku = models.ForeignKey("catalog.Sku", models.DO_NOTHING, related_name="+", verbose_name="SKU")
    location = models.ForeignKey(Location, models.DO_NOTHING, related_name="+", verbose_name="場所")
    on_hand = models.IntegerField("現在庫")
    reserved = models.IntegerField("引当済")
    # Counted for the rows that are shown, NULL where nobody waits; `queries.SHORT` starts from the few who do.
    waiting = models.IntegerField("入荷待ち", null=True)

    class Meta:
        managed = False
        verbose_name = verbose_name_plural = "在庫一覧"

    def __str__(self) -> str:
        return f"{self.sku_id}@{self.location_id}"
