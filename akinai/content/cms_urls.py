"""ページの編集 (/cms/): Wagtail's admin without its own users and groups: staff are kept in the office."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.auth import require_admin_access
from wagtail.admin.localization import get_localized_response

OFFICE = RedirectView.as_view(url="/office/")
WORDS = JavaScriptCatalog.as_view(packages=["wagtail.admin", "akinai.content"])


@require_admin_access
def words(request: HttpRequest) -> HttpResponse:
    """The words of the editor's scripts: Wagtail's, and ours where it has none in Japanese."""
    return get_localized_response(WORDS, request)


urlpatterns = [
    path("users/", OFFICE),
    path("users/<path:rest>", RedirectView.as_view(url="/office/")),
    path("groups/", OFFICE),
    path("groups/<path:rest>", RedirectView.as_view(url="/office/")),
    path("jsi18n/", words),
    path("", include("wagtail.admin.urls")),
]
