"""ホーム (/office/)."""

from django.urls import path

from akinai.home import views

app_name = "home"
urlpatterns = [path("", views.index, name="index")]
