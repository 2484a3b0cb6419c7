"""Paths of large exports (/office/exports/)."""

from django.urls import path

from akinai.ui.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.ExportList.as_view(), name="list"),
    path("progress/", views.progress, name="progress"),
    path("<int:pk>/download/", views.download, name="download"),
]
