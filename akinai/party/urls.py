"""取引先の画面."""

from django.urls import path

from akinai.party import erasure_views, retention_views, views
from akinai.party.erasure_lists import ErasureList
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
    path("customers/<str:number>/erase/", erasure_views.ask, name="ask_erasure"),
    path("erasures/", ErasureList.as_view(), name="erasures"),
    path("erasures/<str:number>/", erasure_views.erasure, name="erasure"),
    path("erasures/<str:number>/approve/", erasure_views.approve, name="approve_erasure"),
    path("erasures/<str:number>/again/", erasure_views.again, name="again_erasure"),
    path("erasures/<str:number>/refuse/", erasure_views.refuse, name="refuse_erasure"),
    path("erasures/<str:number>/withdraw/", erasure_views.withdraw, name="withdraw_erasure"),
    path("erasures/<str:number>/answer/", erasure_views.answer, name="answer_erasure"),
    path("erasures/<str:number>/answer/mail/", erasure_views.answer_by_mail, name="mail_erasure"),
    path("erasures/<str:number>/answer/paper/", erasure_views.answer_paper, name="erasure_paper"),
    path("retention/", retention_views.timers, name="retention"),
    path("retention/runs/", retention_views.RetentionRunList.as_view(), name="retention_runs"),
    path("openings/", OpeningList.as_view(), name="openings"),
    path("company/", views.company, name="company"),
]
