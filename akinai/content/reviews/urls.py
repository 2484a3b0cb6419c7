"""レビューと質問の公開ページ (/reviews/)."""

from django.urls import path

from akinai.content.reviews import public

app_name = "reviews"
urlpatterns = [
    path("", public.mine, name="mine"),
    path("link/<str:token>/", public.by_link, name="by_link"),
    path("write/<str:number>/", public.write, name="write"),
    path("helpful/<int:pk>/", public.helpful, name="helpful"),
    path("products/<str:key>/", public.of_product, name="of_product"),
    path("ask/<str:key>/", public.ask, name="ask"),
]
