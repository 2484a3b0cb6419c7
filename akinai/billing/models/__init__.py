"""請求の表: issued papers, the terms they are issued by, monthly statements, receipts, and what others sent us."""

from akinai.billing.models.documents import (
    RECEIVED_KINDS,
    DocumentEntry,
    DocumentKind,
    ReceivedDocument,
    ReceivedVersion,
)
from akinai.billing.models.papers import (
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    IssuedPaper,
    PaperDelivery,
    PaperLine,
    PaperTax,
)
from akinai.billing.models.receipts import ReceiptPaper, ReceiptTax, ReceiptVoid
from akinai.billing.models.statements import (
    BilledItem,
    ClosingRun,
    Statement,
    StatementLine,
    StatementTax,
    StatementVoid,
)
from akinai.billing.models.terms import BillingTerms

__all__ = [
    "RECEIVED_KINDS",
    "BilledItem",
    "BillingTerms",
    "ClosingRun",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteTax",
    "DocumentEntry",
    "DocumentKind",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "IssuedPaper",
    "PaperDelivery",
    "PaperLine",
    "PaperTax",
    "ReceiptPaper",
    "ReceiptTax",
    "ReceiptVoid",
    "ReceivedDocument",
    "ReceivedVersion",
    "Statement",
    "StatementLine",
    "StatementTax",
    "StatementVoid",
]
