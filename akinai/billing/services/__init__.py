"""What may be done in billing (請求の操作): issue, credit, replace, send. Nothing issued is ever edited."""

from __future__ import annotations

from akinai.billing.rules import Charges, Draft, Line, MallTax, draft_invoice
from akinai.billing.services.closing import Foreseen, close, foresee, make_void
from akinai.billing.services.closing import start as start_closing
from akinai.billing.services.credit import CreditAsk, credit, credit_rest
from akinai.billing.services.documents import Keys, correct_document, keep_document
from akinai.billing.services.issue import Issued, issue, issue_what_can_be
from akinai.billing.services.receipts import correct_receipt, hand_out, issue_receipt
from akinai.billing.services.replace import replace
from akinai.billing.services.send import mark_printed, send, send_many
from akinai.billing.services.terms import agree_terms, save_terms

__all__ = [
    "Charges",
    "CreditAsk",
    "Draft",
    "Foreseen",
    "Issued",
    "Keys",
    "Line",
    "MallTax",
    "agree_terms",
    "close",
    "correct_document",
    "correct_receipt",
    "credit",
    "credit_rest",
    "draft_invoice",
    "foresee",
    "hand_out",
    "issue",
    "issue_receipt",
    "issue_what_can_be",
    "keep_document",
    "make_void",
    "mark_printed",
    "replace",
    "save_terms",
    "send",
    "send_many",
    "start_closing",
]
