"""Consumption tax (消費税): once per rate per document, in whole yen, by rounding rules that are always named.

Pure. Rates and transitional measures are dated data, because laws change: see `RATES` and `DEDUCTIBLE`.
Sources: 消費税法57条の4, 消費税法施行令70条の10 (端数処理は一の適格請求書につき税率ごとに一回), 国税庁 適格請求書Q&A.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Rounding(StrEnum):
    """端数処理. The issuer chooses one and keeps it; negative amounts are rounded like positive ones."""

    DOWN = "down"  # 切り捨て
    HALF_UP = "half_up"  # 四捨五入
    UP = "up"  # 切り上げ

    @property
    def label(self) -> str:
        return {"down": "切り捨て", "half_up": "四捨五入", "up": "切り上げ"}[self.value]


STANDARD = 10
REDUCED = 8


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A line's amount (税込 or 税抜, the caller of `tax_by_rate` says which) and its rate in percent."""

    amount_yen: int
    rate: int


@dataclass(frozen=True, slots=True)
class RateTotal:
    """税率ごとの合計. `net_yen` 税抜 + `tax_yen` = `gross_yen` 税込."""

    rate: int
    net_yen: int
    tax_yen: int
    gross_yen: int


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """A quotient in whole yen, rounded by magnitude, so that a credit note mirrors its invoice."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    whole, rest = divmod(abs(numerator), abs(denominator))
    if (rounding == Rounding.UP and rest) or (rounding == Rounding.HALF_UP and rest * 2 >= abs(denominator)):
        whole += 1
    return sign * whole


def tax_of(amount_yen: int, rate: int, *, rounding: Rounding, inclusive: bool) -> int:
    """消費税額 of one sum at one rate: 税込 × rate/(100+rate), or 税抜 × rate/100."""
    return divide(amount_yen * rate, 100 + rate if inclusive else 100, rounding)


def tax_by_rate(lines: Iterable[TaxLine], *, rounding: Rounding, inclusive: bool) -> list[RateTotal]:
    """税率ごとに区分した合計と税額, highest rate first. The sum of one rate is rounded once.

    1,234 + 2,345 + 3,456 at 10 % exclusive give 703, never 123 + 234 + 345 = 702.
    """
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.rate] = sums.get(line.rate, 0) + line.amount_yen
    totals = []
    for rate, amount in sorted(sums.items(), reverse=True):
        tax = tax_of(amount, rate, rounding=rounding, inclusive=inclusive)
        net = amount - tax if inclusive else amount
        totals.append(RateTotal(rate, net, tax, net + tax))
    return totals


def share(total: int, weights: Sequence[int]) -> list[int]:
    """按分 by largest remainder: parts that add up to `total` exactly, each within one yen of its exact share.

    Equal remainders go to the earlier line. Weights are not negative; raises ValueError when all are zero (unless
    there is nothing to share).
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        if total:
            raise ValueError("nothing to share by: all weights are zero")
        return [0] * len(weights)
    sign = -1 if total < 0 else 1
    pairs = [divmod(abs(total) * weight, whole) for weight in weights]
    left = abs(total) - sum(part for part, _ in pairs)
    lucky = set(sorted(range(len(pairs)), key=lambda at: (-pairs[at][1], at))[:left])
    return [sign * (part + (at in lucky)) for at, (part, _) in enumerate(pairs)]


@dataclass(frozen=True, slots=True)
class Rates:
    """税率 in force: percent, with the national (国税) and local (地方消費税) parts."""

    since: date
    standard: int
    reduced: int | None
    standard_parts: tuple[Decimal, Decimal]
    reduced_parts: tuple[Decimal, Decimal] | None = None

    @property
    def all(self) -> tuple[int, ...]:
        """Every rate a line may bear on that day, 0 (免税・非課税・不課税) included."""
        return tuple(rate for rate in (self.standard, self.reduced, 0) if rate is not None)


RATES = (
    Rates(date(1989, 4, 1), 3, None, (Decimal("3"), Decimal("0"))),
    Rates(date(1997, 4, 1), 5, None, (Decimal("4"), Decimal("1"))),
    Rates(date(2014, 4, 1), 8, None, (Decimal("6.3"), Decimal("1.7"))),
    Rates(
        date(2019, 10, 1), 10, 8, (Decimal("7.8"), Decimal("2.2")), (Decimal("6.24"), Decimal("1.76"))
    ),
)  # fmt: skip


def rates_on(day: date) -> Rates:
    """The rates in force on a day. Raises ValueError before 1989-04-01, when there was no consumption tax."""
    for rates in reversed(RATES):
        if rates.since <= day:
            return rates
    raise ValueError(f"no consumption tax on {day}")


# 経過措置: which part (percent) of the tax on purchases from unregistered suppliers may be deducted, from a day on.
# 令和8年度税制改正: 70 % from 2026-10 (before the reform it was to be 50 %).
DEDUCTIBLE = (
    (date(1989, 4, 1), 100),
    (date(2023, 10, 1), 80),
    (date(2026, 10, 1), 70),
    (date(2028, 10, 1), 50),
    (date(2030, 10, 1), 30),
    (date(2031, 10, 1), 0),
)
QUALIFIED_SINCE = date(2023, 10, 1)  # 適格請求書等保存方式

# 少額特例: books alone suffice for purchases under this 税込 amount, for small businesses.
SMALL_PURCHASE_YEN = 10_000
SMALL_PURCHASE_FROM = date(2023, 10, 1)
SMALL_PURCHASE_UNTIL = date(2029, 9, 30)

# 適格返還請求書 is not needed for reductions under this 税込 amount (消費税法施行令70条の9).
CREDIT_NOTE_FROM_YEN = 10_000


def deductible_percent(day: date, *, registered: bool) -> int:
    """仕入税額控除の割合 in percent for a purchase on `day` from a registered or unregistered supplier."""
    if registered:
        return 100
    return next((percent for since, percent in reversed(DEDUCTIBLE) if since <= day), 100)


def is_small_purchase(gross_yen: int, day: date) -> bool:
    """少額特例 by amount and day; whether the business is small enough is for the books to know."""
    return gross_yen < SMALL_PURCHASE_YEN and SMALL_PURCHASE_FROM <= day <= SMALL_PURCHASE_UNTIL


def needs_credit_note(reduction_gross_yen: int) -> bool:
    """適格返還請求書が必要か: 税込1万円 or more of returns or discounts."""
    return abs(reduction_gross_yen) >= CREDIT_NOTE_FROM_YEN
