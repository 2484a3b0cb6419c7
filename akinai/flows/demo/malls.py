"""見本の会社の在庫連携: what the malls were told this morning, and what their own lists say at noon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from akinai.channels import queries as channels
from akinai.channels import services
from akinai.channels.ports import STOCK_DOORS, FeedRow
from akinai.core.intake import Upload
from akinai.flows.demo.desk import take_in
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

FED = ("rakuten", "yahoo")
KEYS = {
    "rakuten": lambda code: {"商品管理番号（商品URL）": code.lower(), "SKU管理番号": code.lower()},
    "yahoo": lambda code: {"code": code.lower(), "sub-code": ""},
}
# Since the morning: sold in the mall and not taken in yet, typed in by hand, a list nobody keeps any more.
DRIFTS = {"TEA-004": -2, "POT-002": 5}


def tell(shop: Shop) -> dict[str, int]:
    """Each mall's list is taken in once, then it is told what is free. Out: code → pieces told."""
    levels = stock.levels(list(shop.skus.values()))
    told = {code: max(levels[pk].free, 0) for code, pk in shop.skus.items()}
    for code in FED:
        take_in("mall_stock", [_export(code, told)], by=shop.team.tanaka)
        feed = services.make_feed(channels.by_code(code), kind="all", by=shop.team.tanaka)
        services.mark_sent(feed, by=shop.team.tanaka)
    return told


def compare(shop: Shop, told: Mapping[str, int]) -> None:
    """照合: 楽天 shows what it was told, but for a few."""
    shown = {code: max(count + DRIFTS.get(code, 0), 0) for code, count in told.items()}
    take_in("mall_stock", [_export("rakuten", shown | {"OLD-9": 3})], by=shop.team.tanaka)


def _export(code: str, counts: Mapping[str, int]) -> Upload:
    """The mall's own file with these numbers."""
    door = STOCK_DOORS[code]
    rows = [FeedRow(KEYS[code](one), count) for one, count in counts.items()]
    return Upload(door.filename, door.write(rows).data)
