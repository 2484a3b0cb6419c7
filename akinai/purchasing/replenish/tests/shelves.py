"""What the tests of 適正在庫 stand on: made-up goods and histories, and a shop's life in plain Python to check by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import strategies as st

from akinai.purchasing.replenish import Forecasts, Goods, Histories, LeadTime, Method

FIRST = date(2026, 1, 5)
NEXT = date(2026, 3, 2)


def lead(days: str = "7", spread: str = "2") -> LeadTime:
    return LeadTime(Decimal(days), Decimal(spread), 5)


def one(**changes: Any) -> Goods:
    """煎茶: 1,080 yen, bought at 600 by six."""
    usual: dict[str, Any] = {
        "sku_id": 1, "code": "TEA-1", "name": "煎茶", "price_yen": 1080, "unit_cost": Decimal(600), "lead": lead(),
        "review_days": 7, "moq": 6, "lot": 6,
    }  # fmt: skip
    return Goods(**{**usual, **changes})


def series(
    *rows: list[int], closed: list[tuple[int, int]] | None = None, born: list[int] | None = None
) -> Histories:
    """One row of pieces per SKU; `closed` (row, day) pairs sold out."""
    pieces = np.array(rows, dtype=np.int64)
    is_open = np.ones_like(pieces, dtype=bool)
    for row, day in closed or []:
        is_open[row, day] = False
    first = np.array(born or [0] * len(rows), dtype=np.int64)
    return Histories(tuple(range(1, len(rows) + 1)), FIRST, pieces, is_open, first)


def rates(
    per_day: list[float], ratio: list[float] | float = 3.0, level: float = 0.02, days: int = 90
) -> Forecasts:
    """Forecasts as if made: variance of a day = ratio × pieces per day, level unsure by `level` of that."""
    pace = np.array(per_day, dtype=np.float64)
    variance = pace * np.array(ratio)
    count = len(per_day)
    return Forecasts(
        tuple(range(1, count + 1)), NEXT, (Method.AVERAGE,) * count, pace, variance, variance * level,
        np.full(count, days), np.ones((count, 7)), np.zeros(count),
    )  # fmt: skip


@st.composite
def shelves(draw: st.DrawFn, most: int = 6) -> tuple[Forecasts, list[Goods]]:
    """Any few goods with any forecasts: dead, slow and quick, dear and cheap, odd lots, short lives, customers waiting."""
    count = draw(st.integers(1, most))
    paces = st.one_of(st.just(0.0), st.floats(0.001, 0.2), st.floats(0.2, 400))
    per_day = [draw(paces) for _ in range(count)]
    ratio = [draw(st.floats(1, 300)) for _ in range(count)]
    made = rates(per_day, ratio, draw(st.floats(0.005, 0.5)), draw(st.integers(1, 400)))
    return made, [draw(goods(n)) for n in made.sku_ids]


@st.composite
def goods(draw: st.DrawFn, sku_id: int) -> Goods:
    cost = draw(st.decimals(0, 90_000, places=2))
    lot = draw(st.sampled_from([1, 1, 3, 6, 12, 50]))
    return Goods(
        sku_id=sku_id,
        code=f"S-{sku_id}",
        name="見本",
        price_yen=draw(st.integers(0, 200_000)),
        unit_cost=cost,
        lead=LeadTime(draw(st.decimals(0, 60, places=1)), draw(st.decimals(0, 15, places=1)), 3),
        on_hand=draw(st.integers(0, 5_000)),
        promised=draw(st.integers(0, 300)),
        incoming=draw(st.integers(0, 500)),
        review_days=draw(st.integers(1, 30)),
        moq=draw(st.integers(1, 200)),
        lot=lot,
        case=draw(st.sampled_from([0, 0, 24, 48, 7])),
        shelf_life_days=draw(st.none() | st.integers(5, 400)),
        storage_yen=draw(st.none() | st.decimals(0, 100, places=2)),
        supplier_id=draw(st.sampled_from([None, 1, 2])),
    )
