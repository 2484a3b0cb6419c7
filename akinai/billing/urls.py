"""請求の画面."""

from django.urls import path

from akinai.billing import views
from akinai.billing.lists import CreditNoteList, InvoiceList, ToInvoiceList

app_name = "billing"
urlpatterns = [
    path("invoices/", InvoiceList.as_view(), name="list"),
    path("invoices/waiting/", ToInvoiceList.as_view(), name="to_invoice"),
    path("invoices/issue/<str:order_number>/", views.issue, name="issue"),
    path("invoices/credit-notes/", CreditNoteList.as_view(), name="credit_notes"),
    path("invoices/credit-notes/<str:number>/", views.credit_note, name="credit_note"),
    path("invoices/credit-notes/<str:number>/paper.pdf", views.credit_note_pdf, name="credit_note_pdf"),
    path("invoices/credit-notes/<str:number>/send/", views.send_credit_note, name="send_credit_note"),
    path("invoices/<str:number>/", views.detail, name="detail"),
    path("invoices/<str:number>/paper.pdf", views.invoice_pdf, name="pdf"),
    path("invoices/<str:number>/send/", views.send, name="send"),
    path("invoices/<str:number>/printed/", views.printed, name="printed"),
    path("invoices/<str:number>/credit/", views.credit, name="credit"),
    path("invoices/<str:number>/replace/", views.replace, name="replace"),
]
