"""判定: does this order meet the condition, and what is the reason in the clerk's words? Pure.

A condition is made ready once and then asked of many orders. What an order does not say meets nothing, so a part
about a missing fact is false, and turned round true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from akinai.core.kana import search_key
from akinai.core.money import yen
from akinai.orders.check_rules.conditions import ALL, Condition, Group, Part, parts_of
from akinai.orders.check_rules.facts import OrderFacts
from akinai.orders.check_rules.sentences import CHOICES
from akinai.orders.check_rules.subjects import NUMERIC, SUBJECTS, Kind, Need
from akinai.orders.rules import HoldDraft

type Judge = Callable[[OrderFacts], bool]
_HOLE = re.compile(r"【([^【】]{1,30})】")
LIMIT, WORD = "基準", "語句"
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that is in force: the version that judges, ready to be asked."""

    code: str
    name: str
    condition: Condition
    reason: str = ""
    is_warning: bool = False
    version_id: int | None = None
    judge: Judge = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judge", ready(self.condition))

    def hold(self, facts: OrderFacts) -> HoldDraft | None:
        """What it says about this order."""
        if not self.judge(facts):
            return None
        reason = reason_of(self, facts)[:REASON_LENGTH]
        return HoldDraft(self.code, reason, self.name, self.version_id, self.is_warning)


def holds(checks: Iterable[Check], facts: OrderFacts) -> list[HoldDraft]:
    """Every rule that speaks about this order, in the order of the rules."""
    return [hold for check in checks if (hold := check.hold(facts)) is not None]


def needs(checks: Iterable[Check]) -> dict[Need, int]:
    """What must be looked up for these rules; of NEARBY the most hours back."""
    found: dict[Need, int] = {}
    for check in checks:
        for part in parts_of(check.condition):
            subject = SUBJECTS.get(part.subject)
            if subject and subject.needs:
                found[subject.needs] = max(found.get(subject.needs, 0), part.hours or 0)
    return found


def ready(node: Condition) -> Judge:
    """The condition as a question."""
    if isinstance(node, Group):
        inner = [ready(part) for part in node.parts]
        joined = all if node.join == ALL else any
        return _turned(lambda facts: bool(inner) and joined(judge(facts) for judge in inner), node.is_not)
    subject = SUBJECTS[node.subject]
    compare = _comparison(subject.kind, node)
    read = subject.read

    def judge(facts: OrderFacts) -> bool:
        value = read(facts)
        return compare(value) if value is not None else node.op == "unset"

    return _turned(judge, node.is_not)


def _turned(judge: Judge, is_not: bool) -> Judge:
    return (lambda facts: not judge(facts)) if is_not else judge


def _comparison(kind: Kind, part: Part) -> Callable[[Any], bool]:
    if kind == Kind.WITHIN:
        hours, least = part.hours or 0, part.number or 0
        return lambda ages: sum(age <= hours for age in ages) >= least
    if kind in NUMERIC:
        return _of_number(kind, part)
    if kind == Kind.FLAG:
        wanted = part.op == "yes"
        return lambda value: bool(value) is wanted
    if kind == Kind.CHOICE:
        chosen, inside = frozenset(part.values), part.op == "in"
        return lambda value: (value in chosen) is inside
    return _of_words(part) if kind == Kind.TEXT else _of_goods(part)


def _of_number(kind: Kind, part: Part) -> Callable[[int], bool]:
    low, high = part.number or 0, part.upto or 0
    if part.op in ("set", "unset"):
        return lambda _value: part.op == "set"
    if kind == Kind.HOUR and low > high:  # over midnight
        return lambda value: value >= low or value < high
    if kind == Kind.HOUR:
        return lambda value: low <= value < max(high, low + 1)
    return {
        "ge": lambda value: value >= low, "gt": lambda value: value > low, "le": lambda value: value <= low,
        "lt": lambda value: value < low, "eq": lambda value: value == low, "between": lambda value: low <= value <= high,
    }[part.op]  # fmt: skip


