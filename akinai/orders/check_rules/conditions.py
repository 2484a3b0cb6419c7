"""条件の木: parts 主語・比べ方・値 joined by かつ / または, each of which may be turned round; and its spelling as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from akinai.orders.check_rules.subjects import (
    MOST,
    MOST_HOURS,
    NUMERIC,
    OPERATORS,
    SUBJECTS,
    WITHOUT_VALUE,
    Kind,
)

MOST_PARTS, DEPTH = 30, 3
MOST_VALUES, VALUE_LENGTH = 100, 120
ALL, ANY = "all", "any"


@dataclass(frozen=True, slots=True)
class Part:
    """One statement. `values` of words, choices and goods; `number` (and `upto`) of amounts; `hours` of 短時間."""

    subject: str
    op: str
    values: tuple[str, ...] = ()
    number: int | None = None
    upto: int | None = None
    hours: int | None = None
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Several statements: all of them, or any."""

    join: str = ALL
    parts: tuple[Part | Group, ...] = ()
    is_not: bool = False


type Condition = Part | Group


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a node: its place ("0.2" is the third of the outermost group), and the sentence."""

    place: str
    message: str


def to_json(node: Condition) -> dict[str, Any]:
    """As it is stored; what is empty is left out."""
    turned = {"not": True} if node.is_not else {}
    if isinstance(node, Group):
        return {"join": node.join, "parts": [to_json(part) for part in node.parts]} | turned
    told = {"values": list(node.values), "number": node.number, "upto": node.upto, "hours": node.hours}
    kept = {name: value for name, value in told.items() if value not in (None, [])}
    return {"subject": node.subject, "op": node.op, **kept, **turned}


def from_json(told: Mapping[str, Any]) -> Condition:
    """The tree of what `to_json` wrote. Raises KeyError or ValueError for anything else."""
    if "subject" in told:
        numbers = (told.get("number"), told.get("upto"), told.get("hours"))
        if any(number is not None and not isinstance(number, int) for number in numbers):
            raise ValueError("a number of a condition is no number")
        values = tuple(str(value) for value in told.get("values", ()))
        return Part(told["subject"], told["op"], values, *numbers, is_not=bool(told.get("not")))
    if told["join"] not in (ALL, ANY):
        raise ValueError("a group joins by all or any")
    return Group(told["join"], tuple(from_json(part) for part in told["parts"]), bool(told.get("not")))


def walk(node: Condition, place: str = "0") -> Iterator[tuple[str, Condition]]:
    """Every node with its place, the outer before the inner."""
    yield place, node
    if isinstance(node, Group):
        for nth, part in enumerate(node.parts):
            yield from walk(part, f"{place}.{nth}")


def parts_of(node: Condition) -> list[Part]:
    return [one for _, one in walk(node) if isinstance(one, Part)]


def problems(node: Condition) -> list[Problem]:
    """Everything that keeps the condition from being judged, in its order."""
    found: list[Problem] = []
    for place, one in walk(node):
        if place.count(".") > DEPTH:
            found.append(Problem(place, "まとまりは 3 段までです。"))
        elif isinstance(one, Part):
            found += [Problem(place, message) for message in _of_part(one)]
        elif not one.parts:
            found.append(Problem(place, "条件を 1 つ以上入れてください。" if place == "0" else "まとまりが空です。条件を入れるか、消してください。"))  # fmt: skip
    if len(parts_of(node)) > MOST_PARTS:
        found.append(Problem("0", f"条件は {MOST_PARTS} 個までです。規則を分けてください。"))
    return found


def _of_part(part: Part) -> Sequence[str]:
    subject = SUBJECTS.get(part.subject)
    if subject is None:
        return ["何を比べるかを選んでください。"]
    if part.op not in OPERATORS[subject.kind]:
        return [f"「{subject.title}」の比べ方を選んでください。"]
    if part.op in WITHOUT_VALUE:
        return []
    if subject.kind in NUMERIC:
        return _of_numbers(part)
    if not part.values:
        return [f"「{subject.title}」の値を 1 つ以上入れてください。"]
    if len(part.values) > MOST_VALUES or any(len(value) > VALUE_LENGTH for value in part.values):
        return [f"「{subject.title}」の値は {MOST_VALUES} 個まで、1 つ {VALUE_LENGTH} 文字までです。"]
    if part.subject == "attribute" and (bad := [value for value in part.values if "=" not in value]):
        return [f"「{bad[0]}」は「属性名=値」の形で書いてください（例: 素材=ガラス）。"]
    return []


def _of_numbers(part: Part) -> Sequence[str]:
    subject = SUBJECTS[part.subject]
    title, most = subject.title, MOST[subject.kind]
    numbers = [part.number, part.upto] if part.op == "between" else [part.number]
    if any(number is None for number in numbers):
        return [f"「{title}」の数を半角または全角の数字で入れてください。"]
    if any(not 0 <= number <= most for number in numbers if number is not None):
        return [f"「{title}」は 0 から {most:,}{subject.of} までです。"]
    if part.op == "between" and subject.kind != Kind.HOUR and numbers[0] > numbers[1]:  # type: ignore[operator]
        return [f"「{title}」の範囲は小さい方から書いてください。"]
    if subject.kind == Kind.WITHIN and not (part.hours and 1 <= part.hours <= MOST_HOURS):
        return [f"「{title}」を数える時間は 1 から {MOST_HOURS} 時間までです。"]
    return []
