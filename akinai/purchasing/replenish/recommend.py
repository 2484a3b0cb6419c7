"""おすすめを作る: reorder points → one Recommendation per SKU with every number it rests on, and the slider's curve. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from akinai.purchasing.replenish import plan, quantity
from akinai.purchasing.replenish.aims import Aim
from akinai.purchasing.replenish.costs import Rates, whole
from akinai.purchasing.replenish.forecast import Forecasts
from akinai.purchasing.replenish.goods import Goods
from akinai.purchasing.replenish.history import Floats, Ints
from akinai.purchasing.replenish.plan import YEAR, Prepared
from akinai.purchasing.replenish.result import Level, Need, Notice, Recommendation, Yearly

SHORT_DAYS = 28
BIG_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """スライダーの 1 目盛り, all SKUs together.

    `fill`: share of pieces served; `pieces` and `tied_up_yen`: mean stock; `stockouts` cycles a year that end empty;
    yen per year for holding, ordering and lost margin.
    """

    fill: float
    pieces: int
    tied_up_yen: int
    stockouts: float
    holding_yen: int
    ordering_yen: int
    lost_yen: int

    @property
    def total_yen(self) -> int:
        return self.holding_yen + self.ordering_yen + self.lost_yen


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What reorder points lead to, per SKU and year, as columns."""

    fill: Floats
    service: Floats
    stock: Floats
    orders: Floats
    lost: Floats
    stockouts: Floats


def recommend(
    forecasts: Forecasts, goods: Sequence[Goods], *, aim: Aim | None = None, rates: Rates | None = None
) -> list[Recommendation]:
    """One recommendation per SKU, in the order of `goods`, for the days from `forecasts.next_on` on."""
    return recommendations(plan.prepare(forecasts, goods, rates), aim or Aim())


def recommendations(ready: Prepared, aim: Aim) -> list[Recommendation]:
    """The same from a prepared plan: what a moved slider asks for."""
    point = plan.points(ready, aim)
    view = _outlook(ready, point)
    position = np.array([one.position for one in ready.goods], dtype=np.int64)
    ordered = orders(ready, point, position)
    least = ready.columns.packs.least
    return [
        _row(ready, view, n, int(point[n]), int(ordered[n]), int(least[n])) for n in range(len(ready.goods))
    ]


def orders(ready: Prepared, point: Ints, position: Ints) -> Ints:
    """Pieces to order now. What does not sell is only ordered for customers who wait for it."""
    sells = ready.cycle.per_day > 0
    wanted = quantity.order(position, point, ready.quantity, ready.columns.packs, most=ready.most)
    owed = np.where(position < 0, ready.columns.packs.up(np.maximum(-position, 1)), 0)
    return np.where(sells, wanted, owed)


def curve(ready: Prepared) -> list[CurvePoint]:
    """The slider's whole way: from thin to thick stock, each the cheapest mix of its fill rate; fill rates rise."""
    return [total(ready, plan.weighted(ready, weight)) for weight in plan.WEIGHTS]


def total(ready: Prepared, point: Ints) -> CurvePoint:
    """All SKUs of a set of reorder points together."""
    view = _outlook(ready, point)
    cost = np.array([float(one.unit_cost) for one in ready.goods])
    return CurvePoint(
        fill=plan.overall_fill(ready, point),
        pieces=round(float(view.stock.sum())),
        tied_up_yen=round(float((view.stock * cost).sum())),
        stockouts=float(view.stockouts.sum()),
        holding_yen=round(float((view.stock * ready.columns.holding_yen).sum())),
        ordering_yen=round(float(view.orders.sum() * float(ready.rates.order_yen))),
        lost_yen=round(float((view.lost * ready.columns.lost_yen).sum())),
    )


