"""ページの周り: what every page of the tree asks besides itself (who may see it, what stands above it, its picture), by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from wagtail.models import Page, PageViewRestriction

from akinai.core.gathering import gather
from akinai.core.remembering import once

if TYPE_CHECKING:
    from akinai.content.models import Picture, ShopPage

PRIVATE = "content.private_paths"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`above`: the live pages above, from the home page down; `restrictions`: those of the page and of what is above it."""

    above: Sequence[Page]
    restrictions: Sequence[PageViewRestriction]
    pictures: dict[int, Picture]
    pages: dict[int, Page]
    has_alias: bool


def of(page: ShopPage) -> Surroundings:
    """Read once per page that is shown."""
    from akinai.content.models import Picture

    step = Page.steplen
    paths = [page.path[:end] for end in range(step, len(page.path), step)]
    wanted = {page.share_picture_id, getattr(page, "picture_id", None)} - {None}
    asked = Q(path__in=paths) | Q(pk=getattr(page, "button_page_id", None))
    restrictions, closed, pages, pictures = gather(
        PageViewRestriction.objects.order_by("pk"), _restricted(),
        Page.objects.filter(asked).order_by("path"), Picture.objects.filter(pk__in=wanted),
    )  # fmt: skip
    once(PRIVATE, lambda: [one.path for one in closed])
    above = [one for one in pages if one.path in paths]
    line = {page.pk, *(one.pk for one in above)}
    return Surroundings(
        above=[one for one in above if one.depth > 1 and one.live],
        restrictions=[one for one in restrictions if one.page_id in line],
        pictures={one.pk: one for one in pictures},
        pages={one.pk: one for one in pages},
        has_alias=any(one.alias_of_id for one in (page, *above)),
    )


def _restricted() -> QuerySet[Any]:
    return Page.objects.filter(pk__in=PageViewRestriction.objects.order_by().values("page_id"))


def public[Pages: QuerySet[Any]](found: Pages) -> Pages:
    """Of these pages those that everybody may see; Wagtail's own `public()` asks each time."""
    for path in once(PRIVATE, lambda: list(_restricted().values_list("path", flat=True))):
        found = found.exclude(path__startswith=path)
    return found
