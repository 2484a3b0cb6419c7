"""金額 of one order: what the buyer is charged, its parts, and whether they add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from akinai.orders.ports import TaxDraft

# Part → its word in messages. Deductions are kept positive and count as negative.
WORDS: Mapping[str, str] = {
    "goods_yen": "商品",
    "outer_tax_yen": "外税",
    "shipping_yen": "送料",
    "cod_fee_yen": "代引手数料",
    "payment_fee_yen": "手数料",
    "wrapping_yen": "ラッピング料",
    "adjustment_yen": "調整",
    "discount_yen": "値引・クーポン",
    "points_yen": "ポイント",
}
_DEDUCTIONS = ("discount_yen", "points_yen")


@dataclass(frozen=True, slots=True)
class Amounts:
    """The yen of an `OrderDraft`, by the same names."""

    total_yen: int = 0
    goods_yen: int = 0
    outer_tax_yen: int = 0
    shipping_yen: int = 0
    cod_fee_yen: int = 0
    payment_fee_yen: int = 0
    wrapping_yen: int = 0
    adjustment_yen: int = 0
    discount_yen: int = 0
    points_yen: int = 0
    taxes: tuple[TaxDraft, ...] = ()
    amounts_known: bool = True

    def parts(self) -> dict[str, int]:
        """word → yen as it counts in the total."""
        return {
            word: -getattr(self, name) if name in _DEDUCTIONS else getattr(self, name)
            for name, word in WORDS.items()
        }

    @property
    def sum(self) -> int:
        return sum(self.parts().values())

    @property
    def is_paid_by_points(self) -> bool:
        """Nothing left to pay, because points or coupons paid it."""
        less = self.points_yen + self.discount_yen - min(self.adjustment_yen, 0)
        return self.amounts_known and self.total_yen == 0 and less > 0

    def of_draft(self) -> dict[str, Any]:
        """Keywords of `OrderDraft`."""
        return {item.name: getattr(self, item.name) for item in fields(self)}
