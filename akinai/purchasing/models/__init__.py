"""仕入の表: receipts (入荷); one file per paper."""

from __future__ import annotations

from akinai.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine, yen_of

__all__ = ["GoodsReceipt", "GoodsReceiptLine", "yen_of"]
