"""出荷: a batch of shipping instructions, its shipments, their parcels and the carrier files made from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.orders.ports import Address
from akinai.orders.recipients import recipient
from akinai.shipping.errors import Refused
from akinai.shipping.ports import CARRIERS
from akinai.shipping.states import MOVES, MallNotice, Notice, Service, ShipmentState, Temperature


class CarrierAccount(models.Model):
    """運送会社との契約: the values of the settings that the carrier's door declares, by name."""

    carrier = models.CharField("運送会社", max_length=20, unique=True)
    settings = models.JSONField("設定", default=dict, blank=True)
    is_default = models.BooleanField("既定の運送会社", default=False)
    tracking_url = models.CharField("追跡URL（{no} が番号）", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "運送会社"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="carrier_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.carrier


class ShippingBatch(models.Model):
    """出荷指示の束: what goes out together, with one picking list.

    `refused` is filled by `services.instruct`: the orders that could not be taken along, each with its reason.
    """

    refused: tuple[Refused, ...] = ()

    number = models.CharField("出荷指示番号", max_length=20, unique=True)
    ship_on = models.DateField("出荷予定日")
    # Of a wave: its name with the cut-off, the day, and the how manieth time it was sent off that day. Written once.
    wave = models.CharField("ウェーブ", max_length=40, blank=True, db_default="")
    wave_on = models.DateField("ウェーブの日", null=True, blank=True)
    wave_turn = models.PositiveSmallIntegerField("ウェーブの回", default=0, db_default=0)
    picking_printed_at = models.DateTimeField("ピッキングリスト印刷日時", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "出荷指示"
        indexes = [models.Index(fields=["-ship_on", "-id"], name="batch_ship_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "wave_on", "wave_turn"],
                condition=~Q(wave=""),
                name="batch_one_per_wave_and_turn",
            ),
            models.CheckConstraint(
                condition=Q(wave="", wave_on=None, wave_turn=0)
                | (~Q(wave="") & Q(wave_on__isnull=False, wave_turn__gte=1)),
                name="batch_wave_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def wave_title(self) -> str:
        """当日便 15:00, from the second time on 当日便 15:00（2 回目）; "" of a batch that was chosen by hand."""
        return f"{self.wave}（{self.wave_turn} 回目）" if self.wave_turn > 1 else self.wave


class Shipment(models.Model):
    """出荷: one order's goods to one address, all of them or a part. The address is the order's copy,
    or that of one of its other addresses."""

    MOVES = MOVES

    number = models.CharField("出荷番号", max_length=20, unique=True)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="shipments", verbose_name="受注")
    batch = models.ForeignKey(
        ShippingBatch, models.PROTECT, related_name="shipments", verbose_name="出荷指示"
    )
    # 同梱: the shipment in whose parcel this one leaves. Its boxes and numbers are that one's.
    rides_with = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="riders", verbose_name="同梱先"
    )
    # 複数送付先: empty is the order's own address.
    address = models.ForeignKey(
        "orders.OrderAddress",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shipments",
        verbose_name="送付先",
    )
    location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="出荷元")
    state = models.CharField("状態", max_length=12, choices=ShipmentState, default=ShipmentState.INSTRUCTED)
    is_part = models.BooleanField("分納", default=False, db_default=False)
    carrier = models.CharField("運送会社", max_length=20)
    service = models.CharField("届け方", max_length=10, choices=Service, default=Service.PARCEL)
    temperature = models.CharField("温度帯", max_length=10, choices=Temperature, blank=True)
    is_fragile = models.BooleanField("ワレ物注意", default=False)
    label_note = models.CharField("送り状の記事", max_length=40, blank=True)
    ship_on = models.DateField("出荷予定日")
    delivery_on = models.DateField("お届け希望日", null=True, blank=True)
    delivery_slot = models.CharField("お届け時間帯", max_length=10, blank=True)
    cod_yen = models.BigIntegerField("代引金額", default=0)
    parcel_count = models.PositiveSmallIntegerField("個口数", default=1)
    hides_prices = models.BooleanField("納品書に金額を載せない", default=False)
    labels_exported_at = models.DateTimeField("送り状データ出力日時", null=True, blank=True)
    is_numbered = models.BooleanField("送り状番号あり", default=False, editable=False)
    printed_at = models.DateTimeField("納品書印刷日時", null=True, blank=True)
    shipped_at = models.DateTimeField("出荷日時", null=True, blank=True)
    notice = models.CharField("出荷通知", max_length=12, choices=Notice, default=Notice.NONE)
    notified_at = models.DateTimeField("出荷通知日時", null=True, blank=True)
    mall_notice = models.CharField(
        "モールへの出荷報告",
        max_length=10,
        choices=MallNotice,
        default=MallNotice.NONE,
        db_default=MallNotice.NONE,
    )
    mall_told_at = models.DateTimeField("モールへの出荷報告日時", null=True, blank=True)
    delivered_on = models.DateField("配達日", null=True, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "出荷"
        constraints = [
            # Of what leaves whole there is one; parts are counted per line (`OrderLine.instructed`).
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["instructed", "packed"], is_part=False),
                name="shipment_one_open_per_order",
            ),
            models.CheckConstraint(condition=Q(cod_yen__gte=0), name="shipment_cod_not_negative"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="shipment_state"),
            models.Index(fields=["-ship_on", "-id"], name="shipment_ship_on"),
            models.Index(
                fields=["-id"],
                condition=Q(
                    state__in=["shipped", "delivered"], notice__in=["none", "queued", "no_address", "failed"]
                ),
                name="shipment_not_notified",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(state__in=["shipped", "delivered"], is_numbered=False),
                name="shipment_not_numbered",
            ),
            models.Index(
                fields=["shipped_at", "id"],
                condition=Q(mall_notice__in=["waiting", "refused"]),
                name="shipment_mall_not_told",
            ),
            models.Index(F("shipped_at").desc(nulls_last=True), F("id").desc(), name="shipment_shipped_at"),
            models.Index(fields=["carrier", "-id"], name="shipment_carrier"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def to(self) -> Address:
        """お届け先 of this parcel."""
        return recipient(self.order, self.address)

    @property
    def gift_note(self) -> str:
        """のし・ラッピング as it was written for this address, else for the order."""
        return (self.address.gift_note if self.address else "") or self.order.gift_note

    @property
    def carried_in(self) -> list[Parcel]:
        """個口: its own, or those of the shipment it rides with."""
        return list((self.rides_with or self).parcels.all())

    @property
    def carrier_name(self) -> str:
        """運送会社 without the name of its label software; the code when no door knows it."""
        return CARRIERS[self.carrier].title.split()[0] if self.carrier in CARRIERS else self.carrier


class ShipmentLine(models.Model):
    """出荷明細."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines", verbose_name="出荷")
    order_line = models.ForeignKey(
        "orders.OrderLine", models.PROTECT, related_name="+", verbose_name="受注明細"
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    quantity = models.PositiveIntegerField("数量")
    returned = models.PositiveIntegerField(
        "返品数", default=0, db_default=0, help_text="取消・お断りでない返品の数量の合計"
    )

    class Meta:
        verbose_name = verbose_name_plural = "出荷明細"
        constraints = [
            models.UniqueConstraint(fields=["shipment", "order_line"], name="shipmentline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipmentline_positive"),
            models.CheckConstraint(
                condition=Q(returned__lte=F("quantity")), name="shipmentline_never_back_more_than_left"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.quantity}"


class Parcel(models.Model):
    """個口 with its 送り状番号."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="parcels", verbose_name="出荷")
    carrier = models.CharField("運送会社", max_length=20)
    tracking_no = models.CharField("送り状番号", max_length=30)
    intake_file = models.ForeignKey(
        "core.IntakeFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取込ファイル",
    )
    added_at = models.DateTimeField("登録日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "個口"
        constraints = [
            models.UniqueConstraint(fields=["carrier", "tracking_no"], name="parcel_tracking_once")
        ]
        indexes = [
            models.Index(
                fields=["tracking_no"], opclasses=["varchar_pattern_ops"], name="parcel_tracking_begins"
            )
        ]

    def __str__(self) -> str:
        return self.tracking_no


class LabelExport(models.Model):
    """送り状データ: a carrier file that was written, kept as it was."""

    batch = models.ForeignKey(ShippingBatch, models.PROTECT, related_name="exports", verbose_name="出荷指示")
    carrier = models.CharField("運送会社", max_length=20)
    filename = models.CharField("ファイル名", max_length=120)
    data = models.BinaryField("内容")
    count = models.PositiveIntegerField("件数")
    problems = models.JSONField("載せられなかった出荷", default=list)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "送り状データ"

    def __str__(self) -> str:
        return self.filename

    @property
    def references_left_out(self) -> list[str]:
        """Numbers of the shipments that are not in the file, each once, in order."""
        return list(dict.fromkeys(problem["reference"] for problem in self.problems if problem["reference"]))
