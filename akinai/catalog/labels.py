"""ラベル: A4 sheets of product labels, shelf labels and case labels with bar codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from akinai.catalog.models import Sku
from akinai.core import typeset
from akinai.core.bar_patterns import code128, ean, itf14
from akinai.core.money import yen

TEMPLATE = Path(__file__).resolve().parent / "typst" / "labels.typ"
MOST = 2_000
MANY_PAGES = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """用紙: so many labels across and down, their size and the first one's place, in mm. `gap`: between columns."""

    code: str
    title: str
    across: int
    down: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0

    @property
    def per_sheet(self) -> int:
        return self.across * self.down

    def place(self, at: int) -> tuple[float, float]:
        """Left and top of the label at this place of a sheet (0 is the first), row by row."""
        row, column = divmod(at, self.across)
        return self.left + column * (self.width + self.gap), self.top + row * self.height


LAYOUTS = {
    one.code: one
    for one in (
        Layout("a4-65", "A4 65面（38.1×21.2mm）", 5, 13, 38.1, 21.2, 4.65, 10.7, 2.55),
        Layout("a4-44", "A4 44面（48.3×25.4mm）", 4, 11, 48.3, 25.4, 8.4, 8.8),
        Layout("a4-24", "A4 24面（66×33.9mm）", 3, 8, 66, 33.9, 6, 12.9),
        Layout("a4-21", "A4 21面（70×42.3mm・余白なし）", 3, 7, 70, 42.3, 0, 0.45),
        Layout("a4-12", "A4 12面（83.8×42.3mm）", 2, 6, 83.8, 42.3, 18.6, 21.6, 5.2),
    )
}
KINDS = {"product": "商品ラベル", "shelf": "棚ラベル", "case": "ケースラベル（ITF）"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One SKU and how many labels of it."""

    sku: Sku
    count: int


def pdf(
    wishes: Sequence[Wish], layout: Layout, *, kind: str, start: int = 1, shows_price: bool = True,
    shift: tuple[float, float] = (0, 0),
) -> bytes:  # fmt: skip
    """The sheets. `start`: the first label's place on a sheet that was used before (1 is the first); `shift`: right and
    down in mm, for printers that draw a little aside."""
    sheets = list(_sheets(wishes, layout, start, shift))
    data = {
        "title": KINDS[kind], "width": layout.width, "height": layout.height, "sheets": sheets,
        "labels": [label_of(wish.sku, layout, kind, shows_price) for wish in wishes],
    }  # fmt: skip
    if len(sheets) > MANY_PAGES:
        return typeset.render_apart(TEMPLATE, data)
    return typeset.render(TEMPLATE, data, tagged=False)


def _sheets(
    wishes: Sequence[Wish], layout: Layout, start: int, shift: tuple[float, float]
) -> Iterator[list[dict[str, Any]]]:
    sheet: list[dict[str, Any]] = []
    at = start - 1
    for label, wish in enumerate(wishes):
        for _ in range(wish.count):
            if at == layout.per_sheet:
                yield sheet
                sheet, at = [], 0
            x, y = layout.place(at)
            sheet.append({"label": label, "x": x + shift[0], "y": y + shift[1]})
            at += 1
    if sheet:
        yield sheet


def label_of(sku: Sku, layout: Layout, kind: str, shows_price: bool) -> dict[str, Any]:
    """The words and bars of one label, in sizes that fit the paper."""
    size = 7.0 if layout.height < 24 else 8.5 if layout.height < 30 else 10.0
    words = _words(sku, kind, shows_price)
    return words | _bars(sku, kind) | {
        "size": size, "small": round(size * 0.78, 1), "lines": 1 if layout.height < 30 else 2,
        "tall": round(layout.height * (0.24 if layout.height < 30 else 0.3), 1),
    }  # fmt: skip


def _words(sku: Sku, kind: str, shows_price: bool) -> dict[str, str]:
    name = f"{sku.product.name} {sku.variant}".strip()
    if kind == "shelf":
        return {"head": sku.shelf or "（棚番なし）", "sub": name, "price": ""}
    if kind == "case":
        return {"head": name, "sub": sku.code, "price": f"{sku.pieces_per_case}入"}
    return {"head": name, "sub": sku.code, "price": f"{yen(sku.price_yen)}" if shows_price else ""}


def _bars(sku: Sku, kind: str) -> dict[str, Any]:
    """The JAN where there is one, else our own code; a case has its ITF."""
    if kind == "case":
        return {"bars": itf14(sku.itf or ""), "module": 0.25, "digits": sku.itf}
    if sku.jan and len(sku.jan) in (8, 12, 13):
        return {"bars": ean(sku.jan), "module": 0.33, "digits": sku.jan}
    if all(" " <= char <= "~" for char in sku.code):
        return {"bars": code128(sku.code), "module": 0.25, "digits": sku.code}
    return {"bars": [], "module": 0.25, "digits": sku.code}


def without_bars(skus: Sequence[Sku], kind: str) -> list[str]:
    """Codes of SKUs that such a label cannot be made for, or would have no bar code."""
    if kind == "case":
        return [sku.code for sku in skus if not sku.itf]
    return [sku.code for sku in skus if not _bars(sku, kind)["bars"]]


def counts_of(text: str) -> Mapping[int, int]:
    """ "12x3.15" → {12: 3, 15: 1}: SKU ids and how many labels, as addresses carry them."""
    found: dict[int, int] = {}
    for part in text[:10_000].split("."):
        pk, _, count = part.partition("x")
        if all(one.isascii() and one.isdigit() and len(one) < 19 for one in (pk, count or "1")):
            found[int(pk)] = found.get(int(pk), 0) + int(count or 1)
    return found
