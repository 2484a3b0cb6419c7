"""販売費の計算: what selling costs by the rates that hold on the day. Pure.

The row that names the subject wins over the one for all, the one with a 地帯 over the one without, the later over the earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

KINDS = ("channel", "payment", "points", "shipping", "packing")


@dataclass(frozen=True, slots=True)
class Rate:
    """率 1 つ: percent of 税込 sales plus yen per order (shipping and packing: per parcel)."""

    kind: str
    subject: str
    zone: str
    since: date
    percent: Decimal
    yen: int


@dataclass(frozen=True, slots=True)
class Sold:
    """Orders that are alike: same channel, payment, carrier, prefecture, and no rate changed between them."""

    channel: str
    payment: str
    carrier: str
    prefecture: str
    on: date
    orders: int
    parcels: int
    net_yen: int
    gross_yen: int
    cost_yen: Decimal


@dataclass(slots=True)
class Profit:
    """粗利と限界利益 of some orders, 税抜."""

    orders: int = 0
    net_yen: int = 0
    cost_yen: Decimal = Decimal(0)
    spent: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    def add(self, sold: Sold, rates: Sequence[Rate]) -> None:
        self.orders += sold.orders
        self.net_yen += sold.net_yen
        self.cost_yen += sold.cost_yen
        for kind in KINDS:
            self.spent[kind] += spent_on(kind, sold, rates)

    @property
    def cost_whole(self) -> int:
        return round(self.cost_yen)

    @property
    def spent_yen(self) -> int:
        return sum(self.spent.values())

    @property
    def gross_margin_yen(self) -> int:
        """粗利: sales less what the goods had cost."""
        return self.net_yen - self.cost_whole

    @property
    def profit_yen(self) -> int:
        """真の粗利: less what selling them cost, too."""
        return self.gross_margin_yen - self.spent_yen

    @property
    def percent(self) -> float | None:
        return round(self.profit_yen * 100 / self.net_yen, 1) if self.net_yen > 0 else None


def rate_for(kind: str, subject: str, zone: str, on: date, rates: Sequence[Rate]) -> Rate | None:
    """The rate that holds."""
    fitting = [
        rate for rate in rates
        if rate.kind == kind and rate.since <= on and rate.subject in ("", subject) and rate.zone in ("", zone)
    ]  # fmt: skip
    return max(fitting, key=lambda rate: (rate.subject != "", rate.zone != "", rate.since), default=None)


def spent_on(kind: str, sold: Sold, rates: Sequence[Rate]) -> int:
    """販売費 of one kind in whole yen."""
    subject = {"channel": sold.channel, "points": sold.channel, "payment": sold.payment}.get(
        kind, sold.carrier
    )
    rate = rate_for(kind, subject, sold.prefecture if kind == "shipping" else "", sold.on, rates)
    if rate is None:
        return 0
    times = sold.parcels if kind in ("shipping", "packing") else sold.orders
    share = (Decimal(sold.gross_yen) * rate.percent / 100).quantize(Decimal(1), ROUND_HALF_UP)
    return int(share) + rate.yen * times
