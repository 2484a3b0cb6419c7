"""検索エンジンと SNS に伝えること: absolute addresses, summaries, JSON-LD of schema.org."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from akinai.catalog.public import Seen
from akinai.content.addresses import absolute
from akinai.shop.product_page import ProductPage

SUMMARY = 120


def summary(text: str) -> str:
    """The first lines of a description, cut at a sentence where one ends."""
    flat = " ".join(text.split())
    if len(flat) <= SUMMARY:
        return flat
    cut = flat[:SUMMARY]
    end = cut.rfind("。") + 1
    return cut[:end] if end > SUMMARY // 2 else f"{cut[:-1]}…"


def description(page: ProductPage) -> str:
    """What stands below the name in results of a search: the first lines about the goods, else name and price."""
    said = summary(page.product.description)
    return said or f"{page.product.name}を{page.low_yen:,}円（税込）で販売しています。"


def picture(seen: Seen | None) -> str:
    """The absolute address of a picture that others may show, "" when there is none."""
    if seen is None:
        return ""
    name = seen.at(seen.widths[-1], "webp") if seen.widths else seen.file
    return absolute(reverse("media", args=[name]))


def product(page: ProductPage, rating: Mapping[str, Any]) -> dict[str, Any]:
    """schema.org Product with an offer per SKU, and what its buyers say of it (`rating`) in the same node."""
    address = absolute(reverse("shop:product", args=[page.shown.key]))
    told: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "Product", "@id": f"{address}#product", "name": page.product.name, "sku": page.product.code, "url": address, "description": description(page),
        "offers": [_offer(page, one, address) for one in page.choices],
    }  # fmt: skip
    if page.product.brand:
        told["brand"] = {"@type": "Brand", "name": page.product.brand}
    if page.pictures:
        told["image"] = [picture(one) for one in page.pictures]
    if len(page.choices) == 1 and (jan := page.choices[0].sku.jan):
        told["gtin"] = jan
    return told | dict(rating)


def _offer(page: ProductPage, one: Any, address: str) -> dict[str, Any]:
    offer: dict[str, Any] = {
        "@type": "Offer", "sku": one.sku.code, "price": one.sku.price_yen, "priceCurrency": "JPY",
        "availability": f"https://schema.org/{one.stock.schema}", "itemCondition": "https://schema.org/NewCondition",
        "url": address if len(page.choices) == 1 else f"{address}?sku={one.sku.code}",
        "priceSpecification": {
            "@type": "PriceSpecification", "price": one.sku.price_yen, "priceCurrency": "JPY", "valueAddedTaxIncluded": True,
        },
    }  # fmt: skip
    if one.sku.jan:
        offer["gtin"] = one.sku.jan
    if one.sku.release_on and one.stock.schema == "PreOrder":
        offer["availabilityStarts"] = one.sku.release_on.isoformat()
    return offer


def breadcrumbs(trail: Sequence[tuple[str, str]], here: str) -> dict[str, Any]:
    """schema.org BreadcrumbList, from the home page on."""
    steps = [("ホーム", "/"), *trail]
    return {
        "@context": "https://schema.org", "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": absolute(path or here)}
            for at, (name, path) in enumerate(steps, 1)
        ],
    }  # fmt: skip


def variants(page: ProductPage) -> list[dict[str, Any]]:
    """What the script of the page needs to switch between SKUs; only words that stand on the page anyway."""
    return [
        {
            "sku": one.sku.pk, "code": one.sku.code, "values": one.values, "price": f"{one.sku.price_yen:,}",
            "former": f"{one.former_yen:,}" if one.former_yen else "", "off": one.off_percent, "word": one.stock.word, "tone": one.stock.tone,
            "note": one.stock.note, "most": one.stock.most, "plan": f"{page.plan_yen_of(one):,}",
        }
        for one in page.choices
    ]  # fmt: skip
