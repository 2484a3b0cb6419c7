"""引当可能日: from which day how many pieces can be promised (available to promise)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.stock import ports
from akinai.stock.queries.keeping import kept_pieces
from akinai.stock.queries.levels import Level, balances, levels
from akinai.stock.queries.transfers import on_the_way


@dataclass(frozen=True, slots=True)
class Day:
    """ある日: what comes until then, and how many pieces are free from then on."""

    on: date
    coming: int
    free: int
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """引当可能 over time. The first day is today; `undated` pieces come on a day nobody knows."""

    on_hand: int
    reserved: int
    waiting: int
    moving: int
    days: tuple[Day, ...]
    undated: int = 0
    kept: int = 0  # 取置, within what is reserved
    release_on: date | None = None  # 発売日 that is still to come: nothing is shipped before it

    def first_day(self, pieces: int) -> date | None:
        """From which day so many pieces can be shipped; None while nobody knows."""
        found = next((day.on for day in self.days if day.free >= pieces), None)
        return max(found, self.release_on) if found and self.release_on else found

    def free_on(self, day: date) -> int:
        """Pieces that are free on that day."""
        return max(
            (one for one in self.days if one.on <= day), key=lambda one: one.on, default=self.days[0]
        ).free


def promise(sku_ids: Sequence[int]) -> dict[int, Promise]:
    """Each SKU over all places that sell. What comes goes to those who wait first; what is late is expected today. Of a
    set as many can be promised as its scarcest part allows on that day."""
    asked, today = list(sku_ids), clock.today()
    inside = catalog.parts_of(asked)
    ids = list({*asked, *(part.sku_id for parts in inside.values() for part in parts)})
    have, moving, coming = levels(ids), on_the_way(ids), ports.incoming(ids)
    made = {}
    for pk in ids:
        mine = [one for one in coming if one.sku_id == pk]
        level = have[pk]
        days = _days(level.balance - level.waiting, [one for one in mine if one.on], today)
        undated = sum(one.pieces for one in mine if one.on is None)
        made[pk] = Promise(level.on_hand, level.reserved, level.waiting, moving.get(pk, 0), days, undated)
    made |= {pk: _of_set(have[pk], parts, made, today) for pk, parts in inside.items()}
    terms = catalog.terms_of(asked)
    later = {pk: told.release_on for pk, told in terms.items() if told.is_preorder(today)}
    kept = kept_pieces(asked)
    return {pk: replace(made[pk], kept=kept.get(pk, 0), release_on=later.get(pk)) for pk in asked}


def next_day(sku_ids: Sequence[int]) -> dict[int, date]:
    """The day on which one piece can be promised, of those SKUs of which somebody knows it. Two queries, more where there are sets."""
    ids, today = list(sku_ids), clock.today()
    standing = balances(ids)
    sets = [pk for pk in ids if pk not in standing]
    coming = ports.incoming(list(standing))
    found = {}
    for pk, free in standing.items():
        days = _days(free, [one for one in coming if one.sku_id == pk and one.on], today)
        found[pk] = next((day.on for day in days if day.free), None)
    if sets:
        found |= {pk: told.first_day(1) for pk, told in promise(sets).items()}
    return {pk: day for pk, day in found.items() if day}


def _of_set(level: Level, parts: Sequence[catalog.Part], made: Mapping[int, Promise], today: date) -> Promise:
    """セット: the days on which any part comes; today what stands together at one place."""
    known = sorted({day.on for part in parts for day in made[part.sku_id].days if day.on > today})
    days = [Day(today, 0, level.free)]
    for on in known:
        free = min(made[part.sku_id].free_on(on) // part.quantity for part in parts)
        papers = [
            doc for part in parts for day in made[part.sku_id].days if day.on == on for doc in day.documents
        ]
        days.append(Day(on, max(0, free - days[-1].free), free, tuple(dict.fromkeys(papers))))
    return Promise(level.on_hand, level.reserved, level.waiting, 0, tuple(days))


def _days(free: int, coming: Sequence[ports.Coming], today: date) -> tuple[Day, ...]:
    by_day: dict[date, list[ports.Coming]] = {today: []}
    for one in coming:
        by_day.setdefault(max(one.on or today, today), []).append(one)
    days = []
    for on in sorted(by_day):
        pieces = sum(one.pieces for one in by_day[on])
        free += pieces
        days.append(Day(on, pieces, max(0, free), tuple(one.document for one in by_day[on])))
    return tuple(days)
