"""条件のまとまり: a tree of conditions as the form shows it, groups of conditions that are joined by かつ or または, and back. Pure.

Any tree can be said in two levels: negations go down to the leaves, and what is deeper is multiplied out. A tree that would
become too wide by it is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

MOST_GROUPS, MOST_CONDITIONS = 6, 8
OTHER = {"all": "any", "any": "all"}
type Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """まとまり: `join` is all or any; a condition is a leaf or {"not": leaf}."""

    join: str
    conditions: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """How the groups are joined, and they."""

    join: str
    groups: tuple[Group, ...]


class TooWide(ValueError):
    """More groups or conditions than the form shows."""


def groups_of(tree: Tree) -> Groups:
    """The tree in two levels. Raises TooWide."""
    if not tree:
        return Groups("all", ())
    found = _two_levels(_pushed(tree))
    if len(found.groups) > MOST_GROUPS or any(len(one.conditions) > MOST_CONDITIONS for one in found.groups):
        raise TooWide
    return found


def tree_of(found: Groups) -> dict[str, Any]:
    """The tree that the form says. One group alone is its own tree; none always holds."""
    parts = [{one.join: [*one.conditions]} for one in found.groups if one.conditions]
    if len(parts) < 2:
        return parts[0] if parts else {}
    return {found.join: parts}


def _is_condition(tree: Tree) -> bool:
    return "q" in tree or ("not" in tree and "q" in tree["not"])


def _pushed(tree: Tree, *, is_not: bool = False) -> Tree:
    """The same with negations at the leaves alone, and no join inside the same join."""
    if "q" in tree:
        return {"not": tree} if is_not else tree
    if "not" in tree:
        return _pushed(tree["not"], is_not=not is_not)
    join = "all" if "all" in tree else "any"
    name = OTHER[join] if is_not else join
    parts: list[Tree] = []
    for one in tree[join]:
        part = _pushed(one, is_not=is_not)
        parts += part.get(name, [part])
    return parts[0] if len(parts) == 1 else {name: parts}


def _two_levels(tree: Tree) -> Groups:
    if _is_condition(tree):
        return Groups("all", (Group("all", (tree,)),))
    join = "all" if "all" in tree else "any"
    parts: Sequence[Tree] = tree[join]
    alone = tuple(one for one in parts if _is_condition(one))
    nested = [one[OTHER[join]] for one in parts if not _is_condition(one)]
    if any(not _is_condition(one) for inner in nested for one in inner):
        return Groups("any", tuple(Group("all", one) for one in _multiplied(tree)))
    own = (Group(join, alone),) if alone else ()
    return Groups(join, (*own, *(Group(OTHER[join], tuple(inner)) for inner in nested)))


def _multiplied(tree: Tree) -> list[tuple[Tree, ...]]:
    """Every way in which the tree can hold, each a set of conditions that must all hold."""
    if _is_condition(tree):
        return [(tree,)]
    if "any" in tree:
        return _few(way for one in tree["any"] for way in _multiplied(one))
    return _few(
        tuple(_each_once(condition for way in ways for condition in way))
        for ways in product(*(_multiplied(one) for one in tree["all"]))
    )


def _few(ways: Iterable[tuple[Tree, ...]]) -> list[tuple[Tree, ...]]:
    found: list[tuple[Tree, ...]] = []
    for way in ways:
        if way not in found:
            found.append(way)
        if len(found) > MOST_GROUPS:
            raise TooWide
    return found


def _each_once(conditions: Iterable[Tree]) -> list[Tree]:
    found: list[Tree] = []
    for one in conditions:
        if one not in found:
            found.append(one)
    return found
