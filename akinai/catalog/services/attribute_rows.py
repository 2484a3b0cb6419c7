"""商品ファイルの属性の比較: what a goods file says of materials, origins and contents, against what the goods have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from akinai.catalog.attribute_words import Asked, Unreadable, read
from akinai.catalog.checks import CLEAR, folded
from akinai.catalog.goods import Good, Told
from akinai.catalog.models import Attribute, CategoryAttribute, Product, ProductAttribute
from akinai.catalog.services.batch import Batch
from akinai.core.tables import RowError, shorten


@dataclass(slots=True)
class AttributeRows:
    """What becomes of the attributes. `lines`: (product, name) → the row that says it."""

    errors: list[RowError] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)  # id(product)
    lines: dict[tuple[int, str], Good] = field(default_factory=dict)
    varied: set[str] = field(default_factory=set)  # names whose values differ between the SKUs of one product
    lacking: set[str] = field(default_factory=set)  # codes of products that lack what their category requires


def compare_attributes(goods: Sequence[Good], products: Mapping[int, Product], batch: Batch) -> AttributeRows:
    """Note new and changed attributes in the batch. `products`: id(row) → its product."""
    found = AttributeRows()
    known = _Known(goods, products)
    wanted: dict[int, dict[str, str]] = {}
    for good in goods:
        product = products[id(good)]
        for told in good.attributes:
            if (asked := known.asked(told)) is not None:
                _note(good, told, asked, product, wanted.setdefault(id(product), {}), found)
    of = {id(product): product for product in products.values()}
    for key, values in wanted.items():
        product = of[key]
        before = known.answers.get(product.pk or 0, {})
        changed = {
            name: (before.get(name, ""), value)
            for name, value in values.items()
            if name not in found.varied and value != before.get(name, "")
        }
        if changed:
            batch.told.append((product, changed))
            found.touched.add(key)
    used = {name for _, values in batch.told for name in values}
    batch.new_attributes = [attribute for name, attribute in known.new.items() if name in used]
    found.lacking = _lacking(goods, products, known.answers, wanted)
    return found


def _note(
    good: Good, told: Told, asked: Asked, product: Product, values: dict[str, str], found: AttributeRows
) -> None:
    """One cell: read by the kind of its attribute, set against the other rows of the product."""
    try:
        value = "" if folded(told.value.text) == CLEAR else read(asked, _with_unit(told, asked))
    except Unreadable as problem:
        found.errors.append(_error(good, told, str(problem)))
        return
    earlier = found.lines.get((id(product), asked.name))
    if earlier is None:
        values[asked.name] = value
        found.lines[id(product), asked.name] = good
    elif values.get(asked.name) != value:
        if good.may_differ:
            found.varied.add(asked.name)
        else:
            message = f"同じ商品の{asked.name}が {earlier.line}行目と違います。同じ値にしてください。"
            found.errors.append(_error(good, told, message))


def _with_unit(told: Told, asked: Asked) -> str:
    """500 + g: the unit is the attribute's own, else it stays with the value."""
    return told.value.text if told.unit in ("", asked.unit) else f"{told.value.text}{told.unit}"


def _error(good: Good, told: Told, message: str) -> RowError:
    return RowError(good.file, good.line, told.value.column, shorten(told.value.text), message)


def name_key(name: str) -> str:
    """素材 and ｿｻﾞｲ are two; Color, ＣＯＬＯＲ and color are one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class _Known:
    """The attributes there are, and what these products answer."""

    def __init__(self, goods: Sequence[Good], products: Mapping[int, Product]) -> None:
        self.told = any(good.attributes for good in goods)
        self.by_key: dict[str, Asked] = {}
        self.new: dict[str, Attribute] = {}
        self.answers: dict[int, dict[str, str]] = {}
        if not self.told:
            return
        for row in Attribute.objects.all():
            self.by_key[name_key(row.name)] = Asked(row.pk, row.name, row.kind, tuple(row.choices), row.unit)
        ids = {product.pk for product in products.values() if product.pk}
        rows = ProductAttribute.objects.filter(product__in=ids).values_list(
            "product", "attribute__name", "value"
        )
        for product, name, value in rows:
            self.answers.setdefault(product, {})[name] = value

    def asked(self, told: Told) -> Asked | None:
        """The attribute of that name; a new one, free text, where the file may make it."""
        key = name_key(told.name)
        if key not in self.by_key and not told.only_known and key:
            unit = told.unit[:10]
            self.new[told.name] = Attribute(name=told.name, unit=unit)
            self.by_key[key] = Asked(0, told.name, unit=unit)
        return self.by_key.get(key)


def _lacking(
    goods: Sequence[Good],
    products: Mapping[int, Product],
    answers: Mapping[int, Mapping[str, str]],
    wanted: Mapping[int, Mapping[str, str]],
) -> set[str]:
    """Products that will still lack what their category requires, where the file tells attributes at all."""
    categories = dict(_categories(goods, products))
    required: dict[str, set[str]] = {}
    rows = CategoryAttribute.objects.filter(category__name__in=set(categories.values()), is_required=True)
    for category, name in rows.values_list("category__name", "attribute__name") if wanted else ():
        required.setdefault(category, set()).add(name)
    of = {id(product): product for product in products.values()}
    lacking = set()
    for key, category in categories.items():
        product = of[key]
        after = {**answers.get(product.pk or 0, {}), **wanted.get(key, {})}
        if any(not after.get(name) for name in required.get(category, ())):
            lacking.add(product.code)
    return lacking


def _categories(goods: Sequence[Good], products: Mapping[int, Product]) -> Iterable[tuple[int, str]]:
    """id(product) → the name of the category it will have."""
    for good in goods:
        product = products[id(good)]
        if name := good.product.get("category"):
            yield id(product), name
        elif "category" not in good.product and product.category is not None:
            yield id(product), product.category.name
