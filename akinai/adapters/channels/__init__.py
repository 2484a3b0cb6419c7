"""Malls and carts (モール・カート): one folder per format, each turns order files into `orders.ports.OrderDraft`s.

受注CSVの入口。モールごとに1フォルダー（parser: 列の名前、mapping: こちらの言葉へ、writer: 見本づくり）、共通の言葉は words にある。
samples holds made-up files in each format, and tests/ what every door must do with odd cells (add a clerk's strange file there).
Independent of each other: a door imports `words` and nothing of its neighbours.
"""

from __future__ import annotations


def register_channels() -> None:
    """The table of malls: one line brings a door into use. Detection asks them in this order; generic comes last."""
    from akinai.adapters.channels.amazon import AmazonFormat
    from akinai.adapters.channels.base import BaseFormat
    from akinai.adapters.channels.eccube import EccubeFormat
    from akinai.adapters.channels.generic import GenericFormat
    from akinai.adapters.channels.rakuten import RakutenFormat
    from akinai.adapters.channels.shopify import ShopifyFormat
    from akinai.adapters.channels.yahoo import YahooFormat
    from akinai.orders.ports import register_format

    register_format(RakutenFormat())
    register_format(ShopifyFormat())
    register_format(AmazonFormat())
    register_format(YahooFormat())
    register_format(EccubeFormat())
    register_format(BaseFormat())
    register_format(GenericFormat())


def register_pages() -> None:
    """The malls whose page files (商品ページ) can be written."""
    from akinai.adapters.channels.eccube.items import EccubeItems
    from akinai.adapters.channels.rakuten.items import RakutenItems
    from akinai.adapters.channels.shopify.items import ShopifyItems
    from akinai.adapters.channels.yahoo.items import YahooItems
    from akinai.catalog.ports import register_page_format

    register_page_format(RakutenItems())
    register_page_format(YahooItems())
    register_page_format(ShopifyItems())
    register_page_format(EccubeItems())
    _register_stock_doors()


def _register_stock_doors() -> None:
    """The malls whose stock we read and write."""
    from akinai.adapters.channels.amazon.stock import AmazonStock
    from akinai.adapters.channels.rakuten.stock import RakutenStock
    from akinai.adapters.channels.shopify.stock import ShopifyStock
    from akinai.adapters.channels.yahoo.stock import YahooStock
    from akinai.channels.ports import register_stock_door

    for door in (RakutenStock(), ShopifyStock(), AmazonStock(), YahooStock()):
        register_stock_door(door)


def register_telling_doors() -> None:
    """The malls that take a file of what was shipped (出荷報告)."""
    from akinai.adapters.channels.amazon.tracking import AmazonTracking
    from akinai.adapters.channels.eccube.tracking import EccubeTracking
    from akinai.adapters.channels.generic.tracking import GenericTracking
    from akinai.adapters.channels.rakuten.tracking import RakutenTracking
    from akinai.adapters.channels.shopify.tracking import ShopifyTracking
    from akinai.adapters.channels.yahoo.tracking import YahooTracking
    from akinai.shipping.telling_ports import register_telling

    doors = (
        RakutenTracking(), YahooTracking(), AmazonTracking(), ShopifyTracking(), EccubeTracking(), GenericTracking()
    )  # fmt: skip
    for door in doors:
        register_telling(door)