def _of_words(part: Part) -> Callable[[Sequence[str]], bool]:
    if part.op in ("filled", "empty"):
        filled = part.op == "filled"
        return lambda texts: any(text.strip() for text in texts) is filled
    keys = [key for word in part.values if (key := search_key(word))]
    wanted = part.op == "has"
    if not keys:
        return lambda _texts: not wanted
    return lambda texts: any(_found(key, texts) for key in keys) is wanted


def _found(key: str, texts: Sequence[str]) -> bool:
    return any(key in search_key(text) for text in texts if text)


def _of_goods(part: Part) -> Callable[[Sequence[frozenset[str]]], bool]:
    exact = {search_key(value) for value in part.values if not value.endswith("*")}
    starts = tuple(search_key(value[:-1]) for value in part.values if value.endswith("*"))

    def is_one(names: frozenset[str]) -> bool:
        keys = {search_key(name) for name in names}
        return bool(keys & exact) or (bool(starts) and any(key.startswith(starts) for key in keys))

    def compare(lines: Sequence[frozenset[str]]) -> bool:
        met = [is_one(names) for names in lines]
        if part.op == "only":
            return bool(met) and all(met)
        return any(met) is (part.op == "has")

    return compare


# ---- 理由


def holes(template: str) -> list[str]:
    """【…】 of a reason that nothing fills."""
    known = {subject.title for subject in SUBJECTS.values()} | {LIMIT, WORD}
    return [name for name in _HOLE.findall(template) if name not in known]


def reason_of(check: Check, facts: OrderFacts) -> str:
    """The sentence that stands on the order: as staff wrote it, its 【…】 filled; else what was met."""
    if check.reason:
        return _HOLE.sub(lambda hole: _filling(hole[1], check, facts), check.reason)
    told = dict.fromkeys(part.subject for part in parts_of(check.condition))
    shown = [f"{SUBJECTS[name].title} {text}" for name in told if (text := shown_value(name, facts))]
    return f"{check.name}（{'・'.join(shown[:4])}）" if shown else check.name


def _filling(name: str, check: Check, facts: OrderFacts) -> str:
    if name == LIMIT:
        limits = [part for part in parts_of(check.condition) if part.number is not None]
        return amount(SUBJECTS[limits[0].subject].kind, limits[0].number or 0) if limits else ""
    if name == WORD:
        return _word(check.condition, facts)
    code = next((code for code, subject in SUBJECTS.items() if subject.title == name), "")
    return shown_value(code, facts) if code else f"【{name}】"


def _word(condition: Condition, facts: OrderFacts) -> str:
    """The first word that was found."""
    for part in parts_of(condition):
        subject = SUBJECTS[part.subject]
        if subject.kind == Kind.TEXT and part.op == "has":
            texts = subject.read(facts)
            for word in part.values:
                if (key := search_key(word)) and _found(key, texts):
                    return word
    return ""


def amount(kind: Kind, number: int) -> str:
    """¥50,000, 15%, 3."""
    return yen(number) if kind == Kind.YEN else f"{number:,}{'%' if kind == Kind.PERCENT else ''}"


def shown_value(code: str, facts: OrderFacts) -> str:
    """What this order says about the subject, as a reason quotes it; "" where it is nothing to quote."""
    subject = SUBJECTS[code]
    value = subject.read(facts)
    if value is None or subject.kind in (Kind.GOODS, Kind.WITHIN, Kind.FLAG) or code == "words":
        return ""
    if subject.kind == Kind.TEXT:
        text = " ".join(" ".join(part for part in value if part).split())
        return text[: subject.cut]
    if subject.kind == Kind.CHOICE:
        return CHOICES.get(subject.choices, {}).get(value, str(value))
    unit = subject.of if subject.kind not in (Kind.YEN, Kind.PERCENT) else ""
    return f"{amount(subject.kind, value)}{unit}"
