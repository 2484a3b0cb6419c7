"""What may be done in billing (請求の操作): issue, credit, replace, send. Nothing issued is ever edited."""

from __future__ import annotations

from akinai.billing.rules import Charges, Draft, Line, MallTax, draft_invoice
from akinai.billing.services.credit import CreditAsk, credit, credit_rest
from akinai.billing.services.issue import Issued, issue, issue_what_can_be
from akinai.billing.services.replace import replace
from akinai.billing.services.send import mark_printed, send, send_many

__all__ = [
    "Charges",
    "CreditAsk",
    "Draft",
    "Issued",
    "Line",
    "MallTax",
    "credit",
    "credit_rest",
    "draft_invoice",
    "issue",
    "issue_what_can_be",
    "mark_printed",
    "replace",
    "send",
    "send_many",
]
