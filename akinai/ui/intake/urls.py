"""Paths of the intake (/office/intake/)."""

from django.urls import path

from akinai.ui.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.IntakeList.as_view(), name="list"),
    path("new/", views.new, name="new"),
    path("new/<slug:code>/", views.upload, name="upload"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/mapping/", views.mapping, name="mapping"),
    path("<int:pk>/errors/", views.errors, name="errors"),
    path("<int:pk>/original/<int:at>/", views.original, name="original"),
]
