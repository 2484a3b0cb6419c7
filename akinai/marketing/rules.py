"""値引とポイントの計算: pure decisions of coupons and points, no database."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Protocol

ROUNDINGS = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "ceil": ROUND_CEILING}


class Line(Protocol):
    """商品 in a cart, as coupons judge it. `subtotal_yen` 税込."""

    @property
    def sku_id(self) -> int: ...
    @property
    def product_id(self) -> int: ...
    @property
    def subtotal_yen(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """クーポンの条件 without how often it was used. `products`: those it is for, None for all."""

    kind: str
    amount: int
    cap_yen: int | None = None
    minimum_yen: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    channels: tuple[str, ...] = ()
    products: frozenset[int] | None = None


def fold(code: str) -> str:
    """クーポンコード as it is kept: half width, upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", code).upper().split())


def refusal(terms: Terms, lines: Sequence[Line], *, channel: str, on: date) -> str:
    """Why these goods do not get it, in words for the buyer; "" when they do."""
    if terms.starts_on and on < terms.starts_on:
        return f"このクーポンは {terms.starts_on:%Y/%m/%d} からご利用いただけます。"
    if terms.ends_on and on > terms.ends_on:
        return f"このクーポンの有効期限（{terms.ends_on:%Y/%m/%d}）を過ぎています。"
    if terms.channels and channel not in terms.channels:
        return "このクーポンは、この店舗ではご利用いただけません。"
    goods = sum(line.subtotal_yen for line in fitting(terms.products, lines))
    if not goods:
        return "このクーポンの対象の商品がカートにありません。" if lines else "カートに商品がありません。"
    if goods < terms.minimum_yen:
        what = "対象の商品" if terms.products is not None else "商品"
        return f"{what}のお買い上げ {terms.minimum_yen:,}円以上でご利用いただけます（あと {terms.minimum_yen - goods:,}円）。"
    return ""


def fitting(products: Collection[int] | None, lines: Sequence[Line]) -> list[Line]:
    """The lines a coupon is for."""
    return [line for line in lines if products is None or line.product_id in products]


def cut_yen(terms: Terms, lines: Sequence[Line], *, already_yen: int = 0) -> int:
    """値引: never more than what its goods cost, less what other coupons take off already. Fractions of a yen are cut off."""
    goods = sum(line.subtotal_yen for line in fitting(terms.products, lines))
    left = max(0, min(goods, sum(line.subtotal_yen for line in lines) - already_yen))
    if terms.kind == "yen":
        return min(terms.amount, left)
    if terms.kind == "percent":
        cut = left * terms.amount // 100
        return min(cut, left, cut if terms.cap_yen is None else terms.cap_yen)
    return 0


def earned_points(net_yen: int, rate: Decimal, rounding: str) -> int:
    """付与ポイント for goods that cost so much 税抜 after all cuts."""
    if net_yen <= 0:
        return 0
    return int((Decimal(net_yen) * rate / 100).quantize(Decimal(1), rounding=ROUNDINGS[rounding]))


def used_share(used: int, came_back_yen: int, whole_yen: int) -> int:
    """ポイント that come back with goods (and charges) of so much, of an order that came to `whole_yen` before its cuts. Fractions stay
    with the order, all of it brings all of them back."""
    if whole_yen <= 0:
        return 0
    return min(used, used * came_back_yen // whole_yen)
