"""仕入伝票の画面."""

from django.urls import path

from akinai.purchasing.lists.receipts import ReceiptList
from akinai.purchasing.views import receipts as views

app_name = "purchasing"
urlpatterns = [
    path("receipts/", ReceiptList.as_view(), name="list"),
    path("receipts/new/", views.create, name="create"),
    path("receipts/look/", views.look, name="look"),
    path("receipts/scan/", views.scan, name="scan"),
    path("receipts/<str:number>/", views.detail, name="detail"),
    path("receipts/<str:number>/edit/", views.edit, name="edit"),
    path("receipts/<str:number>/post/", views.post, name="post"),
    path("receipts/<str:number>/reverse/", views.reverse, name="reverse"),
    path("receipts/<str:number>/discard/", views.discard, name="discard"),
]
