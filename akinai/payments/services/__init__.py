"""What may be done to money (入金の操作)."""

from akinai.payments.rules import Part, Rest, Shortage
from akinai.payments.services.accounts import save_account
from akinai.payments.services.aside import bring_back, set_aside
from akinai.payments.services.auto import Outcome, match_all
from akinai.payments.services.credit import keep_as_credit, return_credit, use_credit
from akinai.payments.services.dunning import Outcome as DunningOutcome
from akinai.payments.services.dunning import Planned, act, coming, plan, stop_mails
from akinai.payments.services.dunning import run as run_dunning
from akinai.payments.services.dunning_answers import answer, pause, resume
from akinai.payments.services.dunning_letters import letter, values_of
from akinai.payments.services.intake import Counts, take_statement
from akinai.payments.services.ladders import ladder_of, retire_step, save_step, set_ladder, take_usual
from akinai.payments.services.match import accept, match, unmatch
from akinai.payments.services.names import forget_name
from akinai.payments.services.other import receive_many, receive_otherwise, refund_order, reverse_payment
from akinai.payments.services.requests import (
    authorise,
    capture,
    close_dispute,
    dispute,
    expire_due,
    give_up,
    refund,
    renew,
    request_payment,
)
from akinai.payments.services.returned import GivenBack, give_back
from akinai.payments.services.statements import pay_statement

__all__ = [
    "Counts",
    "DunningOutcome",
    "GivenBack",
    "Outcome",
    "Part",
    "Planned",
    "Rest",
    "Shortage",
    "accept",
    "act",
    "answer",
    "authorise",
    "bring_back",
    "capture",
    "close_dispute",
    "coming",
    "dispute",
    "expire_due",
    "forget_name",
    "give_back",
    "give_up",
    "keep_as_credit",
    "ladder_of",
    "letter",
    "match",
    "match_all",
    "pause",
    "pay_statement",
    "plan",
    "receive_many",
    "receive_otherwise",
    "refund",
    "refund_order",
    "renew",
    "request_payment",
    "resume",
    "retire_step",
    "return_credit",
    "reverse_payment",
    "run_dunning",
    "save_account",
    "save_step",
    "set_aside",
    "set_ladder",
    "stop_mails",
    "take_statement",
    "take_usual",
    "unmatch",
    "use_credit",
    "values_of",
]
