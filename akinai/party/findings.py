"""担当者の書いたもの: saved views and notes where the person may be named. Shown to whoever approves, who decides what goes.

A family name is many people's, so nothing here goes by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from akinai.core.kana import search_key
from akinai.party.models import Customer
from akinai.party.ports import FINDERS, Erasee, Finding
from akinai.ui.models import SavedView

ROOM = "outbox"  # the room whose turn it is when these go
MOST = 200
SHORTEST_PART = 2


@dataclass(frozen=True, slots=True)
class Found:
    """Of one kind what was found."""

    title: str
    rows: Sequence[Finding]


def found(erasee: Erasee) -> list[Found]:
    """What names the person, kind by kind; the sure ones first. A few questions."""
    parts = parts_of(erasee)
    made = []
    for finder in FINDERS.values():
        rows = sorted(finder.find(erasee.words, parts), key=lambda one: (not one.is_sure, one.key))[:MOST]
        if rows:
            made.append(Found(finder.title, rows))
    return made


def parts_of(erasee: Erasee) -> list[str]:
    """Family and given name, each for itself: colleagues write 「青木様」."""
    names = Customer.objects.filter(pk__in=erasee.customer_ids).values_list("name", "company")
    parts = {part for row in names for name in row for part in name.split()}
    return sorted(part for part in parts if len(part) >= SHORTEST_PART)


def take(keys: Iterable[str]) -> list[tuple[str, int]]:
    """Erase what was chosen. Out: (title, how many) of each kind."""
    chosen: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        code, _, pk = key.partition(":")
        if code in FINDERS and pk.isdecimal() and len(pk) < 18:
            chosen[code].append(int(pk))
    return [(FINDERS[code].title, FINDERS[code].take(pks)) for code, pks in chosen.items()]


def stands_in(text: str, words: Sequence[str]) -> bool:
    """Is one of these words in the text, whatever its kana, width and case?"""
    key = search_key(text)
    return any(search_key(word) in key for word in words)


class SavedViews:
    """一覧の保存した条件: what a colleague looked for, under a name of his own."""

    code = "views"
    title = "一覧の保存した条件"

    def find(self, words: Sequence[str], parts: Sequence[str]) -> Sequence[Finding]:
        made = []
        for row in SavedView.objects.exclude(name="", query="").select_related("owner").order_by("pk"):
            told = "、".join(value for _, value in parse_qsl(row.query))
            text = f"{row.name}（{told}）" if told else row.name
            is_sure = stands_in(text, words)
            if is_sure or stands_in(text, parts):
                made.append(Finding(f"{self.code}:{row.pk}", text, str(row.owner), is_sure=is_sure))
        return made

    def take(self, keys: Sequence[int]) -> int:
        return SavedView.objects.filter(pk__in=keys).delete()[0]
