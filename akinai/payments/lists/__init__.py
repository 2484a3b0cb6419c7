"""入金の一覧."""

from akinai.payments.lists.bank import AccountList, BankLineList, NameList, StatementList
from akinai.payments.lists.cards import TurnChargeList
from akinai.payments.lists.dunning import DueList, DunningActList
from akinai.payments.lists.money import CreditList, PaymentList
from akinai.payments.lists.providers import CallList, WebhookList
from akinai.payments.lists.requests import RequestList
from akinai.payments.lists.settlements import (
    OverduePayoutList,
    PayoutDepositList,
    PayoutTermsList,
    SettlementLineList,
    SettlementList,
)

__all__ = [
    "AccountList",
    "BankLineList",
    "CallList",
    "CreditList",
    "DueList",
    "DunningActList",
    "NameList",
    "OverduePayoutList",
    "PaymentList",
    "PayoutDepositList",
    "PayoutTermsList",
    "RequestList",
    "SettlementLineList",
    "SettlementList",
    "StatementList",
    "TurnChargeList",
    "WebhookList",
]
