"""店舗の設定 in the office."""

from django.urls import path

from akinai.content import storefront_views as views

app_name = "storefront"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("preview/", views.preview, name="preview"),
    path("look/", views.look, name="look"),
]
