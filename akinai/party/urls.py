"""取引先の画面."""

from django.urls import path

from akinai.party import views
from akinai.party.opening_lists import OpeningList

app_name = "party"
urlpatterns = [
    path("suppliers/", views.SupplierList.as_view(), name="suppliers"),
    path("suppliers/new/", views.supplier_add, name="supplier_add"),
    path("suppliers/<int:pk>/", views.supplier, name="supplier"),
    path("suppliers/<int:pk>/edit/", views.supplier_edit, name="supplier_edit"),
    path("customers/", views.CustomerList.as_view(), name="customers"),
    path("customers/<str:number>/", views.customer, name="customer"),
    path("customers/<str:number>/edit/", views.customer_edit, name="customer_edit"),
    path("customers/<str:number>/merge/", views.merge, name="merge"),
    path("customers/<str:number>/merge/<int:pk>/undo/", views.take_apart, name="take_apart"),
    path("customers/<str:number>/note/", views.customer_note, name="customer_note"),
    path("customers/<str:number>/disclose/", views.disclose, name="disclose"),
    path("openings/", OpeningList.as_view(), name="openings"),
    path("company/", views.company, name="company"),
]
