"""EC-CUBE 4 の受注CSV: one row per 明細, where 送料, 手数料, 割引, 税 and ポイント are rows of their own.

Prices stand without tax; how the shop rounds shows in the 小計. Shops choose their columns, so they are found by name.
"""

from __future__ import annotations

from akinai.adapters.channels.eccube.mapping import EccubeFormat

__all__ = ["EccubeFormat"]
