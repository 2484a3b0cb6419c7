"""動画チャンネルの公開ページ (/videos/)."""

from django.urls import path

from akinai.content.videos import public

app_name = "videos"
urlpatterns = [
    path("", public.index, name="index"),
    path("series/<slug:slug>/", public.series, name="series"),
    path("<slug:slug>/", public.video, name="video"),
    path("<slug:slug>/film", public.file, name="file"),
    path("<slug:slug>/captions.vtt", public.captions, name="captions"),
    path("<slug:slug>/played/", public.played, name="played"),
]
