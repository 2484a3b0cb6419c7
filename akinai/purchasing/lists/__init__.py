"""仕入の一覧: one file per paper."""

from __future__ import annotations

from typing import Any


def title_of(row: Any) -> str:
    """商品名 with the variant, of a row that has a loaded `sku`."""
    name = row.sku.product.name
    return f"{name}（{row.sku.variant}）" if row.sku.variant else str(name)
