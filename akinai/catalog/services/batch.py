"""Writing many goods at once (まとめて書く): one statement per kind of row, whatever the number of SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from akinai.catalog.axes import Axis, values_text
from akinai.catalog.goods import LABELS
from akinai.catalog.models import Attribute, Category, Product, ProductImage, Sku
from akinai.catalog.services import axes, completeness
from akinai.catalog.services.attributes import write_answers
from akinai.core import activity, clock, numbering
from akinai.core.kana import search_key

if TYPE_CHECKING:
    from akinai.staff.models import Staff

PRICES = frozenset({"price_yen", "list_price_yen", "cost"})


@dataclass(slots=True)
class Edit:
    """変更: field → (before, after) of one row that exists."""

    obj: Any
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Batch:
    """What shall be written. New SKUs hang on products by their `product` object, saved or not.

    `category` is a name everywhere here; categories that are missing are made.
    """

    new_products: list[Product] = field(default_factory=list)
    new_skus: list[Sku] = field(default_factory=list)
    product_edits: dict[int, Edit] = field(default_factory=dict)
    sku_edits: dict[int, Edit] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)  # id(new product) → category name
    images: list[ProductImage] = field(default_factory=list)
    attributes: list[tuple[Product, Mapping[int, str]]] = field(default_factory=list)  # 属性: id → value
    told: list[tuple[Product, Mapping[str, tuple[str, str]]]] = field(
        default_factory=list
    )  # 属性 by name: (before, after)
    new_attributes: list[Attribute] = field(default_factory=list)
    axes: list[tuple[Product, Sequence[Axis]]] = field(
        default_factory=list
    )  # 軸 that shall stand from now on

    def edit(self, obj: Product | Sku, name: str, after: Any) -> bool:
        """Note a change; False when the value is the same already."""
        before = category_name(obj) if name == "category" else getattr(obj, name)
        if before == after:
            return False
        edits = self.product_edits if isinstance(obj, Product) else self.sku_edits
        edits.setdefault(obj.pk, Edit(obj)).fields[name] = (before, after)
        return True


def category_name(product: Any) -> str | None:
    return product.category.name if product.category_id else None


def write(batch: Batch, *, by: Staff | None, verb: str, created: str, changed: str) -> set[int]:
    """Write the batch inside the caller's transaction. Out: ids of all products touched.

    `created` and `changed` are the summaries in the history. Raises IntegrityError when somebody else took a code or
    JAN in between, DomainError where a SKU is no combination of its product's axes.
    """
    _name_attributes(batch)
    _lock(batch)
    _categories(batch)
    _insert_products(batch.new_products)
    _update(Product, {edit.obj.pk: edit for edit in batch.product_edits.values()})
    for sku in batch.new_skus:
        sku.product_id = sku.product.pk
    _free_codes(batch)
    _update(Sku, batch.sku_edits)
    Sku.objects.bulk_create(batch.new_skus, batch_size=2000)
    for image in batch.images:
        image.product_id = image.product.pk
    ProductImage.objects.bulk_create(batch.images, batch_size=2000)
    _remember_prices(batch, by)
    touched = _touched(batch)
    axes.write_axes({product.pk: wanted for product, wanted in batch.axes})
    axes.sync(_changed(batch, COMBINED) | {product.pk for product, _ in batch.axes})
    write_answers((product.pk, values) for product, values in batch.attributes)
    refresh_search(_changed(batch, SEARCHED))
    completeness.refresh(touched)
    _bump(touched - {product.pk for product in batch.new_products})
    _history(batch, by, verb, created, changed)
    return touched


def _lock(batch: Batch) -> None:
    """Hold the products that change, in one order for everybody and before any SKU: a receipt that tells costs, an
    import and a form then wait for each other instead of in a ring, and no price history is written from an old look.
    """
    hung_on = {sku.product.pk for sku in batch.new_skus} | {image.product.pk for image in batch.images}
    hung_on |= {product.pk for product, _ in [*batch.axes, *batch.attributes]}
    changed = set(batch.product_edits) | {edit.obj.product_id for edit in batch.sku_edits.values()}
    lock_products((hung_on | changed) - {None})


def lock_products(ids: Iterable[int]) -> None:
    """Hold these products until the end of the transaction; what is read of them and their SKUs after that stays so."""
    list(
        Product.objects.filter(pk__in=list(ids))
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )


def _categories(batch: Batch) -> None:
    """Names → rows, for new products and for edits."""
    edits = [edit for edit in batch.product_edits.values() if "category" in edit.fields]
    names = {name for name in batch.categories.values() if name} | {
        edit.fields["category"][1] for edit in edits if edit.fields["category"][1]
    }
    if not names and not edits:
        return
    Category.objects.bulk_create([Category(name=name) for name in sorted(names)], ignore_conflicts=True)
    known = {row.name: row for row in Category.objects.filter(name__in=names)}
    for product in batch.new_products:
        product.category = known.get(batch.categories.get(id(product), ""))
    for edit in edits:
        after = edit.fields["category"][1]
        edit.obj.category = known[after] if after else None


def _name_attributes(batch: Batch) -> None:
    """属性 told by name → by row; names that are missing are made."""
    if batch.told:
        Attribute.objects.bulk_create(batch.new_attributes, ignore_conflicts=True)
        names = {name for _, values in batch.told for name in values}
        ids = dict(Attribute.objects.filter(name__in=names).values_list("name", "pk"))
        batch.attributes += [
            (product, {ids[name]: after for name, (_, after) in values.items()})
            for product, values in batch.told
        ]


def _insert_products(products: Sequence[Product]) -> None:
    for product, number in zip(
        products, numbering.take("product", len(products)) if products else [], strict=True
    ):
        product.number = number
    Product.objects.bulk_create(products, batch_size=2000)


def _free_codes(batch: Batch) -> None:
    """JANs, case codes and URLs that change hands are let go first, for the database looks at each row as it is written."""
    for name in ("jan", "itf"):
        moving = [pk for pk, edit in batch.sku_edits.items() if edit.fields.get(name, (None,))[0]]
        if moving:
            Sku.objects.filter(pk__in=moving).update(**{name: None})
    slugs = [pk for pk, edit in batch.product_edits.items() if edit.fields.get("slug", (None,))[0]]
    if slugs:
        Product.objects.filter(pk__in=slugs).update(slug=None)


def _update(model: type[models.Model], edits: Mapping[int, Edit]) -> None:
    """One UPDATE for each set of columns that change together, so that columns nobody touched keep what others write
    meanwhile, and each row is written once."""
    by_fields: dict[tuple[str, ...], list[tuple[int, list[Any]]]] = {}
    for pk, edit in edits.items():
        values = []
        for name, (_, after) in edit.fields.items():
            if name != "category":
                setattr(edit.obj, name, after)
            values.append(edit.obj.category_id if name == "category" else after)
        by_fields.setdefault(tuple(edit.fields), []).append((pk, values))
    for names, rows in by_fields.items():
        _update_columns(model, names, rows)


def update_column(model: type[models.Model], name: str, rows: Sequence[tuple[int, Any]]) -> None:
    """Set one column of many rows: (primary key, value) each."""
    _update_columns(model, (name,), [(pk, [value]) for pk, value in rows])


def _update_columns(
    model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[int, Sequence[Any]]]
) -> None:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    kinds = [one.rel_db_type(connection) if one.is_relation else one.db_type(connection) for one in fields]
    told = ", ".join(f'"{one.column}" = v.c{at}' for at, one in enumerate(fields))
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    columns = ", ".join(f"c{at}" for at in range(len(fields)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} t SET {told} "
            f"FROM unnest(%s::bigint[], {arrays}) AS v(id, {columns}) WHERE t.id = v.id",
            [[pk for pk, _ in rows], *([values[at] for _, values in rows] for at in range(len(fields)))],
        )


def _touched(batch: Batch) -> set[int]:
    return (
        {product.pk for product in batch.new_products}
        | set(batch.product_edits)
        | {sku.product_id for sku in batch.new_skus}
        | {edit.obj.product_id for edit in batch.sku_edits.values()}
        | {image.product_id for image in batch.images}
        | {product.pk for product, _ in [*batch.axes, *batch.attributes]}
    )


SEARCHED = frozenset({"name", "kana", "brand", "jan", "variant"})
COMBINED = frozenset({"variant", "is_active"})


def _changed(batch: Batch, names: frozenset[str]) -> set[int]:
    """Products with new SKUs, or with one of these fields changed on them or their SKUs: a new price of thousands then
    costs no new search words."""
    edits = [*batch.product_edits.values(), *batch.sku_edits.values()]
    told = {
        edit.obj.pk if isinstance(edit.obj, Product) else edit.obj.product_id
        for edit in edits
        if names & set(edit.fields)
    }
    return told | {sku.product_id for sku in batch.new_skus} | {product.pk for product in batch.new_products}


def refresh_search(product_ids: Iterable[int]) -> None:
    """Fold code, names and JAN of these products and their SKUs anew for the search."""
    ids = list(product_ids)
    products = {product.pk: product for product in Product.objects.filter(pk__in=ids)}
    skus = list(Sku.objects.filter(product_id__in=ids).only("id", "product_id", "code", "variant", "jan"))
    update_column(
        Product, "search_text", [(pk, search_key(_words(product))) for pk, product in products.items()]
    )
    update_column(
        Sku,
        "search_text",
        [
            (
                sku.pk,
                search_key(f"{sku.code}|{sku.variant}|{sku.jan or ''}|{_words(products[sku.product_id])}"),
            )
            for sku in skus
        ],
    )


def _words(product: Product) -> str:
    return "|".join((product.name, product.kana, product.code, product.brand, product.number))


def _bump(product_ids: Iterable[int]) -> None:
    """A new version, so that a form opened before cannot overwrite what was written here."""
    Product.objects.filter(pk__in=list(product_ids)).update(
        version=models.F("version") + 1, updated_at=clock.now()
    )


REMEMBER = """
INSERT INTO catalog_pricechange (sku_id, price_yen, list_price_yen, cost, at, by_id)
SELECT id, price_yen, list_price_yen, cost, %s, %s FROM catalog_sku WHERE id = ANY(%s) ORDER BY id
"""


def _remember_prices(batch: Batch, by: Staff | None) -> None:
    """価格履歴 of what stands now: read from the rows themselves, as somebody may have changed the other amount."""
    changed = [edit.obj.pk for edit in batch.sku_edits.values() if PRICES & set(edit.fields)]
    ids = [sku.pk for sku in batch.new_skus] + changed
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, [clock.now(), by.pk if by else None, ids])


def _history(batch: Batch, by: Staff | None, verb: str, created: str, changed: str) -> None:
    facts = [activity.Fact(product, "create", summary=created) for product in batch.new_products]
    new = {product.pk for product in batch.new_products}
    products: dict[int, Product] = {edit.obj.pk: edit.obj for edit in batch.product_edits.values()}
    told: dict[int, list[str]] = {}
    for edit in batch.product_edits.values():
        told.setdefault(edit.obj.pk, []).extend(sentences("", edit))
    for edit in batch.sku_edits.values():
        products.setdefault(edit.obj.product_id, edit.obj.product)
        told.setdefault(edit.obj.product_id, []).extend(sentences(edit.obj.code, edit))
    for sku in batch.new_skus:
        if sku.product_id not in new:
            products.setdefault(sku.product_id, sku.product)
            told.setdefault(sku.product_id, []).append(f"SKU {sku.code} を追加")
    names = _attribute_names(batch)
    for product, values in batch.attributes:
        if product.pk not in new:
            products.setdefault(product.pk, product)
            told.setdefault(product.pk, []).extend(
                f"{names[pk]} → {value or '（空）'}" for pk, value in values.items()
            )
    for product, wanted in batch.axes:
        if product.pk not in new:
            products.setdefault(product.pk, product)
            shape = "、".join(f"{axis.name}（{values_text(axis.values)}）" for axis in wanted) or "なし"
            told.setdefault(product.pk, []).append(f"バリエーションの軸 {shape}")
    for pk, parts in told.items():
        facts.append(activity.Fact(products[pk], verb, summary=f"{changed}{'、'.join(parts)[:1500]}"))
    activity.record_many(facts, by=by)


def _attribute_names(batch: Batch) -> dict[int, str]:
    ids = {pk for _, values in batch.attributes for pk in values}
    return dict(Attribute.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def sentences(code: str, edit: Edit) -> list[str]:
    """販売価格 ¥100 → ¥120, as the history tells it."""
    return [
        f"{code + ' ' if code else ''}{LABELS.get(name, name)} {shown(edit.obj, name, before)} → {shown(edit.obj, name, after)}"
        for name, (before, after) in edit.fields.items()
    ]


def shown(obj: models.Model, name: str, value: Any) -> str:
    """A value as a clerk reads it."""
    if value is None or value == "":
        return "（空）"
    if name in {"price_yen", "list_price_yen"}:
        return f"¥{value:,}"
    if name == "cost":
        return f"{value.normalize():,f}"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    field: Any = obj._meta.get_field(name)
    choices = dict(field.flatchoices) if name != "category" else {}
    text = str(choices.get(value, value))
    return text if len(text) <= 60 else text[:60] + "…"
