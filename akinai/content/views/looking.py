"""下見: a page as it will be at a moment, on a device, to a kind of customer."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.csp import CSP
from wagtail.models import Page

from akinai.content import moments
from akinai.content import page_queries as queries
from akinai.content.forms import LookForm
from akinai.core import clock
from akinai.ui.access import office

KEPT_BY_NOBODY = {
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}
FRAMED = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}


@office("wagtailadmin.access_admin")
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The frame around the page, and what to look at it by."""
    page = get_object_or_404(Page, pk=pk, depth__gt=1)
    told = {
        "at": request.GET.get("at") or "",
        "segment": request.GET.get("segment", ""),
        "width": request.GET.get("width") or "wide",
    }
    form = LookForm(told)
    valid = form.is_valid()
    query = urlencode({name: told[name] for name in ("at", "segment") if told[name]}) if valid else ""
    context = {"form": form, "page": page, "query": query, "width": told["width"] if valid else "wide"}
    return render(request, "content/office/look.html", context)


@office("wagtailadmin.access_admin")
def shown(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The page itself, drawn inside that moment. Nothing is written and nothing is kept by browsers."""
    page = get_object_or_404(Page, pk=pk, depth__gt=1)
    form = LookForm(request.GET)
    at = (form.cleaned_data["at"] if form.is_valid() else None) or clock.now()
    segment = form.cleaned_data.get("segment", "") if form.is_valid() else ""
    moment, drawn = queries.moment_of(page, at, segment)
    request.is_preview = True  # type: ignore[attr-defined]
    with moments.looked_at(moment):
        response = drawn.serve(request)
        if hasattr(response, "render"):
            response.render()
    response._csp_config = FRAMED  # type: ignore[attr-defined]
    for name, value in KEPT_BY_NOBODY.items():
        response.headers[name] = value
    return response
