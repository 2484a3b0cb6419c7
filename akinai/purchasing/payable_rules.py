"""買掛の判断: tax of a bill per rate, the part that may be deducted by day (経過措置), and when it is due. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from akinai.core.business_days import WhenClosed, closing_on, due_on
from akinai.core.tax import Rounding, deductible_percent, divide, share, tax_of


@dataclass(frozen=True, slots=True)
class Billed:
    """請求 1 行: 税抜 yen at a rate, of a purchase on a day."""

    net_yen: int
    rate: int
    on: date


@dataclass(frozen=True, slots=True)
class BillTax:
    """税率ごと: net, tax, and how much of the tax may be deducted."""

    rate: int
    net_yen: int
    tax_yen: int
    deductible_yen: int


def taxes(
    lines: Sequence[Billed],
    *,
    rounding: Rounding,
    is_registered: bool,
    written: Mapping[int, int] | None = None,
) -> list[BillTax]:
    """Tax per rate, highest first: what the bill writes (`written`), else computed once per rate.

    From unregistered suppliers only a part may be deducted, by the day of each purchase: the tax is shared over the days'
    percentages by their net amounts, and each part is cut off to whole yen.
    """
    found = []
    for rate in sorted({line.rate for line in lines}, reverse=True):
        mine = [line for line in lines if line.rate == rate]
        net = sum(line.net_yen for line in mine)
        tax = (written or {}).get(rate, tax_of(net, rate, rounding=rounding, inclusive=False))
        found.append(BillTax(rate, net, tax, _deductible(mine, tax, is_registered)))
    return found


def _deductible(lines: Sequence[Billed], tax: int, is_registered: bool) -> int:
    by_percent: dict[int, int] = {}
    for line in lines:
        percent = deductible_percent(line.on, registered=is_registered)
        by_percent[percent] = by_percent.get(percent, 0) + line.net_yen
    percents = list(by_percent)
    # A rate of which more goes back than comes counts by what goes back.
    sign = -1 if sum(by_percent.values()) < 0 else 1
    weights = [max(0, sign * by_percent[percent]) for percent in percents]
    if not any(weights):
        return 0
    return sum(
        divide(part * percent, 100, Rounding.DOWN)
        for percent, part in zip(percents, share(tax, weights), strict=True)
    )


def due_day(billed_on: date, *, closing_day: int, months: int, paying_day: int, when_closed: str) -> date:
    """支払期日 by the supplier's terms: 締め日 of the bill, some months later, off bank holidays as agreed."""
    closed = closing_on(billed_on, closing_day)
    return due_on(closed, months=months, paying_day=paying_day, when_closed=WhenClosed(when_closed))
