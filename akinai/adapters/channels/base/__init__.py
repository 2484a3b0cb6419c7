"""BASE の注文CSV: one row per item, in its older form (35 columns) and with 商品コード, 種類コード and JAN.

BASE かんたん決済 collects the money, except for 代金引換 and transfers to the shop's own account.
"""

from __future__ import annotations

from akinai.adapters.channels.base.mapping import BaseFormat

__all__ = ["BaseFormat"]
