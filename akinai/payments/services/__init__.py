"""What may be done to money (入金の操作)."""

from akinai.payments.rules import Part, Rest, Shortage
from akinai.payments.services.accounts import save_account
from akinai.payments.services.aside import bring_back, set_aside
from akinai.payments.services.auto import Outcome, match_all
from akinai.payments.services.credit import keep_as_credit, return_credit, use_credit
from akinai.payments.services.intake import Counts, take_statement
from akinai.payments.services.match import accept, match, unmatch
from akinai.payments.services.names import forget_name
from akinai.payments.services.other import receive_many, receive_otherwise, refund_order, reverse_payment
from akinai.payments.services.statements import pay_statement

__all__ = [
    "Counts",
    "Outcome",
    "Part",
    "Rest",
    "Shortage",
    "accept",
    "bring_back",
    "forget_name",
    "keep_as_credit",
    "match",
    "match_all",
    "pay_statement",
    "receive_many",
    "receive_otherwise",
    "refund_order",
    "return_credit",
    "reverse_payment",
    "save_account",
    "set_aside",
    "take_statement",
    "unmatch",
    "use_credit",
]
