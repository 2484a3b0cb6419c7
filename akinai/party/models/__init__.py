"""Tables of 取引先."""

from akinai.party.models.erasures import ErasurePart, ErasureRequest
from akinai.party.models.parties import (
    AccountKind,
    Company,
    Customer,
    CustomerIdentity,
    CustomerMerge,
    Opening,
    Supplier,
)
from akinai.party.models.retention import RetentionRule, RetentionRun, RetentionSettings

__all__ = [
    "AccountKind",
    "Company",
    "Customer",
    "CustomerIdentity",
    "CustomerMerge",
    "ErasurePart",
    "ErasureRequest",
    "Opening",
    "RetentionRule",
    "RetentionRun",
    "RetentionSettings",
    "Supplier",
]
