"""The list of rooms."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

OFFICE = [
    "home", "staff", "monitoring", "party", "catalog", "stock", "purchasing", "channels", "orders",
    "shipping", "billing", "payments", "accounting", "marketing", "flows", "insights",
]  # fmt: skip


def healthz(request: HttpRequest) -> HttpResponse:
    """Is the database there? For the supervisor and for monitoring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


# allauth's pages for shops' customers. Staff are added, and given new passwords, by the 店長.
NOT_FOR_STAFF = ["signup/", "email/", "confirm-email/", "password/set/", "password/reset/"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    *(path(f"accounts/{page}", RedirectView.as_view(url="/accounts/login/")) for page in NOT_FOR_STAFF),
    path("accounts/", include("allauth.urls")),
    path("receipts/", include("akinai.billing.public_urls")),
    path("pay/demo/", include("akinai.adapters.payment_providers.null.urls")),
    path("pay/", include("akinai.payments.public_urls")),
    path("voice/", include("akinai.support.voice_public_urls")),
    path("webhooks/", include("akinai.payments.webhook_urls")),
    path("office/ui/", include("akinai.ui.urls")),
    path("office/intake/", include("akinai.ui.intake.urls")),
    path("office/mail/", include("akinai.ui.mail.urls")),
    path("office/jobs/", include("akinai.ui.jobs.urls")),
    path("office/exports/", include("akinai.ui.exports.urls")),
    *(path("office/", include(f"akinai.{room}.urls")) for room in OFFICE),
    path("office/support/", include("akinai.support.urls")),
    path("office/shop/", include("akinai.shop.office_urls")),
    path("office/content/surveys/", include("akinai.content.surveys.office_urls")),
    path("office/content/videos/", include("akinai.content.videos.office_urls")),
    path("office/content/reviews/", include("akinai.content.reviews.office_urls")),
    path("office/shop/storefront/", include("akinai.content.storefront_urls")),
    path("office/", include("akinai.content.effect_urls")),
    path("office/content/", include("akinai.content.office_urls")),
    path("cms/", include("akinai.content.cms_urls")),
    path("faq/", include("akinai.support.public_urls")),
    path("", include("akinai.content.public_urls")),
    path("", include("akinai.shop.urls")),
    path("", include("wagtail.urls")),  # the page tree, last: it answers for every address
]

handler404 = "akinai.content.errors.not_found"
handler500 = "akinai.content.errors.failed"
