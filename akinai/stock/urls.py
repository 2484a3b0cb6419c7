"""在庫の画面."""

from django.urls import path

from akinai.stock import views

app_name = "stock"
urlpatterns = [
    path("stock/", views.StockList.as_view(), name="list"),
    path("stock/entries/", views.Ledger.as_view(), name="ledger"),
    path("stock/entries/<int:pk>/reverse/", views.reverse_entry, name="reverse"),
    path("stock/<int:sku_id>/", views.card, name="card"),
    path("stock/<int:sku_id>/adjust/", views.adjust, name="adjust"),
]
