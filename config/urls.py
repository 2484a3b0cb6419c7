"""The list of rooms."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

OFFICE = [
    "home", "staff", "monitoring", "party", "catalog", "stock", "purchasing", "channels", "orders",
    "shipping", "billing", "payments",
]  # fmt: skip


def healthz(request: HttpRequest) -> HttpResponse:
    """Is the database there? For the supervisor and for monitoring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("", RedirectView.as_view(url="/office/")),
    path("accounts/", include("allauth.urls")),
    path("office/ui/", include("akinai.ui.urls")),
    path("office/intake/", include("akinai.ui.intake.urls")),
    *(path("office/", include(f"akinai.{room}.urls")) for room in OFFICE),
]
