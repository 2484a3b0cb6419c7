"""システム管理の画面."""

from django.urls import path

from akinai.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("system/", views.index, name="index"),
    path("system/prove/", views.prove, name="prove"),
]
