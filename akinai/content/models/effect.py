"""コンテンツの効果: page views without cookies that tell who somebody is, their daily sums, and what is wrong with pages today."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.core import clock


class DaySalt(models.Model):
    """その日の塩: visitors of a day are told apart by it, and after 48 hours nobody can any more."""

    day = models.DateField("日", primary_key=True)
    salt = models.BinaryField("塩")

    class Meta:
        verbose_name = verbose_name_plural = "その日の塩"

    def __str__(self) -> str:
        return f"{self.day}"


class PageHit(models.Model):
    """1 回の閲覧. `visitor`: the day's mark of an address and a browser; `cart`: a mark of the cart, "" without one. Kept 40 days."""

    day = models.DateField("日")
    at = models.DateTimeField("日時")
    visitor = models.CharField("来訪者の印", max_length=32)
    cart = models.CharField("カートの印", max_length=32, blank=True)
    path = models.CharField("ページ", max_length=200)
    source = models.CharField("流入元", max_length=10)
    campaign = models.CharField("キャンペーン", max_length=60, blank=True)
    device = models.CharField("端末", max_length=10)
    load_ms = models.PositiveIntegerField("表示までの時間", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "閲覧"
        indexes = [
            models.Index(fields=["day", "visitor", "at"], name="pagehit_day"),
            models.Index(fields=["cart", "at"], name="pagehit_cart", condition=~Q(cart="")),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.path}"


class PageDay(models.Model):
    """閲覧の日計 by page, source of the session and device. Made anew from the hits as often as needed."""

    day = models.DateField("日")
    path = models.CharField("ページ", max_length=200)
    source = models.CharField("流入元", max_length=10)
    campaign = models.CharField("キャンペーン", max_length=60, blank=True)
    device = models.CharField("端末", max_length=10)
    views = models.PositiveIntegerField("閲覧数")
    sessions = models.PositiveIntegerField("セッション")
    entries = models.PositiveIntegerField("入口になった数")
    bounces = models.PositiveIntegerField("直帰")
    load_ms = models.PositiveBigIntegerField("表示までの時間の合計", default=0)
    loads = models.PositiveIntegerField("時間の分かる閲覧", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "閲覧の日計"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "path", "source", "campaign", "device"], name="pageday_once"
            ),
            models.CheckConstraint(condition=Q(bounces__lte=models.F("entries")), name="pageday_bounces"),
        ]
        indexes = [models.Index(fields=["path", "day"], name="pageday_path")]

    def __str__(self) -> str:
        return f"{self.day} {self.path}: {self.views}"


class OrderVisit(models.Model):
    """受注とカートの印: which pages were seen before an order can be told by it. `is_counted`: its assists are written."""

    order = models.OneToOneField(
        "orders.Order", models.PROTECT, primary_key=True, related_name="+", verbose_name="受注"
    )
    cart = models.CharField("カートの印", max_length=32, blank=True)
    visitor = models.CharField("来訪者の印", max_length=32, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    is_counted = models.BooleanField("集計済", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "受注とカートの印"
        indexes = [models.Index(fields=["order"], name="ordervisit_open", condition=Q(is_counted=False))]

    def __str__(self) -> str:
        return f"{self.order_id}"


class PageAssist(models.Model):
    """貢献: a page that was seen before an order, and its part of the order's yen. The parts of an order add up to it."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    path = models.CharField("ページ", max_length=200)
    day = models.DateField("注文日")
    position = models.PositiveSmallIntegerField("何番目に見たか")
    yen = models.BigIntegerField("貢献額")

    class Meta:
        verbose_name = verbose_name_plural = "貢献"
        constraints = [models.UniqueConstraint(fields=["order", "path"], name="pageassist_once")]
        indexes = [models.Index(fields=["path", "day"], name="pageassist_path")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.path}: {self.yen:,}"


class SeenPage(models.Model):
    """効果を見るページ: what lies at an address, told anew by the job."""

    class Kind(models.TextChoices):
        HOME = "home", "トップ"
        WRITTEN = "written", "読みもの"
        PRODUCT = "product", "商品"
        CATEGORY = "category", "カテゴリ"
        OTHER = "other", "そのほか"

    path = models.CharField("ページ", max_length=200, unique=True)
    title = models.CharField("題名", max_length=255, blank=True)
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.OTHER)
    edit_url = models.CharField("直す画面", max_length=200, blank=True)
    letters = models.PositiveIntegerField("文字数", null=True)
    is_gone = models.BooleanField("なくなった", default=False)
    told_at = models.DateTimeField("調べた日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "効果を見るページ"

    def __str__(self) -> str:
        return self.title or self.path


class PageFault(models.Model):
    """ページの問題 today, with the next act. Found anew by the job; it has no history."""

    class Kind(models.TextChoices):
        SOLD_OUT = "sold_out", "売り切れの商品を案内"
        HIDDEN = "hidden", "売っていない商品を案内"
        BROKEN = "broken", "リンク切れ"
        SLOW = "slow", "表示が遅い"
        ORPHAN = "orphan", "どこからもリンクがない"
        THIN = "thin", "内容が少ない"

    page = models.ForeignKey(SeenPage, models.CASCADE, related_name="faults", verbose_name="ページ")
    kind = models.CharField("問題", max_length=10, choices=Kind)
    what = models.CharField("内容", max_length=300)
    fix = models.CharField("次にすること", max_length=200)
    fix_url = models.CharField("直す画面", max_length=200, blank=True)
    views = models.PositiveIntegerField("7 日間の閲覧", default=0)
    lost_yen = models.PositiveBigIntegerField("失っている見込み", null=True)
    found_at = models.DateTimeField("見つけた日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "ページの問題"
        indexes = [models.Index(fields=["-views", "kind"], name="pagefault_views")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.kind}"
