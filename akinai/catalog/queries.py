"""What others may ask of the catalogue (商品の照会)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from akinai.catalog.axes import Axis
from akinai.catalog.codes import code_key, digits_of, jan_problem, same_jans
from akinai.catalog.models import (
    TAX_RATES,
    Category,
    CategoryAttribute,
    PriceChange,
    PriceSchedule,
    Product,
    ProductAttribute,
    ProductImage,
    Sku,
    TaxKind,
)
from akinai.catalog.rules import Facts
from akinai.catalog.selling import Terms, own_terms, terms_of
from akinai.catalog.services.axes import axes_of as axes_by_product
from akinai.catalog.sets import Part, in_words, parts_of, refuse_sets, set_words, sets_with
from akinai.catalog.temperatures import coldest, of_sku, temperatures
from akinai.core.remembering import once
from akinai.core.search import matching, search

__all__ = [
    "Part",
    "SkuRow",
    "Terms",
    "by_code_keys",
    "by_jans",
    "code_key",
    "coldest",
    "ids_by_code",
    "in_words",
    "of_sku",
    "own_terms",
    "parts_of",
    "refuse_sets",
    "set_words",
    "sets_with",
    "sku_rows",
    "tax_rate_of",
    "temperatures",
    "terms_of",
]


@dataclass(frozen=True, slots=True)
class SkuRow:
    """One SKU as other rooms show it. `name` is the product's name, `title` the name with the variant."""

    id: int
    code: str
    name: str
    variant: str
    jan: str
    tax_kind: str
    tax_rate: int
    price_yen: int
    cost: Decimal | None
    shelf: str
    weight_g: int | None
    is_active: bool
    needs_review: bool
    product_id: int
    product_number: str
    temperature: str = ""  # 温度帯 of the product, in a cart also of what lies in a set

    @property
    def title(self) -> str:
        return f"{self.name}（{self.variant}）" if self.variant else self.name


def tax_rate_of(tax_kind: str) -> int:
    """税区分 → percent."""
    return TAX_RATES[TaxKind(tax_kind)]


def sku_rows(ids: Iterable[int]) -> dict[int, SkuRow]:
    """Frozen rows by SKU id, in the order of the ids. Unknown ids are left out. One query; while a page is read, none for
    those that another part of it has asked for."""
    wanted = set(ids)
    known: dict[int, SkuRow] = once("catalog.sku_rows", dict)
    if unknown := wanted - known.keys():
        found = Sku.objects.filter(pk__in=unknown).select_related("product")
        known |= {sku.pk: row_of(sku) for sku in found}
    return {pk: known[pk] for pk in sorted(wanted & known.keys())}


def row_of(sku: Sku) -> SkuRow:
    """The frozen row of a Sku whose product is loaded."""
    product = sku.product
    return SkuRow(
        id=sku.pk, code=sku.code, name=product.name, variant=sku.variant, jan=sku.jan or "",
        tax_kind=product.tax_kind, tax_rate=tax_rate_of(product.tax_kind), price_yen=sku.price_yen, cost=sku.cost,
        shelf=sku.shelf, weight_g=sku.weight_g, is_active=sku.is_active, needs_review=sku.needs_review,
        product_id=product.pk, product_number=product.number,
        temperature=coldest((product.temperature, getattr(sku, "cold_parts", None) or "")),
    )  # fmt: skip


def products_of(sku_ids: Iterable[int]) -> dict[int, Product]:
    """SKU id → its product, one query."""
    found = Sku.objects.filter(pk__in=set(sku_ids)).select_related("product")
    return {sku.pk: sku.product for sku in found}


def by_code_keys(codes: Iterable[str]) -> dict[str, int]:
    """Folded code → SKU id, for those that exist."""
    keys = {code_key(code) for code in codes}
    return dict(Sku.objects.filter(code_key__in=keys).values_list("code_key", "pk"))


def by_jans(codes: Sequence[str]) -> dict[str, int]:
    """Code as given → SKU id, for those that are a JAN of ours. A wrong check digit matches nothing."""
    wanted = {code: digits for code in codes if not jan_problem(digits := digits_of(code))}
    spellings = {same for digits in wanted.values() for same in same_jans(digits)}
    found = dict(Sku.objects.filter(jan__in=spellings).values_list("jan", "pk"))
    return {
        code: found[same] for code, digits in wanted.items() for same in same_jans(digits) if same in found
    }


def ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Code as given → SKU id: by our own code, else as a JAN. At most two queries; unknown codes are left out."""
    keys = {code: key for code in codes if (key := code_key(code))}
    own = by_code_keys(keys)
    found = {code: own[key] for code, key in keys.items() if key in own}
    rest = [code for code in keys if code not in found]
    return found | by_jans(rest) if rest else found


def find_scanned(text: str) -> Sku | None:
    """What a barcode reader or a clerk's fingers mean: own code first, then JAN."""
    skus = Sku.objects.select_related("product")
    if sku := skus.filter(code_key=code_key(text)).first():
        return sku
    pk = by_jans([text]).get(text)
    return skus.get(pk=pk) if pk else None


def find_case(text: str) -> tuple[Sku, int] | None:
    """ケースのバーコード（ITF）: the SKU inside and how many pieces a case holds. None when it is no case of ours."""
    digits = digits_of(text)
    sku = Sku.objects.select_related("product").filter(itf=digits).first() if len(digits) == 14 else None
    return (sku, sku.pieces_per_case) if sku and sku.pieces_per_case else None


def costs_before(sku_ids: Iterable[int], moment: datetime) -> dict[int, Decimal | None]:
    """原価 as it stood just before `moment`, by SKU id; None where it was unknown."""
    rows = PriceChange.objects.filter(sku_id__in=list(sku_ids), at__lt=moment)
    return dict(rows.order_by("sku_id", "-id").distinct("sku_id").values_list("sku_id", "cost"))


def axes_of(product: Product) -> list[Axis]:
    """バリエーションの軸 with their values."""
    return axes_by_product([product.pk]).get(product.pk, [])


def categories_by_name() -> dict[str, Category]:
    """All categories, public or not."""
    return {one.name: one for one in Category.objects.all()}


def unanswered_of(product: Product) -> list[str]:
    """Names of the attributes that the category requires and the product does not tell."""
    wanted = CategoryAttribute.objects.filter(category=product.category_id, is_required=True)
    told = ProductAttribute.objects.filter(product=product.pk).values("attribute")
    return list(wanted.exclude(attribute__in=told).values_list("attribute__name", flat=True))


def attributes_of(product: Product) -> list[tuple[str, str, str]]:
    """属性: (name, value, unit), in the category's order and then by name."""
    return [(row.title, row.value, row.measure) for row in attribute_rows(product)]  # type: ignore[attr-defined]


def attribute_rows(product: Product) -> QuerySet[ProductAttribute]:
    """属性 as a question, for pages that gather it with others: `title`, `value` and `measure` of each, in their order."""
    place = CategoryAttribute.objects.filter(category=product.category_id, attribute=OuterRef("attribute"))
    rows = ProductAttribute.objects.filter(product=product.pk).annotate(
        place=Coalesce(Subquery(place.values("position")[:1]), 10_000),
        title=F("attribute__name"),
        measure=F("attribute__unit"),
    )
    return rows.order_by("place", "attribute__name")


def facts_of(
    product: Product, skus: Sequence[Sku], images: Sequence[ProductImage], unanswered: Sequence[str]
) -> Facts:
    """What completeness looks at. In: the product with its SKUs and images, loaded by the caller."""
    seen = [image for image in images if image.file or image.is_address]
    sold = [sku for sku in skus if sku.is_active]
    return Facts(
        has_description=bool(product.description.strip()),
        has_category=product.category_id is not None,
        has_kana=bool(product.kana.strip()),
        nameless_images=sum(not image.alt for image in seen),
        images=len(seen),
        without_price=[sku.code for sku in sold if not sku.price_yen],
        without_jan=[sku.code for sku in sold if not sku.jan],
        without_cost=[sku.code for sku in sold if sku.cost is None],
        unanswered=unanswered,
        unreviewed=[sku.code for sku in sold if sku.needs_review],
        jans=[sku.jan for sku in sold if sku.jan],
    )


def search_skus(text: str) -> QuerySet[Sku]:
    """SKUs whose code, JAN or names contain every word, with their products."""
    return search(Sku.objects.select_related("product"), text)


