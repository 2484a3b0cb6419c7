"""ページの商品: all live goods of a page in one look, however many blocks show them.

First every block says what it wants, then the catalogue and stock are asked once for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Value
from django.http import HttpRequest

from akinai.catalog import public
from akinai.content import cards, texts
from akinai.content.cards import Card
from akinai.core import clock

DAYS = 28
# A shelf of what is in stock looks at so many times its length before it shows fewer.
SPARE = 4


class Goods:
    """The cards of one page, found by the blocks that asked for them."""

    def __init__(
        self, picked: dict[int, Card], shelves: dict[tuple[Any, ...], list[Card]], known: set[int]
    ) -> None:
        self._picked, self._shelves, self._known = picked, shelves, known

    def knows(self, value: Any) -> bool:
        """Was this block looked at?"""
        return id(value) in self._known

    def picked(self, pairs: Iterable[tuple[int | None, int | None]]) -> list[Card]:
        """Of each (goods, substitute): the goods, or the substitute where the goods are gone and it is not."""
        found: list[Card] = []
        for wanted, instead in pairs:
            card, other = self._picked.get(wanted or 0), self._picked.get(instead or 0)
            usable = other if other is not None and not other.is_sold_out else None
            shown = card if card is not None and (not card.is_sold_out or usable is None) else usable
            if shown is not None and shown not in found:
                found.append(shown)
        return found

    def shelf(self, value: Any) -> list[Card]:
        return self._shelves.get(_asked(value), [])


def of(streams: Sequence[Any], request: HttpRequest | None = None) -> Goods:
    """Everything these streams (or blocks) show."""
    from akinai.content.blocks.goods import QueriedGoodsBlock

    picked: list[int] = []
    shelves: dict[tuple[Any, ...], Any] = {}
    known: set[int] = set()
    for stream in streams:
        for block, value in texts.walk(stream):
            if hasattr(block, "wanted_ids"):
                picked += block.wanted_ids(value)
                known.add(id(value))
            elif isinstance(block, QueriedGoodsBlock):
                shelves[_asked(value)] = value
                known.add(id(value))
    return _read(picked, shelves, known)


def _read(picked: list[int], shelves: dict[tuple[Any, ...], Any], known: set[int]) -> Goods:
    if not picked and not shelves:
        return Goods({}, {}, known)
    ranks = _ranks(shelves.values())
    candidates = _candidates(shelves, ranks)
    wanted = {*picked, *(pk for ids in candidates.values() for pk in ids)}
    by_id = {card.shown.product_id: card for card in cards.by_ids(wanted)}
    found = {
        asked: [card for pk in ids if (card := by_id.get(pk)) is not None and _fits(card, shelves[asked])]
        for asked, ids in candidates.items()
    }
    for asked, value in shelves.items():
        if value["order"] == "cheap":
            found[asked].sort(key=lambda card: (card.shown.price_yen, card.shown.name))
        found[asked] = found[asked][: value["count"] or 8]
    return Goods(by_id, found, known)


def _asked(value: Any) -> tuple[Any, ...]:
    names = ("category", "order", "price_from", "price_to", "in_stock_only", "count")
    return tuple(value.get(name) for name in names)


def _ranks(shelves: Iterable[Any]) -> dict[int, int]:
    """Product → pieces of the last 28 days, where a shelf asks for it."""
    if not any(value["order"] == "best" for value in shelves):
        return {}
    from akinai.orders import queries as orders

    return orders.pieces_sold(since=clock.now() - timedelta(days=DAYS))


def _candidates(
    shelves: dict[tuple[Any, ...], Any], ranks: dict[int, int]
) -> dict[tuple[Any, ...], list[int]]:
    """Ids for each shelf, more than it shows: one statement for all shelves."""
    found: dict[tuple[Any, ...], list[int]] = {asked: [] for asked in shelves}
    if not shelves:
        return found
    places = list(shelves)
    queries = [
        _query(shelves[asked], ranks).annotate(place=Value(nth)).values_list("place", "pk")
        for nth, asked in enumerate(places)
    ]
    queries = [
        query[: (shelves[asked]["count"] or 8) * SPARE] for query, asked in zip(queries, places, strict=True)
    ]
    rows = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    for place, pk in rows:
        found[places[place]].append(pk)
    for asked, value in shelves.items():
        if value["order"] == "best":
            found[asked].sort(key=lambda pk: (-ranks.get(pk, 0), pk))
    return found


def _query(value: Any, ranks: dict[int, int]) -> Any:
    found = public.products()
    if value["category"]:
        found = found.filter(category_id=int(value["category"]))
    if value["price_from"] is not None or value["price_to"] is not None:
        found = public.priced(found, value["price_from"], value["price_to"])
    if value["order"] == "best":
        best = sorted(ranks, key=lambda pk: -ranks[pk])[:200]
        return found.filter(pk__in=best)
    if value["order"] == "cheap":
        return public.cheapest_first(found)
    return found.order_by("-created_at", "-pk")


def _fits(card: Card, value: Any) -> bool:
    low, high = value["price_from"], value["price_to"]
    if (low is not None and card.shown.price_yen < low) or (high is not None and card.shown.price_yen > high):
        return False
    return not (value["in_stock_only"] and card.is_sold_out)