def _outlook(ready: Prepared, point: Ints) -> _Outlook:
    turning = ready.cycle
    fill = turning.fill_rate(point, ready.quantity)
    empty = turning.sunk.exceeds(point.astype(np.float64))
    served = turning.per_day * YEAR * fill
    # No more orders than reviews, however small the quantity is.
    cycles = np.minimum(served / np.maximum(ready.quantity, turning.step), YEAR / turning.review)
    sells = turning.per_day > 0
    return _Outlook(
        fill=fill,
        service=1 - empty,
        stock=np.where(sells, turning.on_hand(point, ready.quantity), 0.0),
        orders=cycles,
        lost=turning.per_day * YEAR * (1 - fill),
        stockouts=cycles * empty,
    )


def _row(ready: Prepared, view: _Outlook, n: int, point: int, ordered: int, least: int) -> Recommendation:
    one = ready.goods[n]
    need = _need(ready, n)
    yearly = _yearly(ready, view, n)
    level = Level(
        safety=max(point - need.expected, 0), reorder_point=point, quantity=int(ready.quantity[n]),
        on_hand=one.on_hand, promised=one.promised, incoming=one.incoming, position=one.position, order=ordered,
        moq=one.moq, lot=one.lot, case=one.case, service=_percent(view.service[n]), fill=_percent(view.fill[n]),
    )  # fmt: skip
    return Recommendation(
        one.sku_id, one.code, one.name, one.supplier_id, need, level, yearly, whole(ordered * one.unit_cost),
        _notices(ready, yearly, n, least),
    )  # fmt: skip


def _need(ready: Prepared, n: int) -> Need:
    one, pace = ready.goods[n], ready.paces[n]
    wait = Decimal(one.review_days) / 2
    stretch = one.lead.days + wait
    return Need(
        method=ready.forecasts.method[n], history_days=int(ready.forecasts.days[n]), pace=pace,
        lead_days=one.lead.days, lead_spread=one.lead.spread, review_days=one.review_days, wait=wait, stretch=stretch,
        expected=pace.over(stretch), spread=_decimal(float(ready.cycle.sunk.variance[n]) ** 0.5, 1),
    )  # fmt: skip


def _yearly(ready: Prepared, view: _Outlook, n: int) -> Yearly:
    return Yearly(
        mean_stock=_decimal(view.stock[n], 1),
        carrying=ready.columns.carrying[n],
        unit_cost=ready.goods[n].unit_cost,
        orders=_decimal(view.orders[n], 1),
        order_yen=ready.rates.order_yen,
        lost=_decimal(view.lost[n], 1),
        margin=ready.columns.margins[n],
        stockouts=_decimal(view.stockouts[n], 2),
        sold=_decimal(ready.cycle.per_day[n] * YEAR * view.fill[n], 1),
    )


def _notices(ready: Prepared, yearly: Yearly, n: int, least: int) -> tuple[Notice, ...]:
    forecast = ready.forecasts
    days, per_day = int(forecast.days[n]), float(ready.cycle.per_day[n])
    if days == 0:
        return (Notice.NO_HISTORY,)
    checks = (
        (Notice.SHORT_HISTORY, days < SHORT_DAYS),
        (Notice.NO_SALES, per_day == 0),
        (
            Notice.ONE_BIG_ORDER,
            per_day > 0 and days >= SHORT_DAYS and float(forecast.largest[n]) >= BIG_SHARE,
        ),
        (Notice.NO_MARGIN, yearly.margin == 0),
        (
            Notice.NOT_WORTH,
            per_day > 0 and yearly.sold * yearly.margin < yearly.holding_yen + yearly.ordering_yen,
        ),
        (Notice.LARGE_MINIMUM, 0 < per_day * YEAR < least),
        (Notice.SHELF_LIFE, per_day > 0 and least > per_day * ready.columns.life[n]),
    )
    return tuple(notice for notice, holds in checks if holds)


def _decimal(value: float | np.floating, digits: int) -> Decimal:
    return Decimal(f"{float(value):.{digits}f}")


def _percent(share: float | np.floating) -> Decimal:
    """A share as %, one decimal, cut rather than rounded up: 99.96 % is not a promise of 100 %."""
    return Decimal(int(float(share) * 1000 + 1e-9)) / 10
