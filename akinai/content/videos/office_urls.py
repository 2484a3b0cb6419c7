"""動画の画面 (/office/content/videos/)."""

from django.urls import path

from akinai.content.videos import office
from akinai.content.videos.lists import SeriesList, VideoList

app_name = "video_office"
urlpatterns = [
    path("", VideoList.as_view(), name="list"),
    path("new/", office.add, name="add"),
    path("series/", SeriesList.as_view(), name="series_list"),
    path("series/new/", office.add_series, name="add_series"),
    path("series/<int:pk>/", office.series, name="series"),
    path("series/<int:pk>/remove/", office.remove_series, name="remove_series"),
    path("<int:pk>/", office.video, name="video"),
    path("<int:pk>/remove/", office.remove, name="remove"),
]
