"""商品: a Product is what the customer reads about, a Sku is what is counted, priced and shipped."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from akinai.catalog.slugs import SLUG, SLUG_HELP
from akinai.catalog.temperatures import Temperature
from akinai.core import clock
from akinai.core.search import grams_field


class TaxKind(models.TextChoices):
    """税区分 of goods; the rate of a day comes from core.tax."""

    STANDARD = "standard", "標準 10%"
    REDUCED = "reduced", "軽減 8%"
    EXEMPT = "exempt", "非課税"


TAX_RATES = {TaxKind.STANDARD: 10, TaxKind.REDUCED: 8, TaxKind.EXEMPT: 0}  # percent


# What the shop may show at all; whether a SKU can be bought, `public.products` asks besides.
IN_SHOP = Q(status="active", is_public=True)
PRICED = Q(is_active=True, needs_review=False, price_yen__gt=0)


class Category(models.Model):
    """商品カテゴリ. `slug` is its address in the shop; without one its id stands there."""

    name = models.CharField("カテゴリ名", max_length=100, unique=True)
    slug = models.CharField("URL", max_length=80, unique=True, null=True, blank=True, help_text=SLUG_HELP)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="親カテゴリ"
    )
    position = models.PositiveSmallIntegerField("表示順", default=100, db_default=100)
    is_public = models.BooleanField("自社サイトに出す", default=True, db_default=True)
    lead = models.CharField("紹介文", max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = "カテゴリ"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(slug=None) | Q(slug__regex=SLUG), name="category_slug"),
            models.CheckConstraint(condition=~Q(parent=F("pk")), name="category_not_under_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """商品."""

    class Status(models.TextChoices):
        ACTIVE = "active", "販売中"
        DRAFT = "draft", "準備中"
        ENDED = "ended", "販売終了"

    number = models.CharField("商品番号", max_length=20, unique=True)
    code = models.CharField("商品コード", max_length=64, unique=True, help_text="自社の商品コード（親）")
    name = models.CharField("商品名", max_length=255)
    kana = models.CharField("フリガナ", max_length=255, blank=True)
    description = models.TextField("商品説明", blank=True)
    brand = models.CharField("ブランド", max_length=100, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="カテゴリ")
    tax_kind = models.CharField("税区分", max_length=10, choices=TaxKind, default=TaxKind.STANDARD)
    temperature = models.CharField(
        "温度帯", max_length=8, choices=Temperature, blank=True, default=Temperature.NORMAL, db_default="",
        help_text="この商品を送る温度。送料と送り状はこれで決まります。",
    )  # fmt: skip
    status = models.CharField("状態", max_length=10, choices=Status, default=Status.ACTIVE)
    slug = models.CharField(
        "URL", max_length=80, unique=True, null=True, blank=True, help_text=f"{SLUG_HELP}。空欄なら商品番号"
    )
    is_public = models.BooleanField("自社サイトに出す", default=True, db_default=True)
    sold_lately = models.PositiveIntegerField(
        "最近の販売数",
        default=0,
        db_default=0,
        editable=False,
        help_text="おすすめ順に使う、30日間に売れた数",
    )
    completeness = models.PositiveSmallIntegerField("登録の完成度", default=0, db_default=0, editable=False)
    lacking = ArrayField(
        models.CharField(max_length=12), verbose_name="不足", default=list, db_default=[], editable=False
    )
    version = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    updated_at = models.DateTimeField("更新日時", default=clock.now)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "商品"
        indexes = [
            models.Index(fields=["name", "id"], name="product_name"),
            models.Index(fields=["completeness", "id"], name="product_completeness"),
            GinIndex(fields=["lacking"], name="product_lacking"),
            GinIndex(fields=["search_grams"], name="product_search"),
            # The shop's lists, by each of their orders.
            models.Index(fields=["-sold_lately", "-id"], condition=IN_SHOP, name="product_shop_best"),
            models.Index(fields=["-created_at", "-id"], condition=IN_SHOP, name="product_shop_new"),
            models.Index(
                fields=["category", "-sold_lately", "-id"], condition=IN_SHOP, name="product_shop_category"
            ),
            models.Index(
                Coalesce(NullIf("kana", Value("")), "name"), "id", condition=IN_SHOP, name="product_shop_name"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(completeness__lte=100), name="product_completeness_percent"
            ),
            models.CheckConstraint(condition=Q(slug=None) | Q(slug__regex=SLUG), name="product_slug"),
        ]

    def __str__(self) -> str:
        return self.name


class Sku(models.Model):
    """SKU. `code_key` is the folded code (NFKC, upper case, no spaces) that files are matched by."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="skus", verbose_name="商品")
    code = models.CharField("SKUコード", max_length=64, unique=True)
    code_key = models.CharField(max_length=64, unique=True, editable=False)
    jan = models.CharField("JANコード", max_length=14, null=True, blank=True, unique=True)
    variant = models.CharField("バリエーション", max_length=120, blank=True)
    price_yen = models.BigIntegerField("販売価格（税込）", default=0)
    list_price_yen = models.BigIntegerField("表示価格（税込）", null=True, blank=True)
    cost = models.DecimalField("原価（税抜）", max_digits=14, decimal_places=4, null=True, blank=True)
    shelf = models.CharField("棚番", max_length=30, blank=True)
    weight_g = models.PositiveIntegerField("重量(g)", null=True, blank=True)
    is_active = models.BooleanField("有効", default=True)
    needs_review = models.BooleanField("要確認（仮登録）", default=False)
    tracks_lots = models.BooleanField("ロット・期限を管理する", default=False, db_default=False)
    shelf_life_days = models.PositiveIntegerField("賞味期間（日）", null=True, blank=True)
    ship_days_before = models.PositiveSmallIntegerField(
        "出荷期限（期限の何日前まで）", default=0, db_default=0
    )
    is_set = models.BooleanField("セット商品", default=False, db_default=False)
    may_backorder = models.BooleanField("在庫がなくても受ける（取り寄せ）", default=False, db_default=False)
    backorder_limit = models.PositiveIntegerField("取り寄せの上限（点）", null=True, blank=True)
    preorder_until = models.DateField("予約受付の終わり", null=True, blank=True)
    release_on = models.DateField("発売日", null=True, blank=True)
    itf = models.CharField("ケースのコード（ITF）", max_length=14, null=True, blank=True, unique=True)
    pieces_per_case = models.PositiveIntegerField("ケース入数", null=True, blank=True)
    option_key = models.CharField("組み合わせ", max_length=400, blank=True, db_default="", editable=False)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    updated_at = models.DateTimeField("更新日時", default=clock.now)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "SKU"
        indexes = [
            GinIndex(fields=["search_grams"], name="sku_search"),
            models.Index(fields=["price_yen", "id"], name="sku_price"),
            models.Index(fields=["product", "price_yen"], condition=PRICED, name="sku_shop_price"),
            models.Index(fields=["shelf", "id"], name="sku_shelf"),
            models.Index(fields=["release_on"], condition=Q(release_on__isnull=False), name="sku_release"),
            models.Index(
                fields=["code"], condition=Q(needs_review=True, is_active=True), name="sku_to_review"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_set=False) | Q(tracks_lots=False), name="sku_sets_have_no_lots"
            ),
            models.CheckConstraint(
                condition=Q(preorder_until=None)
                | Q(release_on__isnull=False, preorder_until__lte=F("release_on")),
                name="sku_preorder_before_release",
            ),
            models.CheckConstraint(condition=models.Q(price_yen__gte=0), name="sku_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(list_price_yen__isnull=True) | models.Q(list_price_yen__gte=1),
                name="sku_list_price_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | models.Q(cost__gte=0), name="sku_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(jan__isnull=True) | models.Q(jan__regex=r"^(\d{8}|\d{12,14})$"),
                name="sku_jan_digits",
            ),
            models.CheckConstraint(
                condition=models.Q(itf__isnull=True, pieces_per_case__isnull=True)
                | models.Q(itf__isnull=True, pieces_per_case__gte=1)
                | models.Q(
                    itf__regex=r"^[1-9]\d{13}$", pieces_per_case__isnull=False, pieces_per_case__gte=1
                ),
                name="sku_case_whole",
            ),
            models.UniqueConstraint(fields=["id", "product"], name="sku_with_product"),
            models.UniqueConstraint(
                fields=["product", "option_key"],
                condition=~models.Q(option_key=""),
                name="sku_combination_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SetPart(models.Model):
    """セットの中身: a set is sold as one and leaves the shelf as its parts. Parts are never sets themselves."""

    set_sku = models.ForeignKey(Sku, models.CASCADE, related_name="parts", verbose_name="セット")
    part_sku = models.ForeignKey(Sku, models.PROTECT, related_name="in_sets", verbose_name="中身")
    quantity = models.PositiveIntegerField("数量", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "セットの中身"
        constraints = [
            models.UniqueConstraint(fields=["set_sku", "part_sku"], name="setpart_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="setpart_positive"),
            models.CheckConstraint(condition=~Q(set_sku=F("part_sku")), name="setpart_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.set_sku_id}: {self.part_sku_id} × {self.quantity}"


class PriceChange(models.Model):
    """価格履歴: append-only, one row per change of a selling price or cost."""

    sku = models.ForeignKey(
        Sku, models.PROTECT, related_name="price_changes", verbose_name="SKU", db_index=False
    )
    price_yen = models.BigIntegerField("販売価格（税込）")
    list_price_yen = models.BigIntegerField("表示価格（税込）", null=True, blank=True)
    cost = models.DecimalField("原価（税抜）", max_digits=14, decimal_places=4, null=True, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "価格履歴"
        indexes = [models.Index(fields=["sku", "-id"], name="pricechange_sku")]

    def __str__(self) -> str:
        return f"{self.sku_id} ¥{self.price_yen}"


class ProductImage(models.Model):
    """商品画像: either a file of ours (re-encoded, EXIF removed) or the address where the source keeps it."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="images", verbose_name="商品")
    file = models.CharField("ファイル", max_length=255, blank=True)
    source_url = models.URLField("元のURL", max_length=500, blank=True)
    position = models.PositiveSmallIntegerField("表示順", default=1)
    alt = models.CharField("代替テキスト", max_length=200, blank=True)
    width = models.PositiveIntegerField("幅", null=True, editable=False)
    height = models.PositiveIntegerField("高さ", null=True, editable=False)
    drawn_widths = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="大きさ違い",
        default=list,
        db_default=[],
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = "商品画像"
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(width=None) & ~Q(file=""), name="productimage_to_draw"),
        ]

    def __str__(self) -> str:
        return self.alt or self.file or self.source_url

    @property
    def is_address(self) -> bool:
        """A link that can be followed; else the name of a file that has not come yet."""
        return self.source_url.lower().startswith(("http://", "https://"))
