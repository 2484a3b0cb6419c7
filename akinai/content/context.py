"""What every public page gets (店舗の枠): name, colours, categories. Computed only when a template asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from akinai.catalog import public
from akinai.content import ports
from akinai.content.models import Storefront
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.catalog.models import Category
    from akinai.party.models import Company


class Frame:
    """The frame around one public page."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def row(self) -> Storefront:
        return Storefront.objects.select_related("logo").filter(pk=1).first() or Storefront(pk=1)

    @cached_property
    def company(self) -> Company:
        return party.company()

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
        return self.row.announcement

    @cached_property
    def categories(self) -> list[Category]:
        """Those of the first level, for the menu."""
        return [one for one in public.categories() if one.parent_id is None]

    @cached_property
    def visitor(self) -> ports.Visitor:
        return ports.visitor(self.request)


def storefront(request: HttpRequest) -> dict[str, Any]:
    return {"storefront": Frame(request)}
