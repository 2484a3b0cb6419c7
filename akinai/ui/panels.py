"""Panels on other rooms' pages (他の部屋の画面に出す枠): the lower room's page shows them without knowing the upper room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """`template` is drawn with `context`, `request` and `object`. `count` stands beside the title."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100
    icon: str = ""
    count: int | None = None
    side: bool = False
    actions_template: str = ""
    anchor: str = ""


type Maker = Callable[[HttpRequest, Any], Panel | None]
_makers: dict[str, list[Maker]] = defaultdict(list)


def register(page: str, make: Maker) -> None:
    """Offer a panel for `page` (e.g. "orders.detail"). `make(request, obj)` may return None: nothing to show."""
    if make not in _makers[page]:
        _makers[page].append(make)


def panels_of(page: str, request: HttpRequest, obj: Any) -> list[Panel]:
    """The panels of one page in order."""
    made = (make(request, obj) for make in _makers.get(page, ()))
    return sorted((panel for panel in made if panel), key=lambda panel: panel.order)
