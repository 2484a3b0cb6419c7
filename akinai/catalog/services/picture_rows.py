"""商品ファイルの画像の比較: which pictures a goods file names, which came beside it, which are still to come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from akinai.catalog.checks import is_address
from akinai.catalog.codes import code_key
from akinai.catalog.goods import Good
from akinai.catalog.models import Product, ProductImage
from akinai.catalog.picture_files import Pictures, key_of
from akinai.catalog.services.batch import Batch

_NUMBERED = re.compile(r"(.+?)[-_ ]\d{1,2}")


@dataclass(slots=True)
class PictureRows:
    """What becomes of the pictures. `arrived`: rows, new or known, whose file is here and shall be drawn."""

    arrived: list[ProductImage] = field(default_factory=list)
    missing: list[ProductImage] = field(default_factory=list)  # named by the file, their own file is not here
    strangers: list[str] = field(default_factory=list)  # files that no row names
    touched: set[int] = field(default_factory=set)  # id(product)


def compare_pictures(
    goods: Sequence[Good], products: Mapping[int, Product], batch: Batch, pictures: Pictures
) -> PictureRows:
    """Note new pictures in the batch, behind those the products have. `products`: id(row) → its product."""
    found = PictureRows()
    owners = _Owners(goods, pictures)
    there = _there(products.values())
    used: set[str] = set()
    for good in goods:
        product = products[id(good)]
        rows = there.setdefault(id(product), dict(there.get(product.pk or 0, {})))
        for source, alt in [*good.pictures, *owners.of(good)]:
            used.add(key_of(source))
            row = rows.get(source)
            if row is None:
                row = ProductImage(product=product, source_url=source, alt=alt, position=len(rows) + 1)
                rows[source] = row
                batch.images.append(row)
            elif row.file or row.pk is None or source not in pictures:
                continue
            found.touched.add(id(product))
            if source in pictures:
                if row not in found.arrived:
                    found.arrived.append(row)
            elif not is_address(source):
                found.missing.append(row)
    found.strangers = [name for name in pictures.names() if name not in used]
    return found


def _there(products: Iterable[Product]) -> dict[int, dict[str, ProductImage]]:
    """Product id → the pictures it has by where they came from."""
    ids = {product.pk for product in products if product.pk}
    found: dict[int, dict[str, ProductImage]] = {}
    for row in ProductImage.objects.filter(product_id__in=ids).order_by("position", "id"):
        found.setdefault(row.product_id, {})[row.source_url or f"file:{row.file}"] = row
    return found


class _Owners:
    """Pictures that no cell names but whose own name says whose they are: TEA-001.jpg, TEA-001_2.jpg, 4901….jpg."""

    def __init__(self, goods: Sequence[Good], pictures: Pictures) -> None:
        codes = {key for good in goods for key in _keys(good)}
        named = {key_of(source) for good in goods for source, _ in good.pictures}
        self.files: dict[str, list[str]] = {}
        for name in pictures.names():
            stem = code_key(PurePath(name).stem).casefold()
            numbered = _NUMBERED.fullmatch(stem)
            owner = stem if stem in codes else numbered[1] if numbered and numbered[1] in codes else ""
            if owner and name not in named:
                self.files.setdefault(owner, []).append(name)

    def of(self, good: Good) -> Iterator[tuple[str, str]]:
        for key in _keys(good):
            for name in self.files.get(key, ()):
                yield name, ""


def _keys(good: Good) -> Iterator[str]:
    """What a picture of these goods may be called."""
    for code in dict.fromkeys((good.code, good.parent, good.sku.get("jan") or "")):
        if code:
            yield code_key(code).casefold()
