"""Paths of the shell itself (/office/ui/)."""

from django.urls import path

from akinai.ui import views

app_name = "ui"
urlpatterns = [
    path("palette/", views.palette, name="palette"),
    path("search/", views.search_page, name="search"),
    path("badges/", views.badges, name="badges"),
    path("views/save/", views.save_view, name="save_view"),
    path("views/<int:pk>/delete/", views.delete_view, name="delete_view"),
    path("columns/", views.choose_columns, name="columns"),
    path("trail/leave/", views.leave_trail, name="leave_trail"),
    path("sample/", views.sample, name="sample"),
]
