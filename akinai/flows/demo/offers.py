"""見本の会社の売り方: sets made of goods on the shelf, a tea that is sold before it comes out, and a piece kept for a regular."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from akinai.catalog import services as catalog
from akinai.core import clock
from akinai.flows.demo.days import Shop
from akinai.flows.demo.goods import CATEGORIES, jan
from akinai.flows.demo.orders import COD_FEE, SHIPPING
from akinai.flows.demo.people import person
from akinai.orders import services as orders
from akinai.party import queries as party
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

# code: name, kana, price, cost, shelf, grams, tax, category, parts
SETS: dict[str, tuple[str, str, int, str, str, int, str, str, dict[str, int]]] = {
    "SET-001": (
        "お茶三種 飲みくらべセット", "オチャサンシュ ノミクラベセット", 2480, "975.5", "E-05", 430, "reduced", "GFT",
        {"TEA-003": 1, "TEA-004": 1, "TEA-005": 1},
    ),
    "SET-002": (
        "波佐見焼 湯のみ ペアセット", "ハサミヤキ ユノミ ペアセット", 3080, "1440", "E-06", 400, "standard", "GFT",
        {"CUP-001": 1, "CUP-002": 1},
    ),
}  # fmt: skip
NEW_TEA = "TEA-010"
REGULAR = 740


def offer(shop: Shop, now: datetime) -> None:
    """What the 商品担当 has set up, and the first orders of it."""
    skus: dict[str, int] = shop.skus  # type: ignore[assignment]
    for nth, (code, (name, kana, price, cost, shelf, grams, tax, category, parts)) in enumerate(SETS.items()):
        skus[code] = _add(shop, code, name, kana, price, cost, shelf, grams, tax, category, 80 + nth)
        catalog.compose_set(
            shop.skus[code], {shop.skus[part]: pieces for part, pieces in parts.items()}, by=shop.team.tanaka
        )
    skus[NEW_TEA] = _add(
        shop, NEW_TEA, "大福茶 新春限定 60g（予約）", "オオブクチャ シンシュンゲンテイ", 1620, "640", "A-09", 80, "reduced", "TEA", 90
    )  # fmt: skip
    _terms(
        shop,
        NEW_TEA,
        release_on=shop.today + timedelta(days=21),
        preorder_until=shop.today + timedelta(days=14),
        backorder_limit=60,
    )
    _terms(shop, "CUP-003", may_backorder=True, backorder_limit=5)
    _order(shop, 741, {"SET-001": 2, "SWT-001": 1}, now + timedelta(minutes=1))
    _order(shop, 742, {NEW_TEA: 2}, now + timedelta(minutes=2))
    _keep(shop)


def _add(
    shop: Shop, code: str, name: str, kana: str, price: int, cost: str, shelf: str, grams: int, tax: str, category: str, nth: int
) -> int:  # fmt: skip
    values = {
        "code": code, "name": name, "kana": kana, "tax_kind": tax, "status": "active", "brand": "",
        "description": "詰め合わせ・予約の商品です。", "category": CATEGORIES[category],
    }  # fmt: skip
    sku = {
        "code": code, "variant": "", "jan": jan(nth), "price_yen": price, "cost": Decimal(cost), "shelf": shelf,
        "weight_g": grams, "is_active": True,
    }  # fmt: skip
    made = catalog.create_product(values=values, skus=[sku], by=shop.team.tanaka)
    return int(made.skus.values_list("pk", flat=True).get())


def _terms(shop: Shop, code: str, **told: Any) -> None:
    usual = {"may_backorder": False, "backorder_limit": None, "preorder_until": None, "release_on": None}
    catalog.set_selling_terms(shop.skus[code], **{**usual, **told}, by=shop.team.tanaka)


def _order(shop: Shop, nth: int, goods: dict[str, int], now: datetime) -> None:
    """By phone, paid at the door."""
    buyer = person(nth)
    entry = orders.Entry(
        buyer=buyer, ship_to=buyer, payment="cod", shipping_yen=SHIPPING, cod_fee_yen=COD_FEE,
        lines=[orders.EntryLine(shop.skus[code], pieces) for code, pieces in goods.items()],
    )  # fmt: skip
    orders.enter(entry, by=shop.team.sato, now=now)


def _keep(shop: Shop) -> None:
    """取置 for the regular who rang today and comes by in a few days."""
    regular = party.find_customers(person(REGULAR).email, limit=1)
    stock_services.keep_aside(
        sku_id=shop.skus["TOL-001"], location_id=stock.default_location_id(), quantity=1,
        until_on=clock.today() + timedelta(days=5), purpose="来店受取り（お電話で承り）",
        customer_id=regular[0].pk if regular else None, by=shop.team.sato,
    )  # fmt: skip
