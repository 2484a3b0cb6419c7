"""公開と準備中 (`Storefront.is_open`): while the shop is closed nobody buys, and only staff look at it.

What a customer has begun before stays open to him: his orders, the way back from a provider's page, my page, the letters of
the law and the contact form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from akinai.content import looks
from akinai.content.context import frame_of

RETRY_SECONDS = 60 * 60
AREAS = ("shop", "surveys", "videos", "reviews", "content_public")
TREE = "wagtail_serve"
BUYING = frozenset({
    "shop:cart", "shop:cart_add", "shop:cart_restore", "shop:cart_coupon", "shop:cart_change", "shop:cart_remove",
    "shop:cart_gift", "shop:cart_plan", "shop:checkout", "shop:checkout_address", "shop:checkout_delivery", "shop:checkout_confirm",
    "shop:my_reorder",
})  # fmt: skip
GOODS = frozenset({"shop:product", "shop:category", "shop:search", "shop:favourite", "shop:restock_ask"})


def is_closed_for(request: HttpRequest, name: str) -> bool:
    """Is the page of this URL name closed to this visitor? Asks nothing for pages that never close."""
    area = name.partition(":")[0] if ":" in name else ""
    buys = name in BUYING
    if not (buys or name in GOODS or name == TREE or (area in AREAS and area != "shop")):
        return False
    if frame_of(request).row.is_open:
        return False
    return buys or not request.user.has_perm(looks.MAY_EDIT)


class OpeningMiddleware:
    """A closed shop answers kindly: 503 with the day to come again in words, instead of goods nobody can have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        return closed_page(request) if match and is_closed_for(request, match.view_name) else None


def closed_page(request: HttpRequest) -> HttpResponse:
    """準備中."""
    answer = render(request, "storefront/closed.html", {"is_closed": True}, status=503)
    answer.headers["Retry-After"] = f"{RETRY_SECONDS}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
