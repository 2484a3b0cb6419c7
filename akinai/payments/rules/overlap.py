"""重なりの判断: which lines of a statement are new, when files of one account overlap. Pure.

Two lines are the same when account, day, amount, payer and balance are (japan.md 6). A side without a balance (振込入金通知)
fits one with, so the same payment told by two kinds of files is one. Equal lines are counted: the second of two true
equal payments is new as long as fewer have been seen, whichever way round the file is written. The bank's own numbers
(照会番号) are listened to only where the overlap proves that they last; many banks number each file anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from akinai.core.kana import payer_key
from akinai.payments.ports import StatementLine

type Alike = tuple[date, int, str]  # day, amount, payer


@dataclass(frozen=True, slots=True)
class Seen:
    """A line that is already there."""

    on: date
    amount_yen: int
    payer_key: str
    balance_yen: int | None = None
    ref: str = ""

    @property
    def alike(self) -> Alike:
        return self.on, self.amount_yen, self.payer_key


@dataclass(slots=True)
class Overlap:
    """`new`: (place in the statement, the how-manieth of its exact like). `doubtful`: known lines whose number differs."""

    new: list[tuple[int, int]] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)


_key = cache(payer_key)


def seen_of(line: StatementLine) -> Seen:
    """A line of a statement as it would be seen later."""
    return Seen(line.on, line.amount_yen, _key(line.payer)[:100], line.balance_yen, line.bank_ref[:30])


def sort_out(lines: Sequence[StatementLine], seen: Iterable[Seen]) -> Overlap:
    """Which lines are new. `lines` are oldest first."""
    there: Mapping[Alike, list[Seen]] = _grouped(seen)
    mine: dict[Alike, list[tuple[int, Seen]]] = defaultdict(list)
    for at, line in enumerate(lines):
        told = seen_of(line)
        mine[told.alike].append((at, told))
    lasting = _numbers_last(mine, there)
    continued = _continued_days(mine, there)
    found = Overlap()
    for alike, group in mine.items():
        others = list(there.get(alike, ()))
        exact = Counter(one.balance_yen for one in others)
        for at, told in group:
            is_rest = told.balance_yen is None and told.on in continued
            twin = None if is_rest else _twin(told, others, lasting)
            if twin is None:
                exact[told.balance_yen] += 1
                found.new.append((at, exact[told.balance_yen]))
                continue
            others.remove(twin)
            if not lasting and told.ref and twin.ref and told.ref != twin.ref and told.balance_yen is None:
                found.doubtful.append(at)
    found.new.sort()
    return found


def _grouped(seen: Iterable[Seen]) -> Mapping[Alike, list[Seen]]:
    found: dict[Alike, list[Seen]] = defaultdict(list)
    for one in seen:
        found[one.alike].append(one)
    return found


def _twin(told: Seen, others: Sequence[Seen], lasting: bool) -> Seen | None:
    """The line among `others` that this one is. The likest first: same number, same balance, then a missing balance."""
    fitting = [one for one in others if _fits(told, one)]
    if told.ref and (same := [one for one in fitting if one.ref == told.ref]):
        return same[0]
    if lasting and told.ref:  # an equal balance still says more than another number
        fitting = [one for one in fitting if not one.ref or None not in (told.balance_yen, one.balance_yen)]
    fitting.sort(key=lambda one: one.balance_yen != told.balance_yen)
    return fitting[0] if fitting else None


def _fits(one: Seen, other: Seen) -> bool:
    return one.balance_yen == other.balance_yen or one.balance_yen is None or other.balance_yen is None


def _numbers_last(mine: Mapping[Alike, list[tuple[int, Seen]]], there: Mapping[Alike, list[Seen]]) -> bool:
    """Does the bank keep its numbers from file to file? Lines that are alone of their like tell, by majority."""
    pairs = [
        (group[0][1].ref, there[alike][0].ref)
        for alike, group in mine.items()
        if len(group) == 1 and len(there.get(alike, ())) == 1 and _fits(group[0][1], there[alike][0])
    ]
    told = [left == right for left, right in pairs if left and right]
    return sum(told) * 2 > len(told)


def _continued_days(
    mine: Mapping[Alike, list[tuple[int, Seen]]], there: Mapping[Alike, list[Seen]]
) -> frozenset[date]:
    """Days of which this file tells only the rest: lines seen before are missing in it, and no number comes twice.

    So a bank sends 振込入金通知 several times a day, each with what came in since.
    """
    numbers: dict[date, set[str]] = defaultdict(set)
    for group in mine.values():
        for _, told in group:
            numbers[told.on].add(told.ref)
    before: dict[date, set[str]] = defaultdict(set)
    missing: set[date] = set()
    for alike, known in there.items():
        before[alike[0]] |= {one.ref for one in known}
        if alike not in mine and alike[0] in numbers:
            missing.add(alike[0])
    return frozenset(
        day for day in missing if "" not in numbers[day] | before[day] and not numbers[day] & before[day]
    )
