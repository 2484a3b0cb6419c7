"""Refusals of the stock room (在庫の拒否)."""

from __future__ import annotations

from akinai.core.errors import DomainError


class OutOfStock(DomainError):
    """引当できない: not enough free pieces."""

    code = "out_of_stock"

    def __init__(self, *, sku: str, wanted: int, free: int) -> None:
        super().__init__(
            f"SKU {sku} の引当可能数は {free} 点です。{wanted} 点は引当できません。",
            way_out="入荷を待つか、数量を変えてください。",
        )


class NotEnoughStock(DomainError):
    """出庫できない: on hand would fall below what is promised."""

    code = "not_enough_stock"
