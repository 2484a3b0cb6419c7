"""What the public may see of the catalogue (自社サイトの商品): products that are sold and shown, never costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import StrIndex

from akinai.catalog.axes import SEPARATOR
from akinai.catalog.models import TAX_RATES, Category, Product, ProductImage, Sku, SkuValue, TaxKind
from akinai.catalog.models.products import IN_SHOP, PRICED
from akinai.catalog.queries import SkuRow, row_of
from akinai.catalog.selling import Terms
from akinai.catalog.services.images import thumb_of
from akinai.catalog.services.picture_sizes import sized
from akinai.core.gathering import gather
from akinai.core.search import search as search_rows


@dataclass(frozen=True, slots=True)
class Seen:
    """公開の画像. `widths`: at which it is drawn in AVIF and WebP, none while that has not been done. `width` 0: not known yet."""

    file: str
    alt: str
    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()

    def at(self, width: int, kind: str) -> str:
        """The name of its file at this width."""
        return sized(self.file, width, kind)


@dataclass(frozen=True, slots=True)
class Shown:
    """公開中の商品 as a card shows it. Yen 税込; `image`/`thumb`: names under the media root, "" when there is none."""

    product_id: int
    key: str
    name: str
    brand: str
    price_yen: int
    list_price_yen: int | None
    is_from: bool
    image: str
    thumb: str
    alt: str
    tax_rate: int
    sku_ids: tuple[int, ...]
    may_backorder: bool
    picture: Seen | None = None


def products() -> QuerySet[Product]:
    """公開中: on sale, meant for the shop, with at least one SKU that has a price."""
    return Product.objects.filter(IN_SHOP, lowest__price_yen__isnull=False)


def categories() -> QuerySet[Category]:
    """公開中のカテゴリ, in the order of the menu."""
    return Category.objects.filter(is_public=True).order_by("position", "name")


def find(key: str) -> Product | None:
    """The public product with this slug or number. Its address is `key_of`, which may be another one."""
    return products().select_related("category").filter(Q(slug=key) | Q(number=key)).first()


def with_keys(keys: Iterable[str]) -> QuerySet[Product]:
    """The public products at these addresses."""
    wanted = list(keys)
    return products().filter(Q(slug__in=wanted) | Q(slug=None, number__in=wanted))


# What the public may read of a SKU.
OF_SKU = (
    "product_id", "code", "variant", "jan", "price_yen", "list_price_yen", "may_backorder", "backorder_limit", "preorder_until",
    "release_on", "is_set", "tracks_lots",
)  # fmt: skip


def shown(found: Iterable[Product]) -> list[Shown]:
    """Cards of these products in their order: one query however many they are."""
    rows = list(found)
    if todo := [row for row in rows if not hasattr(row, "sold")]:
        ids = [row.pk for row in todo]
        skus = Sku.objects.filter(PRICED, product__in=ids).only(*OF_SKU).order_by("price_yen", "id")
        images = ProductImage.objects.filter(product__in=ids).exclude(file="").order_by("position", "id")
        sold, seen = gather(skus, images)
        for row in todo:
            row.sold = [sku for sku in sold if sku.product_id == row.pk]  # type: ignore[attr-defined]
            row.seen = [image for image in seen if image.product_id == row.pk]  # type: ignore[attr-defined]
    return [_shown(product) for product in rows if product.sold]  # type: ignore[attr-defined]


def skus_of(product: Product) -> list[Sku]:
    """The SKUs of a product that `shown` was asked for, in the order they were registered."""
    return sorted(product.sold, key=lambda sku: sku.pk)  # type: ignore[attr-defined]


def pictures_of(product: Product) -> list[Seen]:
    """The pictures of a product that `shown` was asked for."""
    return [_seen(image, product) for image in product.seen]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ShownAxis:
    """軸 of a product with its values in their order."""

    name: str
    values: tuple[str, ...]


def values_of(skus: Sequence[Sku]) -> QuerySet[SkuValue]:
    """SKUs on the axes of their product, as a question: `axis` and `word` of each."""
    rows = SkuValue.objects.filter(sku__in=skus) if len(skus) > 1 else SkuValue.objects.none()
    named = rows.annotate(axis=F("option__name"), word=F("value__name"))
    return named.order_by("option__position", "option", "value__position", "value")


def axes_of(
    skus: Sequence[Sku], rows: Iterable[Any]
) -> tuple[tuple[ShownAxis, ...], dict[int, tuple[str, ...]]]:
    """(the axes, SKU id → its value on each). In: what `values_of` found. Empty for one SKU, and where a SKU stands on no axis."""
    named: dict[str, dict[str, None]] = {}
    values: dict[int, list[str]] = {}
    for one in rows:
        named.setdefault(one.axis, {})[one.word] = None
        values.setdefault(one.sku_id, []).append(one.word)
    axes = tuple(ShownAxis(name, tuple(found)) for name, found in named.items())
    whole = all(len(values.get(sku.pk, ())) == len(axes) for sku in skus)
    return (axes, {pk: tuple(found) for pk, found in values.items()}) if axes and whole else ((), {})


def selected(ids: str, order: str, told: dict[str, Any], joined: str = "") -> list[Product]:
    """Products whose ids a statement in SQL gives, with what a card needs of them, by an order over `p` (and what is joined
    to it). One query: the ids are found first, by an index that may hold nothing else, then these rows alone are read."""
    return asked(
        f"SELECT {CARD} FROM catalog_product p {joined} WHERE p.id = ANY(ARRAY({ids})) ORDER BY {order}", told
    )


# 最低価格 of the products that are sold: to be joined to `p`.
LOW = "JOIN catalog_lowestprice m ON m.product_id = p.id AND m.price_yen IS NOT NULL"
# The same products, where their price is not asked for: every product has a row, and those without a price are few.
PRICED_AT_ALL = "p.id NOT IN (SELECT product_id FROM catalog_lowestprice WHERE price_yen IS NULL)"
# What a card needs of a product `p`.
CARD = "p.id, p.number, p.code, p.name, p.slug, p.brand, p.tax_kind"


def asked(sql: str, told: dict[str, Any]) -> list[Product]:
    """Products by a whole statement that selects `CARD`."""
    return list(Product.objects.raw(sql, told))


def key_of(product: Product) -> str:
    """The last part of a product's address."""
    return product.slug or product.number


