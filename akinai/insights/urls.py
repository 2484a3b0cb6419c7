"""分析の画面."""

from django.urls import path

from akinai.insights import views

app_name = "insights"
urlpatterns = [
    path("leaks/", views.leaks, name="leaks"),
    path("leaks/export.csv", views.export, name="export_leaks"),
    path("leaks/<slug:leak>/", views.limit, name="limit"),
]
