"""商品の表. One file per concern; everybody imports the names from here."""

from __future__ import annotations

from akinai.catalog.models.attributes import Attribute, CategoryAttribute, ProductAttribute
from akinai.catalog.models.chosen import ChosenSkus
from akinai.catalog.models.codes import CodeAllocator, CodeRule, InStoreCode
from akinai.catalog.models.manuals import FormSession, Manual
from akinai.catalog.models.options import OptionValue, ProductOption, SkuValue
from akinai.catalog.models.page_limits import PageLimit
from akinai.catalog.models.prices import LowestPrice, PriceSchedule
from akinai.catalog.models.products import (
    TAX_RATES,
    Category,
    PriceChange,
    Product,
    ProductImage,
    SetPart,
    Sku,
    TaxKind,
)

__all__ = [
    "TAX_RATES",
    "Attribute",
    "Category",
    "CategoryAttribute",
    "ChosenSkus",
    "CodeAllocator",
    "CodeRule",
    "FormSession",
    "InStoreCode",
    "LowestPrice",
    "Manual",
    "OptionValue",
    "PageLimit",
    "PriceChange",
    "PriceSchedule",
    "Product",
    "ProductAttribute",
    "ProductImage",
    "ProductOption",
    "SetPart",
    "Sku",
    "SkuValue",
    "TaxKind",
]
