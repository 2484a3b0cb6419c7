"""Search over everything (全体検索): each room answers for its own papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One find. `badge` is a word such as the state, coloured by `tone`."""

    title: str
    url: str
    subtitle: str = ""
    badge: str = ""
    tone: str = ""


type Finder = Callable[[HttpRequest, str], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    find: Finder
    permission: str | None
    icon: str
    order: int


@dataclass(frozen=True, slots=True)
class Group:
    """The finds of one room; `more` says that there are others."""

    title: str
    icon: str
    hits: list[Hit]
    more: bool


_sources: dict[str, Source] = {}


def register(
    title: str, find: Finder, *, permission: str | None = None, icon: str = "search", order: int = 100
) -> None:
    """Let `find(request, text)` answer for one kind of paper. It should be cheap and return at most a few hits."""
    _sources[title] = Source(title, find, permission, icon, order)


def find(request: HttpRequest, text: str) -> list[Group]:
    """Everything this person may see that answers to `text`. Empty text finds nothing."""
    if not text.strip():
        return []
    groups = []
    for source in sorted(_sources.values(), key=lambda source: source.order):
        if source.permission and not request.user.has_perm(source.permission):
            continue
        hits = list(source.find(request, text.strip()))
        if hits:
            groups.append(Group(source.title, source.icon, hits[:SHOWN], len(hits) > SHOWN))
    return groups
