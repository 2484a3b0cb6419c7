"""見本の店舗のページ: home with its shelves, 特集, ブログ, お知らせ, 質問, a page that is planned and a bundle that waits."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from akinai.catalog import queries as catalog
from akinai.content.services import releases, writing
from akinai.core import clock
from akinai.flows.demo import scenery, shop_words
from akinai.flows.demo.days import Shop
from akinai.flows.demo.desk import at

DRAWN = {
    "field": ("朝の茶畑", "朝の光のなかに続く、静岡の茶畑の畝", lambda: scenery.hills((214, 226, 224), (126, 158, 118), (44, 84, 52), (250, 232, 196))),
    "autumn": ("秋の茶畑", "夕方の空の下に広がる、秋の茶畑", lambda: scenery.hills((236, 208, 178), (168, 138, 88), (86, 74, 44), (238, 170, 112))),
    "cup": ("窓辺の煎茶", "窓辺のテーブルに置いた、一杯の煎茶", lambda: scenery.table((226, 220, 206), (176, 150, 118), (216, 206, 188))),
    "night": ("夜のほうじ茶", "夜の部屋で湯気を立てる、ほうじ茶の湯のみ", lambda: scenery.table((92, 84, 84), (70, 54, 46), (140, 96, 76), (150, 88, 40))),
}  # fmt: skip


class _Writer:
    """Knows the pictures and goods by the names that the texts use."""

    def __init__(self, shop: Shop) -> None:
        self.by = shop.team.tanaka
        self.pictures = {
            name: writing.add_picture(
                title=title, description=about, data=draw(), filename=f"{name}.jpg", by=self.by
            )
            for name, (title, about, draw) in DRAWN.items()
        }
        ids = catalog.ids_by_code(shop_words.CODES)
        self.products = {
            code: product.pk
            for pk, product in catalog.products_of(ids.values()).items()
            for code, sku in ids.items()
            if sku == pk
        }
        self.skus = ids

    def body(self, blocks: list[tuple[str, Any]]) -> str:
        """Blocks as they are kept, with ids in the place of codes and names of pictures."""
        return json.dumps(self._blocks(blocks), ensure_ascii=False)

    def _blocks(self, blocks: list[tuple[str, Any]]) -> list[dict[str, Any]]:
        return [{"type": kind, "value": self._told(kind, value)} for kind, value in blocks]

    def _told(self, kind: str, value: Any) -> Any:
        if kind == "products":
            return {**value, "items": [self._pair(pair) for pair in value["items"]]}
        if kind == "columns":
            return {side: self._blocks(value[side]) for side in ("left", "right")}
        if kind == "banner":
            limits = {"starts_at": None, "ends_at": None, "for_whom": "all", "page": None, "image": None}
            return {**limits, **value}
        if kind == "product":
            return {"comment": value["comment"], **self._pair(value["pair"])}
        if kind == "picture":
            image = {
                "image": self.pictures[value["image"]],
                "decorative": False,
                "alt_text": DRAWN[value["image"]][1],
            }
            return {"image": image, "caption": value.get("caption", "")}
        return value

    def _pair(self, pair: tuple[str, str]) -> dict[str, int | None]:
        return {"product": self.products[pair[0]], "instead": self.products.get(pair[1])}

    def write(self, kind: str, under: int, told: dict[str, Any], **more: Any) -> int:
        """One page by its texts."""
        values = {**told, **more}
        for name in ("body", "questions"):
            if name in values:
                values[name] = self.body(values[name])
        if "picture" in values:
            values["picture_id"] = self.pictures[values.pop("picture")]
        return writing.write_page(kind, under=under, by=self.by, **values)


def write(shop: Shop, now: datetime) -> None:
    """All pages, each at its day; the last are planned for what comes."""
    home = writing.home_id()
    with clock.told(min(now, at(shop.today - timedelta(days=21), 9))):
        writer = _Writer(shop)
        indexes = {kind: writer.write(kind, home, told) for kind, told in shop_words.INDEXES.items()}
    for days, kind, told in shop_words.STORIES:
        with clock.told(min(now, at(shop.today - timedelta(days=days), 10))):
            dated = {"dated_on": shop.today - timedelta(days=days)} if kind != "FeaturePage" else {}
            writer.write(kind, indexes[UNDER[kind]], told, **dated)
    with clock.told(min(now, at(shop.today - timedelta(days=6), 10))):
        writer.write("LandingPage", home, shop_words.LANDING)
    with clock.told(min(now, at(shop.today, 9, 40))):
        writer.write("FaqPage", home, shop_words.FAQ)
        writing.rewrite_page(
            home, by=writer.by, title="トップページ", picture_id=writer.pictures["field"], button_page_id=indexes["FeatureIndexPage"],
            body=writer.body(shop_words.HOME_BODY), **shop_words.HOME,
        )  # fmt: skip
        _planned(writer, shop, indexes)


UNDER = {"FeaturePage": "FeatureIndexPage", "BlogPage": "BlogIndexPage", "NewsPage": "NewsIndexPage"}


def _planned(writer: _Writer, shop: Shop, indexes: dict[str, int]) -> None:
    """年賀の特集 goes out in five days by itself; the 新春 bundle waits for the first of the month to come."""
    soon = at(shop.today + timedelta(days=5), 10)
    writer.write("FeaturePage", indexes["FeatureIndexPage"], shop_words.PLANNED, go_live_at=soon)
    page = writer.write("FeaturePage", indexes["FeatureIndexPage"], shop_words.IN_BUNDLE, publish=False)
    moment = at(shop.today + timedelta(days=9), 0)
    bundle = releases.create(
        name="歳末の市", at=moment, memo="特集・価格・帯を 0 時にそろえます。", by=writer.by
    )
    prices = [[writer.skus[code], code, yen] for code, yen in shop_words.BUNDLE_PRICES]
    releases.add_item(bundle, kind="page", page_id=page, by=writer.by)
    releases.add_item(bundle, kind="prices", told={"prices": prices}, by=writer.by)
    releases.add_item(
        bundle, kind="announcement", told={"text": shop_words.BUNDLE_ANNOUNCEMENT}, by=writer.by
    )
    releases.schedule(bundle, acknowledged=True, by=shop.team.ito)
