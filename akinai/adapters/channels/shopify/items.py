"""Shopify 商品CSV, written: rows of one Handle are one product; later rows hold variants or only pictures.

Source: Shopify help, "Using CSV files to import and export products" (Title is the one required column; metafield columns).
Title 255: two manuals of systems that write there, looked up on 2026-11-26; Handle and alternative text were not seen. Characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import ClassVar

from akinai.adapters.channels.words.pages import in_store_notes, jan_for_mall, no_axes, too_many_axes
from akinai.catalog.ports import Limit, Page, PageRows, PageVariant

COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Published", "Option1 Name", "Option1 Value", "Option2 Name",
    "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker",
    "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price", "Variant Compare At Price",
    "Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text",
    "Variant Weight Unit", "Cost per item", "Status",
)  # fmt: skip
AXES = 3
SEEN = "他社の手引き 2社（2026-11-26 確認）"


class ShopifyItems:
    """PageFormat."""

    code: ClassVar[str] = "shopify"
    title: ClassVar[str] = "Shopify 商品CSV"
    filename: ClassVar[str] = "products.csv"
    encoding: ClassVar[str] = "utf-8"
    notes: ClassVar[Sequence[str]] = (
        "税率はShopifyの商品CSVにありません。軽減税率の商品は、Shopifyのコレクションで分けてください。",
        "属性は商品のメタフィールド（custom）の列に書きます。Shopifyで先にメタフィールドを定義してください。キーが違うときは列名を直してください。",
        "画像はURLのあるものだけを書きます。ここに登録した画像ファイルは、Shopifyの画面から入れてください。",
    )
    limits: ClassVar[Mapping[str, Limit]] = {
        "Handle": Limit(
            chars=255, is_required=True, pattern=r"[a-z0-9\-_]+", says="英小文字・数字・- だけが使えます。"
        ),
        "Title": Limit(chars=255, source=SEEN, is_sure=True),
        "Body (HTML)": Limit(has_lines=True),
        "Vendor": Limit(chars=255),
        "Variant Price": Limit(pattern=r"\d+", says="数字にしてください。"),
        "Image Alt Text": Limit(chars=512),
    }

    def columns(self, pages: Sequence[PageRows]) -> Sequence[str]:
        names = dict.fromkeys(name for one in pages for name, _, _ in one.page.attributes)
        return [*COLUMNS, *(metafield(name) for name in names)]

    def rows(self, page: Page) -> PageRows:
        problems = [*too_many_axes(page, AXES, "Option1 Name"), *in_store_notes(page, "Variant Barcode")]
        problems += no_axes(page, "Option1 Name")
        shown = [image for image in page.images if image[0].lower().startswith(("http://", "https://"))]
        handle = re.sub(r"[^a-z0-9\-_]+", "-", page.code.lower()).strip("-")
        rows = []
        for at, (one, image) in enumerate(zip_longest(page.variants, shown), start=1):
            cells = {"Handle": handle}
            if one is not None:
                cells |= _variant(page, one)
            if at == 1:
                cells |= _product(page) | {
                    f"Option{n} Name": name for n, name in enumerate(page.axes[:AXES] or ("Title",), 1)
                }
            if image is not None:
                cells |= {"Image Src": image[0], "Image Position": str(at), "Image Alt Text": image[1]}
            rows.append(cells)
        return PageRows(page, rows, problems)


def metafield(name: str) -> str:
    """素材 (product.metafields.custom.…): keys are lower-case letters, digits, - and _, so a Japanese name gets one of
    its own, always the same."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    key = (
        plain if plain and plain.isascii() and re.fullmatch(r"[\x20-\x7e]+", name) else f"attribute_{digest}"
    )
    return f"{name} (product.metafields.custom.{key})"


def _product(page: Page) -> dict[str, str]:
    told = {metafield(name): f"{value}{unit}" for name, value, unit in page.attributes}
    return told | {
        "Title": page.name, "Body (HTML)": page.description, "Vendor": page.brand, "Type": page.category,
        "Published": "true" if page.is_public else "false",
        "Status": "archived" if page.is_ended else "active" if page.is_public else "draft",
    }  # fmt: skip


def _variant(page: Page, one: PageVariant) -> dict[str, str]:
    values = one.values[:AXES] or ("Default Title",)
    return {
        **{f"Option{n} Value": value for n, value in enumerate(values, 1)},
        "Variant SKU": one.code, "Variant Grams": str(one.weight_g or 0), "Variant Inventory Tracker": "shopify",
        "Variant Inventory Policy": "deny", "Variant Fulfillment Service": "manual", "Variant Price": str(one.price_yen),
        "Variant Compare At Price": str(one.list_price_yen or ""), "Variant Requires Shipping": "true",
        "Variant Taxable": "false" if page.is_exempt else "true", "Variant Barcode": jan_for_mall(one),
        "Variant Weight Unit": "g", "Cost per item": one.cost,
    }  # fmt: skip
