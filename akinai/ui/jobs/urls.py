"""Paths of long jobs (/office/jobs/)."""

from django.urls import path

from akinai.ui.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/file/", views.download, name="download"),
    path("<int:pk>/stop/", views.stop, name="stop"),
]
