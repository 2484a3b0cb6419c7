"""ウェーブの判断: which cut-offs there are today, and which of them an order leaves with. Pure; every time is the shop's local time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from akinai.shipping.delivery_rules import ONE_DAY, ShopDays

LOOK_AHEAD = 366  # days in which a rule must have an open day, else it never leaves


@dataclass(frozen=True, slots=True)
class WaveTerms:
    """WaveRule as data. Empty `channels`, `carriers`, `temperature` and None take all."""

    rule_id: int
    name: str
    cutoffs: tuple[time, ...]
    since: datetime
    weekdays: frozenset[int] = frozenset(range(7))
    channels: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    temperature: str = ""
    due_days: int | None = None
    location_id: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """出荷待ち: what a wave asks of an order. `ready_at`: since when everything is there."""

    order_id: int
    channel: str
    channel_id: int
    carrier: str
    temperature: str
    location_id: int
    ship_by: date | None
    ready_at: datetime
    pieces: int = 1
    total_yen: int = 0
    pickup_at: time | None = None  # 集荷 of its carrier


@dataclass(frozen=True, slots=True)
class Wave:
    """ウェーブ: one cut-off of one rule on one day, seen `now`."""

    rule_id: int
    name: str
    at: datetime
    now: datetime

    @property
    def title(self) -> str:
        """当日便 15:00."""
        return f"{self.name} {self.at:%H:%M}"

    @property
    def is_past(self) -> bool:
        """Who is ready at the very minute of the cut-off comes too late."""
        return self.at <= self.now

    @property
    def is_today(self) -> bool:
        return self.at.date() == self.now.date()

    @property
    def minutes_left(self) -> int:
        """Whole minutes until the cut-off; negative when it is past."""
        seconds = int((self.at - self.now).total_seconds())
        return seconds // 60 if seconds >= 0 else -(-seconds // 60)


@dataclass(slots=True)
class Load:
    """ウェーブに入った受注. `late`: those whose own cut-off is past."""

    wave: Wave
    orders: list[Waiting] = field(default_factory=list)
    late: int = 0

    @property
    def pieces(self) -> int:
        return sum(order.pieces for order in self.orders)

    @property
    def left_in_words(self) -> str:
        """あと 1 時間 20 分, 締め切りから 35 分."""
        return in_words(self.wave.minutes_left)

    @property
    def moment(self) -> str:
        """The cut-off, as the form sends it back."""
        return self.wave.at.isoformat()

    @property
    def question(self) -> str:
        """What is asked before it is sent off."""
        early = "" if self.wave.is_past or not self.wave.is_today else "締め切り前ですが、"
        return (
            f"{early}「{self.wave.title}」の {len(self.orders):,} 件を出荷指示します。"
            "このあと入る受注は 2 回目のまとまりになります。"
        )


@dataclass(frozen=True, slots=True)
class Missed:
    """締め切りを過ぎた受注, since its cut-off."""

    order: Waiting
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """今日のウェーブ with the orders of each; `missed` of all; `outside`: those that no rule takes."""

    loads: tuple[Load, ...]
    missed: tuple[Missed, ...]
    outside: tuple[Waiting, ...]

    @property
    def next(self) -> Load | None:
        """The one next act: the earliest wave that has orders."""
        return next((one for one in self.loads if one.orders), None)

    def load_of(self, rule_id: int, at: datetime) -> Load | None:
        return next((one for one in self.loads if (one.wave.rule_id, one.wave.at) == (rule_id, at)), None)


def cutoffs_on(terms: WaveTerms, shop: ShopDays, day: date, like: datetime) -> list[datetime]:
    """The cut-offs of one day in order, none when the shop or the rule rests. `like` gives the time zone."""
    if day.weekday() not in terms.weekdays or shop.closed(day):
        return []
    return [datetime.combine(day, at, tzinfo=like.tzinfo) for at in sorted(terms.cutoffs)]


def first_cutoff(terms: WaveTerms, shop: ShopDays, after: datetime) -> datetime | None:
    """The first cut-off later than `after`: today, else on the next day on which this rule leaves. None: never."""
    day = after.date()
    for _ in range(LOOK_AHEAD):
        for at in cutoffs_on(terms, shop, day, after):
            if at > after:
                return at
        day += ONE_DAY
    return None


def todays_waves(rules: Iterable[WaveTerms], shop: ShopDays, now: datetime) -> list[Wave]:
    """Today's cut-offs of all rules, the earliest first; of one minute in the order of the rules."""
    found = [
        Wave(terms.rule_id, terms.name, at, now)
        for terms in rules
        for at in cutoffs_on(terms, shop, now.date(), now)
    ]
    return sorted(found, key=lambda wave: wave.at)


