"""お届け日の選び方: only days and times of day that can be kept, asked of the delivery engine of orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from akinai.orders import outlook
from akinai.orders.delivery_ports import delivery_times
from akinai.orders.states import DELIVERY_SLOTS
from akinai.shop.reckoning import Wish, ask_of
from akinai.ui.formats import jdate

DAYS_OFFERED = 21
# 前払い: the goods leave when the money is there, and nobody knows when that is.
DAYS_FOR_MONEY = 3


@dataclass(frozen=True, slots=True)
class Choices:
    """選べるお届け. `earliest` None: nobody can say (取り寄せ), and no day can be chosen."""

    earliest: date | None = None
    why: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    slots: Mapping[str, str] | None = None
    is_estimate: bool = False

    @property
    def day_choices(self) -> list[tuple[str, str]]:
        return [("", "指定なし（最短でお届け）"), *((day.isoformat(), jdate(day)) for day in self.days)]

    @property
    def slot_choices(self) -> list[tuple[str, str]]:
        return [("", "指定なし"), *(self.slots or {}).items()]

    def first_prepaid(self) -> date | None:
        """The first day that can be wished for when the goods wait for the money."""
        return self.earliest + timedelta(days=DAYS_FOR_MONEY) if self.earliest else None


def choices(wish: Wish, wanted: Mapping[int, int], *, now: datetime, is_at_hand: bool = False) -> Choices:
    """What may be chosen for these goods (SKU → pieces; `is_at_hand`: all of them can leave today) at this address."""
    plain = replace(ask_of(wish, now), wish=None, slot="")
    told = outlook.of_goods(plain, wanted, is_at_hand=is_at_hand).promise
    if told is None:
        return Choices()
    days = [told.arrives_on + timedelta(days=n) for n in range(DAYS_OFFERED)]
    answers = delivery_times([replace(plain, wish=day) for day in days])
    kept = tuple(day for day, answer in zip(days, answers, strict=True) if answer and not answer.misses)
    slots = {code: DELIVERY_SLOTS[code] for code in told.slots if code in DELIVERY_SLOTS}
    return Choices(told.arrives_on, told.why, kept, slots, told.is_estimate)
