"""商品ごとの前提: what a caller tells about each SKU besides its history. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from akinai.purchasing.replenish.costs import Carrying, Rates, carrying, lost_margin
from akinai.purchasing.replenish.history import Floats
from akinai.purchasing.replenish.leadtime import LeadTime
from akinai.purchasing.replenish.quantity import Packs


@dataclass(frozen=True, slots=True)
class Goods:
    """発注を考える 1 SKU.

    Pieces: `on_hand` on sellable shelves, `promised` to customers (引当・取置・欠品待ち), `incoming` on order (発注残). `price_yen` and
    `unit_cost` without tax. `moq`, `lot`, `case` pieces (case 0: none). `review_days` between looks at the supplier's
    orders. `shelf_life_days` from arrival until it can no longer be sold. `storage_yen` per piece and month (None: usual).
    """

    sku_id: int
    code: str
    name: str
    price_yen: int
    unit_cost: Decimal
    lead: LeadTime
    on_hand: int = 0
    promised: int = 0
    incoming: int = 0
    review_days: int = 1
    moq: int = 1
    lot: int = 1
    case: int = 0
    shelf_life_days: int | None = None
    storage_yen: Decimal | None = None
    supplier_id: int | None = None

    def __post_init__(self) -> None:
        if min(self.lot, self.moq, self.review_days) < 1 or self.case < 0:
            raise ValueError(f"{self.code}: lot, moq and review_days are at least 1, case at least 0")
        if min(self.on_hand, self.promised, self.incoming, self.price_yen) < 0 or self.unit_cost < 0:
            raise ValueError(f"{self.code}: pieces and yen are not negative")

    @property
    def position(self) -> int:
        """在庫ポジション: on hand + incoming − promised. Negative when more is promised than there is and will be."""
        return self.on_hand + self.incoming - self.promised


@dataclass(frozen=True, slots=True)
class Columns:
    """The numbers of many Goods as columns, one entry per SKU; yen per piece(-year) as floats."""

    lead_days: Floats
    lead_spread: Floats
    review: Floats
    life: Floats
    holding_yen: Floats
    lost_yen: Floats
    packs: Packs
    carrying: tuple[Carrying, ...]
    margins: tuple[Decimal, ...]


def columns(goods: Sequence[Goods], rates: Rates) -> Columns:
    """Goods → columns. A SKU without shelf life has an infinite one."""
    held = tuple(carrying(one.unit_cost, one.storage_yen, rates) for one in goods)
    margins = tuple(lost_margin(one.price_yen, one.unit_cost, rates) for one in goods)

    def floats(values: Sequence[object]) -> Floats:
        return np.array(values, dtype=np.float64)

    def ints(values: Sequence[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return Columns(
        lead_days=floats([one.lead.days for one in goods]),
        lead_spread=floats([one.lead.spread for one in goods]),
        review=floats([one.review_days for one in goods]),
        life=floats([np.inf if one.shelf_life_days is None else one.shelf_life_days for one in goods]),
        holding_yen=floats([one.total for one in held]),
        lost_yen=floats(margins),
        packs=Packs(
            ints([g.moq for g in goods]), ints([g.lot for g in goods]), ints([g.case for g in goods])
        ),
        carrying=held,
        margins=margins,
    )
