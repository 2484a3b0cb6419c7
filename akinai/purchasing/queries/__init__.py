"""What may be asked of purchasing (仕入の照会)."""

from __future__ import annotations

from akinai.purchasing.queries.receipts import (
    bought_from,
    by_words,
    for_list,
    latest_from,
    same_slips,
    total_yen,
)

__all__ = ["bought_from", "by_words", "for_list", "latest_from", "same_slips", "total_yen"]
