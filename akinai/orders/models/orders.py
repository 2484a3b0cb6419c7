"""受注: the order as the buyer placed it, and everything that keeps it from moving on."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Upper

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.orders.gifts import Gift
from akinai.orders.states import MOVES, OrderState, PaymentKind, Progress

_LEFT = Q(state__in=[OrderState.SHIPPED, OrderState.COMPLETED], shipped_outside=False)


class Order(models.Model):
    """受注. Addresses are copies as the channel told them; amounts are 税込 yen unless named otherwise."""

    MOVES = MOVES

    number = models.CharField("受注番号", max_length=20, unique=True)
    channel = models.ForeignKey("channels.Channel", models.PROTECT, verbose_name="チャネル", db_index=False)
    channel_order_no = models.CharField("チャネルの注文番号", max_length=80)
    state = models.CharField("状態", max_length=20, choices=OrderState)
    ordered_at = models.DateTimeField("注文日時")
    received_at = models.DateTimeField("取込日時", default=clock.now)
    customer = models.ForeignKey("party.Customer", models.PROTECT, null=True, blank=True, verbose_name="顧客")
    location = models.ForeignKey("stock.Location", models.PROTECT, verbose_name="出荷元", db_index=False)

    buyer_name = models.CharField("注文者", max_length=100, blank=True)
    buyer_kana = models.CharField("注文者カナ", max_length=100, blank=True)
    buyer_company = models.CharField("注文者会社名", max_length=100, blank=True)
    buyer_email = models.CharField("注文者メール", max_length=254, blank=True)
    buyer_phone = models.CharField("注文者電話", max_length=30, blank=True)
    buyer_postal_code = models.CharField("注文者郵便番号", max_length=20, blank=True)
    buyer_address = models.CharField("注文者住所", max_length=400, blank=True)
    ship_name = models.CharField("送付先", max_length=100, blank=True)
    ship_kana = models.CharField("送付先カナ", max_length=100, blank=True)
    ship_company = models.CharField("送付先会社名", max_length=100, blank=True)
    ship_phone = models.CharField("送付先電話", max_length=30, blank=True)
    ship_postal_code = models.CharField("送付先郵便番号", max_length=20, blank=True)
    ship_prefecture = models.CharField("送付先都道府県", max_length=40, blank=True)
    ship_city = models.CharField("送付先市区町村", max_length=100, blank=True)
    ship_line1 = models.CharField("送付先番地", max_length=200, blank=True)
    ship_line2 = models.CharField("送付先建物", max_length=200, blank=True)

    payment = models.CharField("支払方法", max_length=20, choices=PaymentKind)
    payment_label = models.CharField("支払方法（チャネル表記）", max_length=80, blank=True)
    payment_settled = models.BooleanField("チャネルで決済済", default=False)
    amounts_known = models.BooleanField("金額が分かっている", default=True)
    goods_yen = models.BigIntegerField("商品代", default=0)
    shipping_yen = models.BigIntegerField("送料", default=0)
    cod_fee_yen = models.BigIntegerField("代引手数料", default=0)
    payment_fee_yen = models.BigIntegerField("決済手数料", default=0)
    wrapping_yen = models.BigIntegerField("ラッピング料", default=0)
    outer_tax_yen = models.BigIntegerField("外税", default=0)
    adjustment_yen = models.BigIntegerField("調整額", default=0)
    discount_yen = models.BigIntegerField("値引・クーポン", default=0)
    points_yen = models.BigIntegerField("ポイント利用", default=0)
    total_yen = models.BigIntegerField("請求金額")
    paid_yen = models.BigIntegerField("入金済額", default=0)
    taxes = models.JSONField("税率別内訳", default=list, blank=True)

    delivery_on = models.DateField("お届け希望日", null=True, blank=True)
    delivery_slot = models.CharField("お届け時間帯", max_length=10, blank=True)
    ship_by = models.DateField("出荷期限", null=True, blank=True)
    delivery_method = models.CharField("配送方法", max_length=60, blank=True)
    carrier = models.CharField("運送会社", max_length=20, blank=True)
    customer_note = models.TextField("備考（お客様）", blank=True)
    shop_note = models.TextField("店舗メモ", blank=True)
    gift_note = models.TextField("のし・ラッピング", blank=True)
    is_remote_island = models.BooleanField("離島", default=False)

    shipped_outside = models.BooleanField("Akinaiの外で出荷済", default=False)
    # Once set it stays: some of the goods were told to leave before the rest.
    in_parts = models.BooleanField("分納", default=False, db_default=False)
    shipment_progress = models.CharField("出荷", max_length=12, choices=Progress, default=Progress.NONE)
    invoice_progress = models.CharField("請求", max_length=12, choices=Progress, default=Progress.NONE)
    payment_progress = models.CharField("入金", max_length=12, choices=Progress, default=Progress.NONE)
    shipped_at = models.DateTimeField("出荷日時", null=True, blank=True)
    notified_at = models.DateTimeField("出荷通知日時", null=True, blank=True)
    delivered_on = models.DateField("配達日", null=True, blank=True)
    payment_due_on = models.DateField("入金期限", null=True, blank=True)

    content_digest = models.CharField("内容の指紋", max_length=64, blank=True)
    intake_file = models.ForeignKey(
        "core.IntakeFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取込ファイル",
    )
    source_line = models.PositiveIntegerField("ファイルの行", default=0)
    raw = models.JSONField("原データ", default=dict, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "受注"
        permissions = [("cancel_order", "受注をキャンセルできる")]
        constraints = [
            models.UniqueConstraint(fields=["channel", "channel_order_no"], name="order_once_per_channel"),
            models.CheckConstraint(condition=Q(total_yen__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(paid_yen__gte=0) & Q(paid_yen__lte=F("total_yen")), name="order_never_paid_twice"
            ),
        ]
        indexes = [
            models.Index(fields=["-ordered_at", "-id"], name="order_ordered_at"),
            models.Index(fields=["state", "-ordered_at", "-id"], name="order_state"),
            GinIndex(fields=["search_grams"], name="order_search"),
            models.Index(
                fields=["shipped_at", "id"],
                condition=Q(
                    state__in=["shipped", "completed"], invoice_progress="none", shipped_outside=False
                ),
                name="order_to_invoice",
            ),
            models.Index(
                fields=["id"],
                condition=Q(invoice_progress="done", shipped_outside=False),
                name="order_invoice_unsent",
            ),
            models.Index(fields=["-total_yen", "-id"], name="order_total"),
            models.Index(fields=["ship_by", "id"], name="order_ship_by"),
            models.Index(fields=["payment", "-ordered_at", "-id"], name="order_payment"),
            models.Index(fields=["channel", "-ordered_at", "-id"], name="order_channel"),
            models.Index(
                fields=["-ordered_at", "-id"], name="order_with_note", condition=~Q(customer_note="")
            ),
            models.Index(
                fields=["-ordered_at", "-id"], name="order_island", condition=Q(is_remote_island=True)
            ),
            # The first screen adds up every order: it reads these and never the wide rows.
            models.Index(
                fields=["channel", "state"], include=["total_yen", "paid_yen"], name="order_balance"
            ),
            models.Index(fields=["received_at"], include=["total_yen"], name="order_received_at"),
            models.Index(fields=["shipped_at"], include=["total_yen"], name="order_shipped_at"),
            # 漏れ: what is not done although its time has come. Few orders at any time, so each index is small.
            models.Index(
                fields=["-ordered_at", "-id"],
                include=["channel", "total_yen"],
                condition=_LEFT & Q(notified_at__isnull=True),
                name="order_not_notified",
            ),
            models.Index(
                fields=["-ordered_at", "-id"],
                condition=_LEFT & Q(payment_settled=False, paid_yen__lt=F("total_yen")),
                name="order_not_paid",
            ),
            models.Index(
                fields=["-ordered_at", "-id"],
                condition=Q(state=OrderState.CANCELLED, payment_progress=Progress.EXCEPTION),
                name="order_not_refunded",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def owed_yen(self) -> int:
        """未入金額."""
        return self.total_yen - self.paid_yen


class OrderLine(models.Model):
    """受注明細. `sku` is empty while the channel's code is unknown to us.

    A line that was taken out has 0 pieces and remembers in `taken_out` how many there were.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", verbose_name="受注")
    line_no = models.PositiveIntegerField("行")
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="SKU"
    )
    sku_code = models.CharField("商品コード（チャネル表記）", max_length=120, blank=True)
    name = models.CharField("商品名", max_length=400)
    options = models.TextField("項目・選択肢", blank=True)
    quantity = models.PositiveIntegerField("数量")
    taken_out = models.PositiveIntegerField("外した数", default=0, db_default=0)
    instructed = models.PositiveIntegerField(
        "出荷指示数", default=0, db_default=0, help_text="取り消されていない出荷の数量の合計"
    )
    assigned = models.PositiveIntegerField(
        "送付先に割り当てた数", default=0, db_default=0, help_text="ほかの送付先に送る数量の合計"
    )
    unit_price_yen = models.BigIntegerField("単価")
    tax_rate = models.PositiveSmallIntegerField("税率(%)", default=10)
    price_includes_tax = models.BooleanField("税込価格", default=True)
    channel_line_no = models.CharField("チャネルの明細番号", max_length=80, blank=True)
    raw = models.JSONField("原データ", default=dict, blank=True)
    gift = models.JSONField(
        "のし・ラッピング", default=dict, blank=True, db_default=Value({}, output_field=models.JSONField())
    )

    class Meta:
        verbose_name = verbose_name_plural = "受注明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_no"], name="orderline_once"),
            models.CheckConstraint(
                condition=Q(instructed__lte=F("quantity")), name="orderline_never_ships_more_than_ordered"
            ),
            models.CheckConstraint(
                condition=Q(assigned__lte=F("quantity")), name="orderline_never_sends_more_than_ordered"
            ),
        ]
        indexes = [models.Index(OpClass(Upper("sku_code"), name="text_pattern_ops"), name="orderline_code")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"

    @property
    def subtotal_yen(self) -> int:
        return self.unit_price_yen * self.quantity

    @property
    def gift_words(self) -> str:
        """のし・ラッピング in words, "" for none."""
        return Gift.of(self.gift).words() if self.gift else ""

    @property
    def rest(self) -> int:
        """残り: pieces that no shipment has (yet)."""
        return self.quantity - self.instructed
