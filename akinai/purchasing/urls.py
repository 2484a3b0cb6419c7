"""仕入の画面."""

from django.urls import path

from akinai.purchasing.lists.items import ItemList
from akinai.purchasing.lists.receipts import ReceiptList
from akinai.purchasing.views import receipts, terms

app_name = "purchasing"
urlpatterns = [
    path("receipts/", ReceiptList.as_view(), name="list"),
    path("receipts/new/", receipts.create, name="create"),
    path("receipts/look/", receipts.look, name="look"),
    path("receipts/scan/", receipts.scan, name="scan"),
    path("receipts/<str:number>/", receipts.detail, name="detail"),
    path("receipts/<str:number>/edit/", receipts.edit, name="edit"),
    path("receipts/<str:number>/post/", receipts.post, name="post"),
    path("receipts/<str:number>/reverse/", receipts.reverse, name="reverse"),
    path("receipts/<str:number>/discard/", receipts.discard, name="discard"),
    path("suppliers/<int:supplier_id>/terms/", terms.terms, name="terms"),
    path("supplier-items/", ItemList.as_view(), name="items"),
    path("supplier-items/new/", terms.item_add, name="item_add"),
    path("supplier-items/<int:pk>/", terms.item, name="item"),
    path("supplier-items/<int:pk>/edit/", terms.item_edit, name="item_edit"),
    path("supplier-items/<int:pk>/end/", terms.item_end, name="item_end"),
]
