"""規則を組み立てる: what a form of rows says as a tree, the acts that change the tree, and the tree as rows to be drawn. Pure.

Each node has a place ("0" the whole, "0.2" its third part) and its inputs are named by it: `c.0.2.subject`. What was
typed and cannot be read stays as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from akinai.orders.check_rules.conditions import ALL, ANY, DEPTH, Condition, Group, Part, Problem, problems
from akinai.orders.check_rules.sentences import CHOICES, Labels
from akinai.orders.check_rules.subjects import NUMERIC, OPERATORS, SUBJECTS, WITHOUT_VALUE, Kind, Subject

type Sent = Mapping[str, Sequence[str]]
_NAME = re.compile(r"c\.(0(?:\.\d{1,2}){0,5})\.(join|not|subject|was|op|value|upto|hours)")
_ACT = re.compile(r"(add|group|drop|redraw):?(0(?:\.\d{1,2}){0,5})?")
_SPLIT = re.compile(r"[、,\n]")
MOST_NODES = 200
FIRST = Part("total", "ge")


@dataclass(slots=True)
class Composed:
    """The tree as sent; `typed`: what a number's input held, by its name, where it was no number."""

    tree: Group
    typed: dict[str, str] = field(default_factory=dict)

    def problems(self) -> list[Problem]:
        return problems(self.tree)


def read(sent: Sent, labels: Labels | None = None) -> Composed:
    """The tree that the inputs say. Never fails: what makes no sense is left out or told by `problems`."""
    names = {**CHOICES, **(labels or {})}
    nodes: dict[str, dict[str, list[str]]] = {}
    for name, values in sent.items():
        if found := _NAME.fullmatch(name):
            nodes.setdefault(found[1], {})[found[2]] = [value.replace("\0", "") for value in values]
    if len(nodes) > MOST_NODES:
        nodes = dict(list(nodes.items())[:MOST_NODES])
    typed: dict[str, str] = {}
    tree = _node("0", nodes, names, typed)
    return Composed(tree if isinstance(tree, Group) else Group(ALL, (tree,)), typed)


def _node(
    place: str, nodes: Mapping[str, Mapping[str, list[str]]], names: Labels, typed: dict[str, str]
) -> Condition:
    told = nodes.get(place, {})
    is_not = bool(told.get("not"))
    if "subject" in told:
        return replace(_part(place, told, names, typed), is_not=is_not)
    join = ANY if (told.get("join") or [ALL])[0] == ANY else ALL
    inner = sorted((other for other in nodes if other.rpartition(".")[0] == place), key=lambda one: int(one.rpartition(".")[2]))  # fmt: skip
    return Group(join, tuple(_node(one, nodes, names, typed) for one in inner), is_not)


def _part(place: str, told: Mapping[str, list[str]], names: Labels, typed: dict[str, str]) -> Part:
    code = told["subject"][0]
    subject = SUBJECTS.get(code)
    if subject is None:
        return Part(code[:30], "")
    operators = OPERATORS[subject.kind]
    op = (told.get("op") or [""])[0]
    if op not in operators:
        op = next(iter(operators))
    if (told.get("was") or [code])[0] != code:
        return Part(code, op)
    if subject.kind in NUMERIC:
        numbers = {
            name: _number(place, name, told, typed) if name in ("value", "hours") or op == "between" else None
            for name in ("value", "upto", "hours")
        }
        hours = numbers["hours"] if subject.kind == Kind.WITHIN else None
        return Part(code, op, (), numbers["value"], numbers["upto"], hours)
    return Part(code, op, _values(subject, told.get("value", []), names))


def _number(place: str, name: str, told: Mapping[str, list[str]], typed: dict[str, str]) -> int | None:
    text = (told.get(name) or [""])[0].strip()
    plain = re.sub(r"[¥\\円,\s%]", "", unicodedata.normalize("NFKC", text))
    if plain.isascii() and plain.isdigit() and len(plain) <= 12:
        return int(plain)
    typed[f"{place}.{name}"] = text[:30]
    return None


def _values(subject: Subject, sent: Sequence[str], names: Labels) -> tuple[str, ...]:
    if subject.choices:
        known = names.get(subject.choices, {})
        return tuple(value for value in dict.fromkeys(sent) if value in known)
    words = (word.strip() for text in sent for word in _SPLIT.split(text))
    return tuple(dict.fromkeys(word for word in words if word))


