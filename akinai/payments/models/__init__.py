"""入金の表."""

from akinai.payments.models.cards import CardRules, KeptCard, TurnCharge
from akinai.payments.models.dunning import (
    Due,
    DunningAct,
    DunningAnswer,
    DunningLadder,
    DunningPause,
    DunningStep,
)
from akinai.payments.models.ledger import (
    BankAccount,
    BankLine,
    BankLineStatus,
    CreditBalance,
    Match,
    PayerAlias,
    Payment,
)
from akinai.payments.models.providers import ProviderCall, ProviderSwitch, WebhookEvent
from akinai.payments.models.requests import PaymentRequest
from akinai.payments.models.settlements import (
    PayoutTerms,
    Settlement,
    SettlementEntry,
    SettlementLine,
    SettlementLineStatus,
    SettlementStatus,
)

__all__ = [
    "BankAccount",
    "BankLine",
    "BankLineStatus",
    "CardRules",
    "CreditBalance",
    "Due",
    "DunningAct",
    "DunningAnswer",
    "DunningLadder",
    "DunningPause",
    "DunningStep",
    "KeptCard",
    "Match",
    "PayerAlias",
    "Payment",
    "PaymentRequest",
    "PayoutTerms",
    "ProviderCall",
    "ProviderSwitch",
    "Settlement",
    "SettlementEntry",
    "SettlementLine",
    "SettlementLineStatus",
    "SettlementStatus",
    "TurnCharge",
    "WebhookEvent",
]