def fits(terms: WaveTerms, order: Waiting, today: date) -> bool:
    """Does this rule take the order today? Without 出荷期限 an order may leave at once."""
    due = (
        terms.due_days is None or order.ship_by is None or order.ship_by <= today + timedelta(terms.due_days)
    )
    return (
        due
        and (not terms.channels or order.channel in terms.channels)
        and (not terms.carriers or order.carrier in terms.carriers)
        and terms.temperature in ("", order.temperature or "normal")
        and terms.location_id in (None, order.location_id)
    )


def cutoff_of(terms: WaveTerms, order: Waiting, shop: ShopDays) -> datetime | None:
    """The cut-off the order has to leave with: the first since it was ready, the rule was said, and it came near its 出荷期限.

    Of the cut-offs of a day those count that its carrier's 集荷 still meets; where none does, all of them: the parcels of such a
    wave leave with the 集荷 of the next day.
    """
    begin = max(order.ready_at, terms.since)
    if terms.due_days is not None and order.ship_by is not None:
        near = datetime.combine(order.ship_by - timedelta(terms.due_days), time(), tzinfo=begin.tzinfo)
        begin = max(begin, near)
    met = tuple(at for at in terms.cutoffs if order.pickup_at is None or at <= order.pickup_at)
    return first_cutoff(replace(terms, cutoffs=met) if met else terms, shop, begin)


type Loads = dict[tuple[int, datetime], Load]


def board(rules: Sequence[WaveTerms], waiting: Iterable[Waiting], shop: ShopDays, now: datetime) -> Board:
    """Each order goes to the first rule it fits and there to its cut-off; what was missed on earlier days goes with the next."""
    loads = _open_loads(rules, shop, now)
    missed: list[Missed] = []
    outside: list[Waiting] = []
    for order in waiting:
        mine = next((terms for terms in rules if fits(terms, order, now.date())), None)
        at = cutoff_of(mine, order, shop) if mine else None
        if mine is None or at is None:
            outside.append(order)
            continue
        load = _load_for(loads, mine, at, now)
        load.orders.append(order)
        if at <= now:
            load.late += 1
            missed.append(Missed(order, at))
    ordered = sorted(loads.values(), key=lambda load: load.wave.at)
    return Board(tuple(ordered), tuple(missed), tuple(outside))


def _open_loads(rules: Sequence[WaveTerms], shop: ShopDays, now: datetime) -> Loads:
    """Today's waves, and of a rule that has none left today the next one, so that what rolls over is seen."""
    loads = {(wave.rule_id, wave.at): Load(wave) for wave in todays_waves(rules, shop, now)}
    for terms in rules:
        if all(wave.is_past for wave in _waves_of(loads, terms)):
            at = first_cutoff(terms, shop, now)
            if at is not None:
                loads[terms.rule_id, at] = Load(Wave(terms.rule_id, terms.name, at, now))
    return loads


def _waves_of(loads: Loads, terms: WaveTerms) -> list[Wave]:
    return [load.wave for load in loads.values() if load.wave.rule_id == terms.rule_id]


def _load_for(loads: Loads, terms: WaveTerms, at: datetime, now: datetime) -> Load:
    """The wave of this cut-off. One of an earlier day is gone: the next of today takes its place, else today's last, else the next."""
    if at.date() < now.date():
        mine = sorted(_waves_of(loads, terms), key=lambda wave: wave.at)
        today = [wave for wave in mine if wave.is_today]
        ahead = [wave for wave in today if not wave.is_past]
        at = next((wave.at for wave in (*ahead, *reversed(today), *mine)), at)
    return loads.setdefault((terms.rule_id, at), Load(Wave(terms.rule_id, terms.name, at, now)))


def in_words(minutes: int) -> str:
    """あと 1 時間 20 分; 締め切りから 35 分."""
    hours, rest = divmod(abs(minutes), 60)
    told = " ".join(
        filter(None, (f"{hours} 時間" if hours else "", f"{rest} 分" if rest or not hours else ""))
    )
    return f"あと {told}" if minutes >= 0 else f"締め切りから {told}"
