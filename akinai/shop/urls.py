"""店舗の画面. Public; the office's screens of this room are in office_urls."""

from django.urls import path

from akinai.shop import member_urls
from akinai.shop.views import catalogue

app_name = "shop"
urlpatterns = [
    path("products/<str:key>/", catalogue.product, name="product"),
    path("categories/<str:key>/", catalogue.category, name="category"),
    path("search/", catalogue.search, name="search"),
    *member_urls.urlpatterns,
]
