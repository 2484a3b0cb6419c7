"""ページの編集 (/cms/): Wagtail's admin without its own users and groups: staff are kept in the office."""

from django.urls import include, path
from django.views.generic import RedirectView

OFFICE = RedirectView.as_view(url="/office/")
urlpatterns = [
    path("users/", OFFICE),
    path("users/<path:rest>", RedirectView.as_view(url="/office/")),
    path("groups/", OFFICE),
    path("groups/<path:rest>", RedirectView.as_view(url="/office/")),
    path("", include("wagtail.admin.urls")),
]
