"""入金の一覧."""

from akinai.payments.lists.dunning import DueList, DunningActList
from akinai.payments.lists.money import (
    AccountList,
    BankLineList,
    CreditList,
    NameList,
    PaymentList,
    StatementList,
)
from akinai.payments.lists.requests import RequestList

__all__ = [
    "AccountList",
    "BankLineList",
    "CreditList",
    "DueList",
    "DunningActList",
    "NameList",
    "PaymentList",
    "RequestList",
    "StatementList",
]