def changed(tree: Group, act: str) -> tuple[Group, str]:
    """The tree after an act of the form: `add:0` a row, `group:0` a まとまり, `drop:0.2`. Out: the tree, and the place to type on."""
    found = _ACT.fullmatch(act)
    if not found or found[1] == "redraw" or not found[2]:
        return tree, ""
    verb, place = found[1], found[2]
    steps = [int(step) for step in place.split(".")[1:]]
    if verb == "drop":
        return (_without(tree, steps), "") if steps else (tree, "")
    new: Condition = FIRST if verb == "add" else Group(ANY if tree.join == ALL else ALL, (FIRST, FIRST))
    if verb == "group" and len(steps) >= DEPTH - 1:
        return tree, ""
    after, nth = _with(tree, steps, new)
    return after, f"{place}.{nth}" if verb == "add" else f"{place}.{nth}.0"


def _with(tree: Group, steps: Sequence[int], new: Condition) -> tuple[Group, int]:
    if not steps:
        return replace(tree, parts=(*tree.parts, new)), len(tree.parts)
    nth = steps[0]
    if nth >= len(tree.parts) or not isinstance(inner := tree.parts[nth], Group):
        return tree, 0
    grown, at = _with(inner, steps[1:], new)
    return replace(tree, parts=(*tree.parts[:nth], grown, *tree.parts[nth + 1 :])), at


def _without(tree: Group, steps: Sequence[int]) -> Group:
    """Without that part; a まとまり that lost its last part goes with it."""
    nth = steps[0]
    if nth >= len(tree.parts):
        return tree
    rest = (*tree.parts[:nth], *tree.parts[nth + 1 :])
    inner = tree.parts[nth]
    if len(steps) == 1 or not isinstance(inner, Group):
        return replace(tree, parts=rest)
    left = _without(inner, steps[1:])
    return replace(tree, parts=(*tree.parts[:nth], left, *tree.parts[nth + 1 :]) if left.parts else rest)


# ---- the tree as rows


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to tick or to pick."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A node as it is drawn. `rows`: what is inside a まとまり."""

    place: str
    is_group: bool
    is_not: bool
    errors: tuple[str, ...] = ()
    join: str = ALL
    rows: tuple[Row, ...] = ()
    may_group: bool = False
    subject: str = ""
    title: str = ""
    operators: tuple[Choice, ...] = ()
    kind: str = ""
    unit: str = ""
    hint: str = ""
    value: str = ""
    upto: str = ""
    hours: str = ""
    has_value: bool = False
    is_between: bool = False
    choices: tuple[Choice, ...] = ()
    chosen: str = ""
    has_focus: bool = False

    @property
    def is_whole(self) -> bool:
        return self.place == "0"

    @property
    def id(self) -> str:
        """As part of an element's id."""
        return self.place.replace(".", "-")


def drawn(
    composed: Composed,
    labels: Labels | None = None,
    *,
    told: Sequence[Problem] = (),
    focus: str = "",
) -> Row:
    """The rows of the form, with these problems beside them."""
    names = {**CHOICES, **(labels or {})}
    return _row(composed.tree, "0", composed.typed, names, told, focus)


def _row(
    node: Condition, place: str, typed: Mapping[str, str], names: Labels, told: Sequence[Problem], focus: str
) -> Row:
    errors = tuple(one.message for one in told if one.place == place)
    if isinstance(node, Group):
        rows = tuple(
            _row(part, f"{place}.{nth}", typed, names, told, focus) for nth, part in enumerate(node.parts)
        )
        return Row(place, True, node.is_not, errors, node.join, rows, place.count(".") < DEPTH - 1)
    subject = SUBJECTS.get(node.subject)
    if subject is None:
        return Row(place, False, node.is_not, errors, has_focus=place == focus)
    choices = _choices(subject, node, names)
    numeric = subject.kind in NUMERIC
    return Row(
        place, False, node.is_not, errors, subject=node.subject, title=subject.title,
        operators=tuple(Choice(op, word, op == node.op) for op, word in OPERATORS[subject.kind].items()),
        kind="number" if numeric else "choices" if subject.choices else str(subject.kind), unit=subject.of, hint=subject.hint,
        value=_shown(node.number, typed.get(f"{place}.value", "")) if numeric else "、".join(node.values),
        upto=_shown(node.upto, typed.get(f"{place}.upto", "")),
        hours=_shown(node.hours, typed.get(f"{place}.hours", "")) if subject.kind == Kind.WITHIN else "",
        has_value=node.op not in WITHOUT_VALUE, is_between=node.op == "between", choices=choices,
        chosen="・".join(one.title for one in choices if one.is_chosen), has_focus=place == focus,
    )  # fmt: skip


def _shown(number: int | None, typed: str) -> str:
    return typed if number is None else f"{number:,}"


def _choices(subject: Subject, part: Part, names: Labels) -> tuple[Choice, ...]:
    if not subject.choices:
        return ()
    return tuple(Choice(v, title, v in part.values) for v, title in names.get(subject.choices, {}).items())


def subject_groups() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """主語 for the picker, group by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, subject in SUBJECTS.items():
        groups.setdefault(subject.group, []).append((code, subject.title))
    yield from groups.items()
