"""在庫の画面."""

from django.urls import path

from akinai.stock import views
from akinai.stock.lists import Ledger, StockList

app_name = "stock"
urlpatterns = [
    path("stock/", StockList.as_view(), name="list"),
    path("stock/entries/", Ledger.as_view(), name="ledger"),
    path("stock/entries/<int:pk>/reverse/", views.reverse_entry, name="reverse"),
    path("stock/<int:sku_id>/", views.card, name="card"),
    path("stock/<int:sku_id>/adjust/", views.adjust, name="adjust"),
]
