"""カテゴリの木 as the public sees it: a category is shown only when all above it are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from akinai.catalog import public

if TYPE_CHECKING:
    from akinai.catalog.models import Category

DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Place:
    """カテゴリの場所: what stands above it (the topmost first), its children, and the ids of it and all below it."""

    category: Category
    above: tuple[Category, ...]
    children: tuple[Category, ...]
    below: tuple[int, ...]


def place_of(category: Category, tree: Sequence[Category]) -> Place | None:
    """In: all public categories. None where something above it is hidden."""
    by_id = {one.pk: one for one in tree}
    above: list[Category] = []
    here = category
    while here.parent_id is not None:
        if here.parent_id not in by_id or len(above) > DEEPEST:
            return None
        here = by_id[here.parent_id]
        above.insert(0, here)
    children = tuple(one for one in tree if one.parent_id == category.pk)
    return Place(category, tuple(above), children, tuple(below(category.pk, tree)))


def below(pk: int, tree: Sequence[Category]) -> list[int]:
    """The ids of a category and of all public ones below it."""
    found = [pk]
    for one in found:
        found.extend(child.pk for child in tree if child.parent_id == one)
    return found


def address(category: Category) -> str:
    return reverse("shop:category", args=[public.category_key(category)])


def crumbs(place: Place) -> list[tuple[str, str]]:
    """(name, address) from the topmost to the category itself."""
    return [(one.name, address(one)) for one in (*place.above, place.category)]
