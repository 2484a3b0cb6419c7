"""お届け予定: from the shop's calendar and the carrier's days to the earliest day, with the reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from akinai.core.business_days import Closed, add_business_days, holiday_name, on_or_before, shop_closed

WEEKDAYS = "月火水木金土日"
ONE_DAY = timedelta(days=1)
UNKNOWN_DAYS = 3  # neither a registered place nor a prefecture to guess by
ISLAND_DAYS = 2  # what a ship or plane to an island adds to the guess
FAR_DAYS = 3
# Where a prefecture lies on the way from north to south: each step is about a night of driving less than half.
_PLACES = {
    0: ("北海道",),
    1: ("青森県", "岩手県", "秋田県"),
    2: ("宮城県", "山形県", "福島県"),
    3: ("茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "山梨県", "新潟県", "長野県"),
    4: ("富山県", "石川県", "福井県", "岐阜県", "静岡県", "愛知県", "三重県"),
    5: ("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県"),
    6: ("鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県"),
    7: ("福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県"),
}  # fmt: skip
_AT = {name: at for at, names in _PLACES.items() for name in names}
_OKINAWA = "沖縄県"


def usual_days(origin: str, to: str, *, is_island: bool = False) -> int:
    """お届け日数の目安 by how far two prefectures lie apart; the shop corrects it where its carrier says otherwise."""
    if origin == to:
        return 1 + (ISLAND_DAYS if is_island and to != _OKINAWA else 0)
    if _OKINAWA in (origin, to):
        return FAR_DAYS
    if origin not in _AT or to not in _AT:
        return UNKNOWN_DAYS
    steps = abs(_AT[origin] - _AT[to])
    days = 1 if steps <= 2 else 2 if steps <= 4 else FAR_DAYS
    return days + (ISLAND_DAYS if is_island else 0)


@dataclass(frozen=True, slots=True)
class ShopDays:
    """出荷の暦: until when an order leaves on the same day, on which days nothing leaves, how long goods are prepared."""

    cutoff: time = time(12)
    weekdays: frozenset[int] = frozenset({5, 6})
    days: frozenset[date] = frozenset()
    on_holidays: bool = True
    prepare_days: int = 0
    closed: Closed = field(init=False, compare=False)

    def __post_init__(self) -> None:
        closed = shop_closed(self.weekdays, self.days, on_holidays=self.on_holidays)
        object.__setattr__(self, "closed", closed)


@dataclass(frozen=True, slots=True)
class DaysRow:
    """お届け日数 as registered: for a prefecture, the beginning of a postal code, or islands."""

    carrier: str
    prefecture: str
    postal_prefix: str
    is_island: bool
    days: int
    has_slots: bool = True
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Transit:
    """お届け日数 to one address. `place`: how it is named in a sentence."""

    place: str
    days: int
    has_slots: bool = True
    is_estimate: bool = False


def transit(
    rows: Iterable[DaysRow], *, carrier: str, prefecture: str, postal_code: str, is_island: bool, origin: str
) -> Transit:
    """The row that fits best: the longest postal code, then islands, then the prefecture, the own carrier before all
    carriers. Where none fits, the guess by distance."""
    fitting = [row for row in rows if _fits(row, carrier, prefecture, postal_code, is_island=is_island)]
    name = f"{prefecture}の離島" if is_island and prefecture != _OKINAWA else prefecture or "お届け先"
    if not fitting:
        return Transit(name, usual_days(origin, prefecture, is_island=is_island), True, True)
    best = max(
        fitting,
        key=lambda row: (len(row.postal_prefix), row.is_island, bool(row.prefecture), bool(row.carrier)),
    )
    return Transit(name, best.days, best.has_slots, best.is_estimate)


def _fits(row: DaysRow, carrier: str, prefecture: str, postal_code: str, *, is_island: bool) -> bool:
    return (
        row.carrier in ("", carrier)
        and row.prefecture in ("", prefecture)
        and postal_code.startswith(row.postal_prefix)
        and (is_island or not row.is_island)
    )


@dataclass(frozen=True, slots=True)
class Earliest:
    """最短: the day of shipping and the day of arrival, and what made them so late."""

    ship_on: date
    arrives_on: date
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pickup:
    """集荷: when the carrier comes for the parcels."""

    carrier: str
    at: time


def earliest(
    at: datetime, shop: ShopDays, way: Transit, *, goods_on: date | None = None, pickup: Pickup | None = None
) -> Earliest:
    """最短のお届け of an order that comes in `at` (the shop's local time). The earlier of cut-off and `pickup` counts."""
    why: list[str] = []
    start = at.date()
    if (late := _too_late(at.time(), shop, pickup)) and not shop.closed(start):
        why.append(f"{late}を過ぎたため、翌営業日の扱いです")
        start += ONE_DAY
    if goods_on and goods_on > start:
        why.append(f"商品がそろうのは {short_day(goods_on)} です")
        start = goods_on
    open_on = _first_open(start, shop, why)
    if shop.prepare_days:
        why.append(f"出荷の準備に {shop.prepare_days} 営業日かかります")
        open_on = add_business_days(open_on, shop.prepare_days, shop.closed)
    if way.days > 1:
        guess = "（距離からの目安）" if way.is_estimate else ""
        why.append(f"{way.place}へは {way.days} 日かかります{guess}")
    return Earliest(open_on, open_on + timedelta(days=way.days), tuple(why))


def _too_late(at: time, shop: ShopDays, pickup: Pickup | None) -> str:
    """What has been missed at this time of the day; "" when nothing."""
    if pickup and pickup.at < shop.cutoff:
        return f"{pickup.carrier}の集荷 {pickup.at:%H:%M} " if at >= pickup.at else ""
    return f"締め時刻 {shop.cutoff:%H:%M} " if at >= shop.cutoff else ""


def _first_open(start: date, shop: ShopDays, why: list[str]) -> date:
    """The first day on which something leaves; what lies between is said."""
    day = start
    for _ in range(366):
        if not shop.closed(day):
            break
        day += ONE_DAY
    else:
        raise ValueError("this calendar has no open day")
    if day > start:
        why.append(_rest(start, day - ONE_DAY))
    return day


def _rest(first: date, last: date) -> str:
    if first == last:
        named = f"（{holiday_name(first)}）" if holiday_name(first) else ""
        return f"{short_day(first)} は定休日{named}です"
    return f"{short_day(first)}〜{short_day(last)} は定休日です"


def ship_by(wish: date, shop: ShopDays, way: Transit) -> date:
    """出荷期限: the last open day on which the parcel must leave to arrive on the wished day."""
    return on_or_before(wish - timedelta(days=way.days), shop.closed)


def missed(wish: date | None, soonest: Earliest) -> str:
    """希望日に間に合わない, in a sentence with the reasons; "" when it can be met."""
    if wish is None or wish >= soonest.arrives_on:
        return ""
    told = f"お届け希望日 {short_day(wish)} に間に合いません。最短は {short_day(soonest.arrives_on)} です"
    return "。".join((told, *soonest.why))


def short_day(day: date) -> str:
    return f"{day.month}/{day.day}({WEEKDAYS[day.weekday()]})"
