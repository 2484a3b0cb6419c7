"""請求の画面."""

from django.urls import path

from akinai.billing.lists import (
    CreditNoteList,
    DocumentList,
    InvoiceList,
    ReceiptList,
    StatementList,
    TermsList,
    ToInvoiceList,
)
from akinai.billing.views import documents, receipts, statements, terms
from akinai.billing.views import papers as views

app_name = "billing"
urlpatterns = [
    path("invoices/", InvoiceList.as_view(), name="list"),
    path("invoices/waiting/", ToInvoiceList.as_view(), name="to_invoice"),
    path("invoices/issue/<str:order_number>/", views.issue, name="issue"),
    path("invoices/credit-notes/", CreditNoteList.as_view(), name="credit_notes"),
    path("invoices/credit-notes/<str:number>/", views.credit_note, name="credit_note"),
    path("invoices/credit-notes/<str:number>/paper.pdf", views.credit_note_pdf, name="credit_note_pdf"),
    path("invoices/credit-notes/<str:number>/send/", views.send_credit_note, name="send_credit_note"),
    path("invoices/terms/", TermsList.as_view(), name="terms"),
    path("invoices/terms/<str:number>/", terms.edit, name="terms_edit"),
    path("invoices/closing/", statements.closing, name="closing"),
    path("invoices/closing/run/", statements.run, name="close"),
    path("invoices/statements/", StatementList.as_view(), name="statements"),
    path("invoices/statements/<str:number>/", statements.detail, name="statement"),
    path("invoices/statements/<str:number>/paper.pdf", statements.pdf, name="statement_pdf"),
    path("invoices/statements/<str:number>/send/", statements.send, name="send_statement"),
    path("invoices/statements/<str:number>/printed/", statements.printed, name="statement_printed"),
    path("invoices/statements/<str:number>/void/", statements.void, name="void_statement"),
    path("invoices/receipts/", ReceiptList.as_view(), name="receipts"),
    path("invoices/receipts/new/<str:order_number>/", receipts.issue, name="issue_receipt"),
    path("invoices/receipts/<str:number>/", receipts.detail, name="receipt"),
    path("invoices/receipts/<str:number>/paper.pdf", receipts.pdf, name="receipt_pdf"),
    path("invoices/receipts/<str:number>/hand/", receipts.hand, name="hand_receipt"),
    path("invoices/receipts/<str:number>/correct/", receipts.correct, name="correct_receipt"),
    path("documents/", DocumentList.as_view(), name="documents"),
    path("documents/keep/", documents.keep, name="keep_document"),
    path("documents/rules/", documents.rules, name="document_rules"),
    path("documents/system/", documents.system, name="document_system"),
    path("documents/<str:number>/", documents.detail, name="document"),
    path("documents/<str:number>/file", documents.file, name="document_file"),
    path("documents/<str:number>/correct/", documents.correct, name="correct_document"),
    path("invoices/<str:number>/", views.detail, name="detail"),
    path("invoices/<str:number>/paper.pdf", views.invoice_pdf, name="pdf"),
    path("invoices/<str:number>/send/", views.send, name="send"),
    path("invoices/<str:number>/printed/", views.printed, name="printed"),
    path("invoices/<str:number>/credit/", views.credit, name="credit"),
    path("invoices/<str:number>/replace/", views.replace, name="replace"),
]
