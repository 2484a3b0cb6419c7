"""在庫の費用を円で: what a piece on the shelf costs in a year, what an order line costs, what a lost sale costs. Pure.

Yen are Decimal with two decimals while they are rates, whole yen when they are amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SEN = Decimal("0.01")
MONTHS = 12


def sen(value: Decimal) -> Decimal:
    """Yen with two decimals, halves up."""
    return value.quantize(SEN, ROUND_HALF_UP)


def whole(value: Decimal) -> int:
    """Whole yen, halves up."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Rates:
    """費用の前提. Shares per year are fractions (0.02 = 2 %).

    `interest`: borrowing rate, or what the money would earn. `income_tax`: stock is no expense until sold, so tax on the
    money in it is paid ahead (実効税率); its interest is the tax cost of stock. `decay`: 値下がり・破損・紛失・保険. `storage_yen`:
    per piece and month where the SKU has none of its own. `order_yen`: the work of one order line (発注・検品・棚入れ).
    `selling_fee`: the mall's share of the price. `goodwill`: 1.0 = a lost sale costs its margin, 1.5 = half more,
    because the customer may stay away.
    """

    interest: Decimal = Decimal("0.02")
    income_tax: Decimal = Decimal("0.34")
    decay: Decimal = Decimal("0.08")
    storage_yen: Decimal = Decimal("5")
    order_yen: Decimal = Decimal("300")
    selling_fee: Decimal = Decimal("0")
    goodwill: Decimal = Decimal("1")

    def __post_init__(self) -> None:
        wrong = [name for name in self.__slots__ if getattr(self, name) < 0]
        if wrong or self.income_tax >= 1 or self.selling_fee >= 1:
            raise ValueError(f"impossible rates: {wrong or 'income_tax, selling_fee must be below 1'}")


@dataclass(frozen=True, slots=True)
class Carrying:
    """1 個を 1 年持つ費用, in yen by cause; `total` is exactly their sum."""

    storage: Decimal
    interest: Decimal
    tax: Decimal
    decay: Decimal

    @property
    def total(self) -> Decimal:
        return self.storage + self.interest + self.tax + self.decay


def carrying(unit_cost: Decimal, storage_yen: Decimal | None, rates: Rates) -> Carrying:
    """Yearly cost of one piece on the shelf. `storage_yen` per month; None: the shop's usual."""
    monthly = rates.storage_yen if storage_yen is None else storage_yen
    interest = sen(unit_cost * rates.interest)
    return Carrying(
        sen(monthly * MONTHS), interest, sen(interest * rates.income_tax), sen(unit_cost * rates.decay)
    )


def lost_margin(price_yen: int, unit_cost: Decimal, rates: Rates) -> Decimal:
    """粗利 one lost sale costs, in yen: price − fee − cost, times goodwill. 0 where nothing is earned."""
    margin = price_yen * (1 - rates.selling_fee) - unit_cost
    return sen(max(margin, Decimal(0)) * rates.goodwill)
