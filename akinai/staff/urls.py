"""担当者の画面."""

from django.urls import path

from akinai.staff import views

app_name = "staff"
urlpatterns = [
    path("staff/", views.StaffList.as_view(), name="list"),
    path("staff/add/", views.add, name="add"),
    path("staff/<int:pk>/", views.edit, name="edit"),
    path("staff/<int:pk>/second-factor/reset/", views.reset_second_factor, name="reset_second_factor"),
]
