"""公開のファイル: pictures and papers of the shop's pages."""

from django.urls import include, path

from akinai.content.media import media

urlpatterns = [
    path("documents/", include("wagtail.documents.urls")),
    path("media/<path:path>", media, name="media"),
]
