"""請求の一覧, one file for each kind of paper."""

from akinai.billing.lists.documents import DocumentList
from akinai.billing.lists.papers import CreditNoteList, InvoiceList, ToInvoiceList
from akinai.billing.lists.receipts import ReceiptList
from akinai.billing.lists.statements import StatementList, TermsList

__all__ = [
    "CreditNoteList",
    "DocumentList",
    "InvoiceList",
    "ReceiptList",
    "StatementList",
    "TermsList",
    "ToInvoiceList",
]
