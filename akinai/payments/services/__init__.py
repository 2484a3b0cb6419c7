"""What may be done to money (入金の操作)."""

from akinai.payments.rules import Part, Rest, Shortage
from akinai.payments.services.accounts import save_account
from akinai.payments.services.aside import bring_back, set_aside
from akinai.payments.services.auto import Outcome, match_all
from akinai.payments.services.calls import (
    ask_again,
    ask_capture,
    ask_refund,
    ask_release,
    is_by_door,
    refundable,
    resolve,
    run_call,
    run_due,
)
from akinai.payments.services.cards import (
    CONSENT,
    begin_registering,
    keeps_card,
    learn,
    live_card,
    remove_card,
    tidy_cards,
)
from akinai.payments.services.charging import attempt, charge_due, tell_expiring, try_again
from akinai.payments.services.charging import save_rules as save_card_rules
from akinai.payments.services.credit import keep_as_credit, return_credit, use_credit
from akinai.payments.services.doors import (
    door_for,
    door_of,
    in_use,
    kinds_in_use,
    remember_switches,
    switch_provider,
    switches,
)
from akinai.payments.services.dunning import Outcome as DunningOutcome
from akinai.payments.services.dunning import Planned, act, coming, plan, stop_mails
from akinai.payments.services.dunning import run as run_dunning
from akinai.payments.services.dunning_answers import answer, pause, resume
from akinai.payments.services.dunning_letters import letter, values_of
from akinai.payments.services.following import expire_due, follow_orders, stop
from akinai.payments.services.intake import Counts, take_statement
from akinai.payments.services.ladders import ladder_of, retire_step, save_step, set_ladder, take_usual
from akinai.payments.services.link_addresses import path_of
from akinai.payments.services.links import LINK_DAYS, MALLS, mail_link, open_card_page, open_page, send_link
from akinai.payments.services.match import accept, match, unmatch
from akinai.payments.services.names import forget_name
from akinai.payments.services.other import receive_many, receive_otherwise, refund_order, reverse_payment
from akinai.payments.services.requests import (
    authorise,
    capture,
    close_dispute,
    dispute,
    give_up,
    refund,
    renew,
    request_payment,
)
from akinai.payments.services.results import take_result
from akinai.payments.services.returned import GivenBack, give_back, take_back
from akinai.payments.services.statements import pay_statement
from akinai.payments.services.turn_results import cancel_days
from akinai.payments.services.turn_results import rules as card_rules
from akinai.payments.services.webhooks import (
    NoSuchDoor,
    handle_webhook,
    handle_webhooks,
    receive_webhook,
    retry_webhook,
    settle_webhook,
)

__all__ = [
    "CONSENT",
    "LINK_DAYS",
    "MALLS",
    "Counts",
    "DunningOutcome",
    "GivenBack",
    "NoSuchDoor",
    "Outcome",
    "Part",
    "Planned",
    "Rest",
    "Shortage",
    "accept",
    "act",
    "answer",
    "ask_again",
    "ask_capture",
    "ask_refund",
    "ask_release",
    "attempt",
    "authorise",
    "begin_registering",
    "bring_back",
    "cancel_days",
    "capture",
    "card_rules",
    "charge_due",
    "close_dispute",
    "coming",
    "dispute",
    "door_for",
    "door_of",
    "expire_due",
    "follow_orders",
    "forget_name",
    "give_back",
    "give_up",
    "handle_webhook",
    "handle_webhooks",
    "in_use",
    "is_by_door",
    "keep_as_credit",
    "keeps_card",
    "kinds_in_use",
    "ladder_of",
    "learn",
    "letter",
    "live_card",
    "mail_link",
    "match",
    "match_all",
    "open_card_page",
    "open_page",
    "path_of",
    "pause",
    "pay_statement",
    "plan",
    "receive_many",
    "receive_otherwise",
    "receive_webhook",
    "refund",
    "refund_order",
    "refundable",
    "remember_switches",
    "remove_card",
    "renew",
    "request_payment",
    "resolve",
    "resume",
    "retire_step",
    "retry_webhook",
    "return_credit",
    "reverse_payment",
    "run_call",
    "run_due",
    "run_dunning",
    "save_account",
    "save_card_rules",
    "save_step",
    "send_link",
    "set_aside",
    "set_ladder",
    "settle_webhook",
    "stop",
    "stop_mails",
    "switch_provider",
    "switches",
    "take_back",
    "take_result",
    "take_statement",
    "take_usual",
    "tell_expiring",
    "tidy_cards",
    "try_again",
    "unmatch",
    "use_credit",
    "values_of",
]
