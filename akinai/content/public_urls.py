"""公開のファイル: pictures and papers of the shop's pages."""

from django.urls import include, path

from akinai.content.effect_views import beacon
from akinai.content.feeds import BlogFeed
from akinai.content.media import media

urlpatterns = [
    path("surveys/", include("akinai.content.surveys.urls")),
    path("videos/", include("akinai.content.videos.urls")),
    path("reviews/", include("akinai.content.reviews.urls")),
    path("b/", beacon, name="beacon"),
    path("feeds/", include(([path("blog/", BlogFeed(), name="blog_feed")], "content_public"))),
    path("documents/", include("wagtail.documents.urls")),
    path("media/<path:path>", media, name="media"),
]