def lot_tracked(sku_ids: Iterable[int]) -> set[int]:
    """Those of these SKUs whose lots are tracked."""
    return set(Sku.objects.filter(pk__in=set(sku_ids), tracks_lots=True).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class LotRule:
    """ロットの決まり: 賞味期間, and how many days before the expiry shipping stops."""

    shelf_life_days: int | None
    ship_days_before: int


def lot_rules(sku_ids: Iterable[int]) -> dict[int, LotRule]:
    """Of those of these SKUs whose lots are tracked."""
    rows = Sku.objects.filter(pk__in=set(sku_ids), tracks_lots=True)
    return {
        pk: LotRule(life, before)
        for pk, life, before in rows.values_list("pk", "shelf_life_days", "ship_days_before")
    }


def named(text: str, *, path: str = "sku", most: int = 500) -> Q:
    """Rows whose SKU (at `path`) has a code that begins with `text`, or a code, JAN or name that holds every word.

    A few goods come as numbers, which any index finds; very many as a join, so that a list begins from its own order.
    """
    found = Sku.objects.filter(matching(text) | Q(code_key__startswith=code_key(text)))
    few = list(found.values_list("pk", flat=True)[: most + 1])
    if len(few) <= most:
        return Q(**{f"{path}__in": few})
    by_words = matching(text, grams=f"{path}__search_grams", source=f"{path}__search_text")
    return by_words | Q(**{f"{path}__code_key__startswith": code_key(text)})


def review_count() -> int:
    """How many SKUs are provisional and wait for a person."""
    return Sku.objects.filter(needs_review=True, is_active=True).count()


def product_ids_by_code(codes: Iterable[str]) -> dict[str, int]:
    """Code as given → product: by the product's code or number, else by the code or JAN of one of its SKUs."""
    wanted = list(dict.fromkeys(codes))
    rows = Product.objects.filter(Q(code__in=wanted) | Q(number__in=wanted)).values_list(
        "pk", "code", "number"
    )
    found = {code: pk for pk, *names in rows for code in names if code in wanted}
    skus = ids_by_code([code for code in wanted if code not in found])
    products = dict(Sku.objects.filter(pk__in=skus.values()).values_list("pk", "product_id"))
    return found | {code: products[pk] for code, pk in skus.items()}


def product_names(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Product → (number, name)."""
    rows = Product.objects.filter(pk__in=set(ids)).values_list("pk", "number", "name")
    return {pk: (number, name) for pk, number, name in rows}


def product_ids_in(category_ids: Iterable[int]) -> frozenset[int]:
    """Products of these categories and of those below them."""
    wanted = set(category_ids)
    if not wanted:
        return frozenset()
    tree = list(Category.objects.values_list("pk", "parent_id"))
    while more := {pk for pk, parent in tree if parent in wanted} - wanted:
        wanted |= more
    return frozenset(Product.objects.filter(category_id__in=wanted).values_list("pk", flat=True))


def category_names() -> list[str]:
    """カテゴリ in their order."""
    return list(Category.objects.values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class GoodsNames:
    """What goods are called and what they are: own and product's code, category, brand, attributes by name."""

    codes: tuple[str, ...]
    category: str
    brand: str
    attributes: Mapping[str, str]


def goods_names(sku_ids: Iterable[int]) -> dict[int, GoodsNames]:
    """By SKU. Two queries, none for no goods."""
    wanted = set(sku_ids)
    if not wanted:
        return {}
    rows = Sku.objects.filter(pk__in=wanted).values_list(
        "pk", "code", "product_id", "product__code", "product__brand", "product__category__name"
    )
    skus = list(rows)
    told: dict[int, dict[str, str]] = {}
    answers = ProductAttribute.objects.filter(product__in={row[2] for row in skus})
    for product, name, value in answers.values_list("product_id", "attribute__name", "value"):
        told.setdefault(product, {})[name] = value
    return {
        pk: GoodsNames((code, product_code), category or "", brand, told.get(product, {}))
        for pk, code, product, product_code, brand, category in skus
    }


def prices_planned(at: datetime) -> dict[int, int]:
    """SKU id → the price that a 価格の予約 makes of it at that moment, where it is not so already. One query."""
    rows = PriceSchedule.objects.filter(state=PriceSchedule.State.WAITING, starts_at__lte=at).exclude(
        ends_at__lte=at
    )
    return dict(rows.order_by("starts_at", "id").values_list("sku", "price_yen"))


def price_plans_of(sku_ids: Iterable[int], at: datetime) -> QuerySet[PriceSchedule, str]:
    """Codes of these SKUs with a 価格の予約 that runs at that moment or begins there, as a question."""
    rows = PriceSchedule.objects.filter(
        sku__in=list(sku_ids), state__in=[PriceSchedule.State.WAITING, PriceSchedule.State.RUNNING]
    )
    covering = rows.filter(starts_at__lte=at).exclude(ends_at__lte=at)
    return covering.order_by("sku__code").values_list("sku__code", flat=True)


def texts_to_read() -> Iterator[tuple[str, str, str, str]]:
    """(number, code, name, description) of every product that is or will be sold, without loading all at once."""
    rows = Product.objects.exclude(status=Product.Status.ENDED).order_by("code")
    yield from rows.values_list("number", "code", "name", "description").iterator(chunk_size=2000)
