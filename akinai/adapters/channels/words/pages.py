"""What page files of several malls share (商品ページのファイルの共通部品)."""

from __future__ import annotations

from akinai.catalog.ports import Page, PageVariant, Problem
from akinai.core import barcodes


def jan_for_mall(variant: PageVariant) -> str:
    """The JAN, unless it is a number of our own house: that must never reach a mall as a JAN."""
    return "" if barcodes.is_in_store(variant.jan) else variant.jan


def in_store_notes(page: Page, column: str) -> list[Problem]:
    """Say which numbers were kept back."""
    return [
        Problem(column, one.jan, "インストアコードなので、JANとしては書きません。", is_error=False)
        for one in page.variants
        if one.jan and not jan_for_mall(one)
    ]


def too_many_axes(page: Page, most: int, column: str) -> list[Problem]:
    if len(page.axes) <= most:
        return []
    message = f"バリエーションの軸が {len(page.axes)} あります（{most} まで）。商品を分けてください。"
    return [Problem(column, " / ".join(page.axes), message)]


def no_axes(page: Page, column: str) -> list[Problem]:
    """Several SKUs that nothing tells apart: a mall would not know which is which."""
    if page.axes or len(page.variants) < 2:
        return []
    message = "SKUが2つ以上ありますが、バリエーションの軸がありません。商品の編集画面で軸を決めてください。"
    return [Problem(column, page.code, message)]


def choices_of(page: Page) -> list[list[str]]:
    """For each axis the values that SKUs have, in the order they first stand."""
    return [
        list(dict.fromkeys(one.values[at] for one in page.variants if len(one.values) > at))
        for at in range(len(page.axes))
    ]


def rate_text(page: Page) -> str:
    """0.1, 0.08; a page free of tax is 0."""
    return "0" if page.is_exempt else f"{page.tax_rate / 100:g}"
