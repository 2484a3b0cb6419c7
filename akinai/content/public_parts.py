"""店舗のページに差し込む部品: what one room shows on a page of another (reviews below a product, surveys on my page).

    public_parts.register("product_below", reviews_of, order=10)       # in AppConfig.ready
    {% load public_parts %}{% public_parts "product_below" product %}  # in the page

A part is a function (request, thing) → HTML, "" where it has nothing to say. Its links must be URLs of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

log = logging.getLogger("akinai.content")
PLACES = ("product_below", "product_side", "product_head", "mypage", "order_done", "faq_head", "faq_below")
type Part = Callable[[HttpRequest, Any], SafeString | str]
_parts: dict[str, list[tuple[int, Part]]] = {place: [] for place in PLACES}


def register(place: str, part: Part, *, order: int = 100) -> None:
    """Show `part` at `place`. What it is given: the Product, the Member, the Order or the page itself. Raises KeyError for no place."""
    if part not in [known for _order, known in _parts[place]]:
        _parts[place].append((order, part))
        _parts[place].sort(key=lambda row: row[0])


def render(place: str, request: HttpRequest, thing: Any) -> SafeString:
    """Every part of a place. One that fails is left out and logged: a page that sells must not fall with it."""
    return mark_safe("".join(_drawn(part, request, thing) for _order, part in _parts[place]))  # noqa: S308


def _drawn(part: Part, request: HttpRequest, thing: Any) -> str:
    try:
        found = part(request, thing)
    except Exception:
        if settings.DEBUG:
            raise
        log.exception("a part of the page failed")
        return ""
    return found if isinstance(found, SafeString) else ""
