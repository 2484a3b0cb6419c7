"""The layouts of goods files (商品ファイルの形式): tables in, rows of text by field out. Pure, no database."""

from __future__ import annotations

from akinai.catalog.formats import eccube, generic, rakuten, shopify
from akinai.catalog.formats.base import Layout

LAYOUTS: dict[str, Layout] = {
    layout.code: layout for layout in (rakuten.LAYOUT, shopify.LAYOUT, eccube.LAYOUT)
}

__all__ = ["LAYOUTS", "Layout", "generic"]
