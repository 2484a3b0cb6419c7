"""What may be done to money (入金の操作)."""

from akinai.payments.services.aside import bring_back, set_aside
from akinai.payments.services.auto import Outcome, match_all
from akinai.payments.services.intake import Counts, take_statement
from akinai.payments.services.match import Part, accept, match, unmatch
from akinai.payments.services.other import receive_otherwise, reverse_payment

__all__ = [
    "Counts",
    "Outcome",
    "Part",
    "accept",
    "bring_back",
    "match",
    "match_all",
    "receive_otherwise",
    "reverse_payment",
    "set_aside",
    "take_statement",
    "unmatch",
]
