"""根拠: the goods, pages and charges that answers speak of. The shop's own promises come from the room of the shop (`ground_ports.keep_ground`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.content import queries as content
from akinai.core import clock
from akinai.core.money import yen
from akinai.shipping import fee_queries
from akinai.support.ground_ports import Facts, keep_ground


class SkuGround:
    """商品・SKU: name, price and whether it is on sale."""

    code, title = "sku", "商品・SKU"

    def choices(self) -> Sequence[tuple[str, str]]:
        return ()

    def find(self, told: str) -> str:
        found = catalog.ids_by_code([told])
        return str(next(iter(found.values()))) if found else ""

    def read(self, refs: Sequence[str]) -> Mapping[str, Facts]:
        ids = [int(ref) for ref in refs]
        rows, products = catalog.sku_rows(ids), catalog.products_of(ids)
        return {
            str(pk): Facts(
                f"{row.code} {row.title}"[:200],
                {
                    "商品名": row.title,
                    "販売価格（税込）": yen(row.price_yen),
                    "販売": "販売中"
                    if row.is_active and products[pk].status == "active"
                    else "販売していません",
                    "自社サイト": "掲載" if products[pk].is_public else "非掲載",
                },
                reverse("catalog:detail", args=[row.product_number]),
            )
            for pk, row in rows.items()
        }


class PageGround:
    """店舗のページ: law pages, guides, features; a new version or its end changes it."""

    code, title = "page", "店舗のページ"

    def choices(self) -> Sequence[tuple[str, str]]:
        return [(str(one.pk), one.title) for one in content.pages_told()]

    def find(self, told: str) -> str:
        return next((str(one.pk) for one in content.pages_told() if told in (str(one.pk), one.path)), "")

    def read(self, refs: Sequence[str]) -> Mapping[str, Facts]:
        return {
            str(one.pk): Facts(
                one.title,
                {
                    "題名": one.title,
                    "公開": "公開中" if one.is_live else "公開していません",
                    "版": one.version,
                },
                one.path,
            )
            for one in content.pages_told([int(ref) for ref in refs])
        }


class FeeGround:
    """送料表 in force: the next version, or another price in it, changes it."""

    code, title = "fees", "送料表"
    REF = "now"

    def choices(self) -> Sequence[tuple[str, str]]:
        return [(self.REF, "いまの送料表")]

    def find(self, told: str) -> str:
        return self.REF if told == self.REF else ""

    def read(self, refs: Sequence[str]) -> Mapping[str, Facts]:
        today = clock.today()
        table = next((one for one in fee_queries.live_tables(today, today) if one.holds_on(today)), None)
        if table is None:
            return {}
        prices = sorted({one for fee in table.fees for one in fee.yen.values()})
        free = sorted({one.from_yen for one in table.frees})
        told = {"送料表": table.name, "適用開始": table.valid_from.isoformat()}
        told["送料"] = "・".join(yen(one) for one in prices[:12])
        told["送料無料"] = "・".join(f"{yen(one)} 以上" for one in free) or "なし"
        return {self.REF: Facts("いまの送料表", told, reverse("shipping:fees"))}


def register() -> None:
    for ground in (SkuGround(), PageGround(), FeeGround()):
        keep_ground(ground)
