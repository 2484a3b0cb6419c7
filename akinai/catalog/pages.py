"""商品ページのファイルのもと: products with everything a mall wants to know, for thousands in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from akinai.catalog.axes import split
from akinai.catalog.formats.base import SIGN
from akinai.catalog.formats.generic import OF_ATTRIBUTE
from akinai.catalog.models import (
    TAX_RATES,
    Product,
    ProductAttribute,
    ProductImage,
    ProductOption,
    Sku,
    TaxKind,
)
from akinai.catalog.ports import Limit, Page, PageFormat, PageRows, PageVariant, page_format
from akinai.core.errors import DomainError
from akinai.core.intake.models import IntakeMapping

MOST = 20_000


def pages_of(products: QuerySet[Product]) -> list[Page]:
    """Products on sale or not, with those SKUs that are sold; one without such a SKU is left out."""
    rows = products.select_related("category").prefetch_related(
        Prefetch("skus", Sku.objects.filter(is_active=True).order_by("id"), to_attr="sold"),
        Prefetch("options", ProductOption.objects.order_by("position", "id"), to_attr="axes"),
        Prefetch("images", ProductImage.objects.order_by("position", "id"), to_attr="pictures"),
        Prefetch("attributes", ProductAttribute.objects.select_related("attribute").order_by("attribute__name"), to_attr="answers"),
    )  # fmt: skip
    return [_page(product) for product in rows.order_by("code")[:MOST] if product.sold]


def _page(product: Any) -> Page:
    axes = tuple(axis.name for axis in product.axes)
    return Page(
        code=product.code, name=product.name, kana=product.kana, description=product.description, brand=product.brand,
        category=product.category.name if product.category else "", tax_rate=TAX_RATES[TaxKind(product.tax_kind)],
        is_exempt=product.tax_kind == TaxKind.EXEMPT, is_public=product.status == Product.Status.ACTIVE,
        is_ended=product.status == Product.Status.ENDED, axes=axes,
        variants=tuple(_variant(sku, bool(axes)) for sku in product.sold),
        images=tuple((image.source_url or image.file.rsplit("/", 1)[-1], image.alt) for image in product.pictures),
        attributes=tuple((row.attribute.name, row.value, row.attribute.unit) for row in product.answers),
    )  # fmt: skip


def _variant(sku: Sku, has_axes: bool) -> PageVariant:
    return PageVariant(
        code=sku.code, price_yen=sku.price_yen, jan=sku.jan or "", values=tuple(split(sku.variant)) if has_axes else (),
        variant=sku.variant, list_price_yen=sku.list_price_yen, cost=f"{sku.cost.normalize():f}" if sku.cost is not None else "",
        weight_g=sku.weight_g, shelf=sku.shelf, itf=sku.itf or "", pieces_per_case=sku.pieces_per_case,
    )  # fmt: skip


def format_of(code: str) -> PageFormat:
    """A mall's format, or the shop's own by a saved mapping ("mapping-7"). Raises DomainError for one that is gone."""
    found = page_format(code)
    if found is not None:
        return found
    pk = code.removeprefix("mapping-")
    row = IntakeMapping.objects.filter(pk=pk).first() if pk.isdigit() else None
    if row is None:
        raise DomainError("この形式はなくなりました。", way_out="形式を選び直してください。")
    return MappedPages(row.name, row.headers or list(row.columns.values()), row.columns)


class MappedPages:
    """PageFormat of a shop's own file: the columns of a saved mapping, each filled by its field."""

    code = "generic"
    notes: Sequence[str] = ("取り込みで保存した列の対応の形で書きます。対応のない列は空欄です。",)
    limits: Mapping[str, Limit] = {}

    def __init__(self, name: str, headers: Sequence[str], mapping: Mapping[str, str]) -> None:
        self.title = f"自由な形式（{name}）"
        self.filename = f"{name}.csv"
        self.encoding = "utf-8-sig"
        self.headers = list(headers)
        self.mapping = {field: column for field, column in mapping.items() if column}
        self.limits = {column: Limit(has_lines=True) for column in self.headers}

    def columns(self, pages: Sequence[PageRows]) -> Sequence[str]:
        return self.headers

    def rows(self, page: Page) -> PageRows:
        return PageRows(page, [self._row(page, one) for one in page.variants])

    def _row(self, page: Page, one: PageVariant) -> dict[str, str]:
        status = "販売終了" if page.is_ended else "販売中" if page.is_public else "準備中"
        values = {
            "code": one.code, "product_code": page.code, "name": page.name, "kana": page.kana, "variant": one.variant, "jan": one.jan,
            "price_yen": str(one.price_yen), "list_price_yen": str(one.list_price_yen or ""), "cost": one.cost,
            "tax_kind": "非課税" if page.is_exempt else f"{page.tax_rate}%", "category": page.category, "brand": page.brand,
            "description": page.description, "shelf": one.shelf, "weight_g": str(one.weight_g or ""), "status": status,
            "itf": one.itf, "pieces_per_case": str(one.pieces_per_case or ""), "images": "\n".join(source for source, _ in page.images),
        }  # fmt: skip
        values |= {f"{OF_ATTRIBUTE}{name}": value for name, value, _ in page.attributes}
        return {column: values.get(field, "") for field, column in self.mapping.items()} | {
            column: value
            for name, value, _ in page.attributes
            if (column := f"{SIGN}{name}") in self.headers and column not in self.mapping.values()
        }
