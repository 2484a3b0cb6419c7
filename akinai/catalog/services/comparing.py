"""What a goods file would change (商品ファイルとの比較). Reads the catalogue, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from akinai.catalog.axes import Axis, Value, split, variant_problem
from akinai.catalog.codes import code_key, same_jans
from akinai.catalog.goods import LABELS, Good
from akinai.catalog.models import TAX_RATES, Category, Product, Sku, TaxKind
from akinai.catalog.picture_files import Pictures
from akinai.catalog.services.attribute_rows import AttributeRows, compare_attributes
from akinai.catalog.services.axes import axis_names
from akinai.catalog.services.batch import Batch
from akinai.catalog.services.picture_rows import PictureRows, compare_pictures
from akinai.core.tables import RowError, shorten


@dataclass(slots=True)
class Comparison:
    """Per SKU row: is it new, changed or the same; the batch to write; problems by line and column."""

    batch: Batch = field(default_factory=Batch)
    verdicts: list[tuple[Good, str, Sku]] = field(
        default_factory=list
    )  # (row, created|changed|unchanged, SKU)
    errors: list[RowError] = field(default_factory=list)
    new_categories: list[str] = field(default_factory=list)
    ended: int = 0
    pictures: PictureRows = field(default_factory=PictureRows)
    attributes: AttributeRows = field(default_factory=AttributeRows)


class _Known:
    """The part of the catalogue that these rows touch."""

    def __init__(self, goods: Sequence[Good]) -> None:
        keys = {code_key(good.code) for good in goods if good.has_sku}
        rows = Sku.objects.filter(code_key__in=keys).select_related("product__category")
        self.skus = {sku.code_key: sku for sku in rows}
        codes = {good.parent for good in goods if good.parent} | {good.code for good in goods if good.has_sku}
        self.products = {p.code: p for p in Product.objects.filter(code__in=codes).select_related("category")}
        for sku in self.skus.values():
            self.products.setdefault(sku.product.code, sku.product)
        jans = {spelling for good in goods if good.sku.get("jan") for spelling in same_jans(good.sku["jan"])}
        self.jan_owners = dict(Sku.objects.filter(jan__in=jans).values_list("jan", "code_key"))
        slugs = {good.product["slug"] for good in goods if good.product.get("slug")}
        self.slug_owners = (
            dict(Product.objects.filter(slug__in=slugs).values_list("slug", "code")) if slugs else {}
        )
        names = {good.product["category"] for good in goods if good.product.get("category")}
        self.axes = axis_names(product for product in self.products.values())
        self.categories = set(Category.objects.filter(name__in=names).values_list("name", flat=True))


def compare(
    goods: Sequence[Good], *, exclude_tax: bool = False, pictures: Pictures | None = None
) -> Comparison:
    """Set the rows against the catalogue. Rows keep their order; every problem is found at once.

    `exclude_tax`: the prices of the file are 税抜 and are made 税込 here, where the product's tax is known. `pictures`
    are the files that came beside the table.
    """
    found = Comparison()
    known = _Known(goods)
    found.errors += _twice(goods) + _jans(goods, known)
    merged = _products_of(goods, known, found)
    _name_products(goods, known, merged, found)
    found.errors += _slugs(goods, known, merged)
    if found.errors:
        return found
    products = _write_products(merged, found, known)
    for good in goods:
        if good.has_sku:
            if exclude_tax:
                _add_tax(good, merged[id(good)])
            _one(good, known, products, found)
    _axes_of_new(merged, goods, products, found)
    found.errors += _combinations(found, known) + _cases(found)
    found.pictures = compare_pictures(goods, products, found.batch, pictures or Pictures([]))
    found.attributes = compare_attributes(goods, products, found.batch)
    found.errors += found.attributes.errors
    touched = found.pictures.touched | found.attributes.touched
    found.verdicts = [
        (good, "changed" if verdict == "unchanged" and id(products[id(good)]) in touched else verdict, sku)
        for good, verdict, sku in found.verdicts
    ]
    found.new_categories = sorted(
        {good.product["category"] for good in goods if good.product.get("category")} - known.categories
    )
    return found


def _error(good: Good, name: str, value: str, message: str) -> RowError:
    return RowError(
        good.file, good.line, good.columns.get(name, LABELS.get(name, name)), shorten(value), message
    )


def _twice(goods: Sequence[Good]) -> list[RowError]:
    """The same SKU code on two lines: which of them is meant, nobody can say."""
    first: dict[str, Good] = {}
    errors = []
    for good in goods:
        if not good.has_sku:
            continue
        earlier = first.setdefault(code_key(good.code), good)
        if earlier is not good:
            where = f"{earlier.file} の " if earlier.file != good.file else ""
            errors.append(
                _error(
                    good,
                    "code",
                    good.code,
                    f"同じSKUコードが {where}{earlier.line}行目にもあります。1行にまとめてください。",
                )
            )
    return errors


def _jans(goods: Sequence[Good], known: _Known) -> list[RowError]:
    """One JAN, one SKU: within the file, and against SKUs that keep theirs."""
    errors: list[RowError] = []
    first: dict[str, Good] = {}
    given = {code_key(good.code): good for good in goods if "jan" in good.sku}
    for good in goods:
        jan = good.sku.get("jan")
        if not jan:
            continue
        key = code_key(good.code)
        earlier = first.setdefault(jan.zfill(14), good)
        if earlier is not good and code_key(earlier.code) != key:
            errors.append(
                _error(
                    good,
                    "jan",
                    jan,
                    f"同じJANコードが {earlier.line}行目（{earlier.code}）にもあります。どちらかを直してください。",
                )
            )
            continue
        owners = {known.jan_owners[same] for same in same_jans(jan) if same in known.jan_owners} - {key}
        keeping = sorted(owner for owner in owners if owner not in given)
        if keeping:
            errors.append(
                _error(
                    good,
                    "jan",
                    jan,
                    f"このJANコードは SKU {keeping[0]} に登録済みです。JANか商品コードを確かめてください。",
                )
            )
    return errors


def _slugs(goods: Sequence[Good], known: _Known, of: dict[int, _Merged]) -> list[RowError]:
    """One URL, one product: within the file, and against products that keep theirs."""
    errors = []
    first: dict[str, str] = {}
    giving = {one.code for one in of.values() if "slug" in one.values}
    for good in goods:
        if not (slug := good.product.get("slug")):
            continue
        code = of[id(good)].code
        other = first.setdefault(slug, code)
        owner = known.slug_owners.get(slug)
        if other == code and owner not in (None, code) and owner not in giving:
            other = owner
        if other != code:
            message = f"同じURLが商品「{other}」にあります。どちらかを直してください。"
            errors.append(_error(good, "slug", slug, message))
    return errors


@dataclass(slots=True)
class _Merged:
    """The rows of one product together."""

    code: str
    product: Product | None
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, Good] = field(default_factory=dict)
    rows: list[Good] = field(default_factory=list)


def _products_of(goods: Sequence[Good], known: _Known, found: Comparison) -> dict[int, _Merged]:
    """id(row) → its product. Rows of one product must agree; a known SKU stays with the product it has."""
    by_code: dict[str, _Merged] = {}
    by_parent: dict[str, _Merged] = {}
    of: dict[int, _Merged] = {}
    for good in goods:
        sku = known.skus.get(code_key(good.code)) if good.has_sku else None
        if sku is not None:
            code = sku.product.code
            if good.names_parent and good.parent and good.parent != code:
                found.errors.append(
                    _error(good, "product_code", good.parent,
                           f"SKU {sku.code} は商品「{code}」のSKUです。商品コードを {code} にするか空欄にしてください。")
                )  # fmt: skip
        elif good.parent in by_parent and not good.names_parent:
            code = by_parent[good.parent].code
        else:
            code = good.parent or good.code
        merged = by_code.setdefault(code, _Merged(code, known.products.get(code)))
        if good.parent:
            by_parent.setdefault(good.parent, merged)
        _merge(merged, good, found)
        of[id(good)] = merged
    return of


def _merge(merged: _Merged, good: Good, found: Comparison) -> None:
    merged.rows.append(good)
    for name, value in good.product.items():
        if name in merged.values and merged.values[name] != value:
            earlier = merged.lines[name]
            found.errors.append(
                _error(good, name, str(value or ""),
                       f"同じ商品「{merged.code}」の{LABELS[name]}が {earlier.line}行目と違います。同じ値にしてください。")
            )  # fmt: skip
        else:
            merged.values[name] = value
            merged.lines.setdefault(name, good)


def _name_products(goods: Sequence[Good], known: _Known, of: dict[int, _Merged], found: Comparison) -> None:
    """A new product needs a name, and at least one SKU."""
    seen: set[str] = set()
    for good in goods:
        merged = of[id(good)]
        if merged.product is not None or merged.code in seen:
            continue
        seen.add(merged.code)
        if not merged.values.get("name"):
            message = "新しい商品ですが、商品名がありません。商品名を入れるか、登録済みの商品コードに直してください。"
            found.errors.append(_error(good, "name", "", message))
        elif not any(row.has_sku for row in merged.rows):
            message = f"商品「{merged.code}」のSKUの行がありません。SKUの行も含めて書き出してください。"
            found.errors.append(_error(good, "code", "", message))


def _write_products(of: dict[int, _Merged], found: Comparison, known: _Known) -> dict[int, Product]:
    """id(merged) → the product, new or known, with its edits noted."""
    products: dict[int, Product] = {}
    for merged in of.values():
        if id(merged) in products:
            continue
        if merged.product is None:
            values = {name: value for name, value in merged.values.items() if name != "category"}
            product = Product(code=merged.code, **values)
            found.batch.new_products.append(product)
            if merged.values.get("category"):
                found.batch.categories[id(product)] = merged.values["category"]
        else:
            product = merged.product
            for name, value in merged.values.items():
                found.batch.edit(product, name, value)
        products[id(merged)] = product
    for row, merged in of.items():
        products[row] = products[id(merged)]
    return products


def _add_tax(good: Good, merged: _Merged) -> None:
    """税抜 → 税込 by the rate of the product; fractions of a yen are cut off."""
    if good.sku.get("price_yen") is not None or good.sku.get("list_price_yen") is not None:
        kind = merged.values.get("tax_kind") or (
            merged.product.tax_kind if merged.product else TaxKind.STANDARD
        )
        for name in ("price_yen", "list_price_yen"):
            if good.sku.get(name) is not None:
                good.sku[name] = good.sku[name] * (100 + TAX_RATES[TaxKind(kind)]) // 100


def _one(good: Good, known: _Known, products: dict[int, Product], found: Comparison) -> None:
    """Verdict and edits of one SKU row."""
    product = products[id(good)]
    sku = known.skus.get(code_key(good.code))
    if sku is None:
        sku = Sku(product=product, code=good.code, code_key=code_key(good.code), **good.sku)
        found.batch.new_skus.append(sku)
        found.verdicts.append((good, "created", sku))
        return
    sku.product = product
    changed = [found.batch.edit(sku, name, value) for name, value in good.sku.items()]
    if good.product.get("name"):
        changed.append(found.batch.edit(sku, "needs_review", False))
    if good.product.get("status") == Product.Status.ACTIVE:
        changed.append(found.batch.edit(sku, "is_active", True))
    product_changed = product.pk in found.batch.product_edits
    found.ended += not sku.is_active and "status" not in good.product
    found.verdicts.append((good, "changed" if any(changed) or product_changed else "unchanged", sku))


def _axes_of_new(
    of: dict[int, _Merged], goods: Sequence[Good], products: dict[int, Product], found: Comparison
) -> None:
    """軸: a file that names the axes (Shopify, 楽天) gives them to new products, where every SKU is one combination."""
    for merged in {id(one): one for one in of.values()}.values():
        names = next((row.axes for row in merged.rows if row.axes), ())
        if merged.product is not None or not names or len(set(names)) < len(names):
            continue
        parts = [tuple(split(row.sku.get("variant") or "")) for row in merged.rows if row.has_sku]
        if len(set(parts)) == len(parts) and all(len(one) == len(names) and all(one) for one in parts):
            axes = [
                Axis(name[:40], tuple(Value(value) for value in dict.fromkeys(one[at] for one in parts)))
                for at, name in enumerate(names)
            ]
            found.batch.axes.append((products[id(merged.rows[0])], axes))


def _combinations(found: Comparison, known: _Known) -> list[RowError]:
    """Rows of products that have axes: each SKU is one combination, and no two are the same."""
    errors: list[RowError] = []
    ids = list(known.axes)
    taken = {
        (product_id, tuple(split(variant))): code
        for product_id, code, variant in Sku.objects.filter(product_id__in=ids)
        .exclude(code_key__in=[sku.code_key for _, _, sku in found.verdicts])
        .values_list("product_id", "code", "variant")
        if variant
    } if ids else {}  # fmt: skip
    for good, _, sku in found.verdicts:
        axes = known.axes.get(sku.product.pk or 0)
        if not axes:
            continue
        variant = good.sku.get("variant", sku.variant)
        if problem := variant_problem(axes, variant or ""):
            errors.append(_error(good, "variant", variant or "", problem))
            continue
        other = taken.setdefault((sku.product.pk, tuple(split(variant))), sku.code)
        if other != sku.code:
            message = f"SKU {other} と同じ組み合わせです。別の値にするか、どちらかの行を消してください。"
            errors.append(_error(good, "variant", variant, message))
    return errors


def _cases(found: Comparison) -> list[RowError]:
    """ケース: a case code belongs to one SKU and says how many pieces are inside."""
    errors: list[RowError] = []
    told = [(good, sku, good.sku.get("itf", sku.itf)) for good, _, sku in found.verdicts]
    codes = {itf for good, _, itf in told if itf and "itf" in good.sku}
    rest = Sku.objects.filter(itf__in=codes).exclude(code_key__in=[sku.code_key for _, sku, _ in told])
    owners = dict(rest.values_list("itf", "code"))
    for good, sku, itf in told:
        if itf and not good.sku.get("pieces_per_case", sku.pieces_per_case):
            message = "ケースのコードがあるSKUには、ケース入数も書いてください。"
            errors.append(_error(good, "pieces_per_case", "", message))
        elif itf and owners.setdefault(itf, sku.code) != sku.code:
            message = f"SKU {owners[itf]} と同じケースのコードです。どちらかを直してください。"
            errors.append(_error(good, "itf", itf, message))
    return errors
