"""入金の画面."""

from django.urls import path

from akinai.payments import views

app_name = "payments"
urlpatterns = [
    path("bank/", views.BankLineList.as_view(), name="list"),
    path("bank/run/", views.run, name="run"),
    path("bank/<int:pk>/", views.detail, name="detail"),
    path("bank/<int:pk>/accept/<int:index>/", views.accept, name="accept"),
    path("bank/<int:pk>/manual/", views.manual, name="manual"),
    path("bank/<int:pk>/aside/", views.set_aside, name="set_aside"),
    path("bank/<int:pk>/back/", views.bring_back, name="bring_back"),
    path("matches/<int:pk>/reverse/", views.unmatch, name="unmatch"),
    path("orders/<int:order_id>/payments/", views.receive, name="receive"),
]
