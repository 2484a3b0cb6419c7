"""What every public page gets (店舗の枠): name, colours, categories. Computed only when a template asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from akinai.catalog import public
from akinai.content import looks, moments, ports, reading, sharing
from akinai.content.models import Picture, Storefront
from akinai.core.gathering import gather
from akinai.core.remembering import once
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.catalog.models import Category
    from akinai.party.models import Company


class Frame:
    """The frame around one public page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def _rows(self) -> list[list[Any]]:
        """What every page needs, by one statement: the shop's row with its logo, the company, the menu."""
        row = Storefront.objects.filter(pk=1)
        logo = Picture.objects.filter(pk__in=row.values("logo"))
        found = gather(row, logo, party.company_row(), public.categories())
        once("company", lambda: party.company_of(found[2]))
        return found

    @cached_property
    def row(self) -> Storefront:
        kept: Storefront = next(iter(self._rows[0]), None) or Storefront(pk=1)
        kept.logo = next(iter(self._rows[1]), None)
        return looks.previewed(kept, self.request)

    @cached_property
    def company(self) -> Company:
        rows = self._rows[2]
        return once("company", lambda: party.company_of(rows))

    @property
    def name(self) -> str:
        return self.row.name or self.company.shop_name or self.company.name

    @property
    def brand_colour(self) -> str:
        return self.row.brand_colour

    @property
    def accent_colour(self) -> str:
        return self.row.accent_colour

    @property
    def announcement(self) -> str:
        planned = moments.announcement()
        return self.row.announcement if planned is None else planned

    @property
    def dark_brand_colour(self) -> str:
        """The brand's colour, made light enough to be read on the dark ground."""
        return looks.for_dark(self.row.brand_colour)

    @property
    def dark_accent_colour(self) -> str:
        return looks.for_dark(self.row.accent_colour)

    @property
    def tree(self) -> list[Category]:
        """All public categories, in the order of the menu."""
        return self._rows[3]

    @property
    def categories(self) -> list[Category]:
        """Those of the first level, for the menu."""
        return [one for one in self.tree if one.parent_id is None]

    @cached_property
    def reading(self) -> list[reading.Link]:
        """読みもの for the menu and the foot of the page."""
        return reading.links()

    @cached_property
    def share_picture(self) -> str:
        """共有の画像 of the shop, for pages without one."""
        return sharing.of_the_shop()

    @cached_property
    def visitor(self) -> ports.Visitor:
        return ports.visitor(self.request)


def frame_of(request: HttpRequest) -> Frame:
    """The frame of this request's page; the same for the view and the template, so that its rows are read once."""
    made = getattr(request, "storefront", None)
    if made is None:
        made = request.storefront = Frame(request)  # type: ignore[attr-defined]
    return made


def storefront(request: HttpRequest) -> dict[str, Any]:
    return {"storefront": frame_of(request)}
