"""部門をまたぐ操作の画面."""

from django.urls import path

from akinai.flows import views

app_name = "flows"
urlpatterns = [
    path("returns/<str:number>/settle/", views.settle_return, name="settle_return"),
    path("returns/<str:number>/unsettle/", views.undo_return, name="undo_return"),
]