def _seen(image: ProductImage, product: Product) -> Seen:
    size = image.width or 0, image.height or 0
    return Seen(image.file, image.alt or product.name, *size, tuple(image.drawn_widths))


def _shown(product: Product) -> Shown:
    sold: list[Sku] = product.sold  # type: ignore[attr-defined]
    images: list[ProductImage] = product.seen  # type: ignore[attr-defined]
    first = images[0] if images else None
    return Shown(
        product_id=product.pk, key=key_of(product), name=product.name, brand=product.brand,
        price_yen=sold[0].price_yen, list_price_yen=sold[0].list_price_yen,
        is_from=sold[-1].price_yen != sold[0].price_yen,
        image=first.file if first else "", thumb=thumb_of(first.file) if first else "",
        alt=(first.alt or product.name) if first else "",
        tax_rate=TAX_RATES[TaxKind(product.tax_kind)], sku_ids=tuple(sku.pk for sku in sold),
        may_backorder=any(sku.may_backorder or sku.preorder_until for sku in sold),
        picture=_seen(first, product) if first else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ware:
    """カートの商品 as it stands now. `is_sold`: the public may buy it; `key`, `thumb`, `alt` are "" of what it may not see."""

    row: SkuRow
    terms: Terms
    is_sold: bool
    key: str
    thumb: str
    alt: str


def wares(sku_ids: Iterable[int]) -> dict[int, Ware]:
    """SKUs by id with all that a cart shows of them, also of those that are not sold any more. One query."""
    pictures = ProductImage.objects.filter(product=OuterRef("product")).exclude(file="")
    # The picture that tells of the first value of the variant (藍 / M → "前掛け（藍）"), else the first one.
    telling = StrIndex("alt", Func(OuterRef("variant"), Value(SEPARATOR), Value(1), function="split_part"))
    first = pictures.alias(at=telling).order_by(Case(When(at__gt=0, then=0), default=1), "position", "id")
    rows = Sku.objects.filter(pk__in=set(sku_ids)).select_related("product")
    told = rows.annotate(
        sold=Case(When(PRICED & _of_product(IN_SHOP), then=True), default=False),
        image=Subquery(first.values("file")[:1]), image_alt=Subquery(first.values("alt")[:1]),
        of_parts=Max("parts__part_sku__release_on"), cold_parts=Max("parts__part_sku__product__temperature"),
    )  # fmt: skip
    return {sku.pk: _ware(sku) for sku in told}


def _of_product(condition: Q) -> Q:
    """A condition of products, asked of SKUs."""
    return Q(**{f"product__{name}": value for name, value in condition.children})  # type: ignore[misc]


def _ware(sku: Any) -> Ware:
    last = max(filter(None, (sku.release_on, sku.of_parts)), default=None)
    terms = Terms(sku.code, sku.may_backorder, sku.backorder_limit, sku.preorder_until, last)
    if not sku.sold:
        return Ware(row_of(sku), terms, False, "", "", "")
    image = sku.image or ""
    alt = (sku.image_alt or sku.product.name) if image else ""
    return Ware(row_of(sku), terms, True, key_of(sku.product), thumb_of(image) if image else "", alt)


def find_category(key: str) -> Category | None:
    """The public category with this slug or id. Its address is `category_key`, which may be another one."""
    public = Category.objects.filter(is_public=True)
    return public.filter(slug=key).first() or (
        public.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None
    )


def category_key(category: Category) -> str:
    """The last part of a category's address."""
    return category.slug or str(category.pk)


def sold_skus(ids: Iterable[int]) -> list[int]:
    """Those of these SKUs that the public can buy."""
    sold = Sku.objects.filter(PRICED, pk__in=list(ids))
    return list(sold.filter(product__in=products()).values_list("pk", flat=True))


def by_ids(ids: Iterable[int]) -> list[Product]:
    """Those of these products that the public may see."""
    return list(products().filter(pk__in=list(ids)))


def variants(ids: Iterable[int]) -> list[Sku]:
    """These SKUs by name of their variant, without what the public may not see."""
    return list(Sku.objects.filter(pk__in=list(ids)).only("pk", "variant").order_by("variant", "pk"))


def priced(found: QuerySet[Product], low: int | None, high: int | None) -> QuerySet[Product]:
    """Of these products those with a SKU on sale between the two prices (税込, either may be open)."""
    skus = Sku.objects.filter(PRICED)
    if low is not None:
        skus = skus.filter(price_yen__gte=low)
    if high is not None:
        skus = skus.filter(price_yen__lte=high)
    return found.filter(pk__in=skus.values("product_id"))


def cheapest_first(found: QuerySet[Product]) -> QuerySet[Product]:
    """These products by their lowest price."""
    return found.order_by("lowest__price_yen", "pk")


def shown_by_ids(ids: Iterable[int]) -> list[Shown]:
    """Cards of the public products with these ids, in no order of their own."""
    return shown(by_ids(set(ids)))


def chosen_by(found: QuerySet[Product], words: str) -> QuerySet[Product]:
    """Of these products those that an editor means: by words of the product, or by a SKU's code or JAN."""
    by_sku = search_rows(Sku.objects.all(), words).values("product_id")
    return found.filter(Q(pk__in=search_rows(Product.objects.all(), words).values("pk")) | Q(pk__in=by_sku))
