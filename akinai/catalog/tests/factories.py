"""Goods for tests (試験用の商品)."""

from __future__ import annotations

from typing import Any

from akinai.catalog.codes import code_key
from akinai.catalog.models import Product, Sku
from akinai.catalog.services import completeness
from akinai.catalog.services.batch import refresh_search
from akinai.core import numbering


def make_sku(
    code: str = "A-1", *, name: str = "りんご", product: Product | None = None, **values: Any
) -> Sku:
    """One SKU; its product is made of the same code unless given. `tax_kind` and `status` go to the product."""
    of_product = {key: values.pop(key) for key in ("tax_kind", "status", "kana", "brand") if key in values}
    if product is None:
        product = Product.objects.create(
            number=numbering.take("product")[0], code=code, name=name, **of_product
        )
    sku = Sku.objects.create(
        product=product, code=code, code_key=code_key(code), **{"price_yen": 1000, **values}
    )
    refresh_search([product.pk])
    completeness.refresh([product.pk])
    return sku
