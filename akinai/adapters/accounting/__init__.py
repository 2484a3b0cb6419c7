"""会計ソフト: files of entries for 弥生会計, freee and マネーフォワード. Names and layouts are data; none knows a database."""

from __future__ import annotations


def register_products() -> None:
    """Bring the doors into use, one line each."""
    from akinai.accounting.ports import register_product
    from akinai.adapters.accounting.freee import Freee, FreeeDeals
    from akinai.adapters.accounting.moneyforward import MoneyForward
    from akinai.adapters.accounting.yayoi import Yayoi

    register_product(Yayoi())
    register_product(Freee())
    register_product(FreeeDeals())
    register_product(MoneyForward())
