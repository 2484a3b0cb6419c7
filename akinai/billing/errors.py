"""Refusals of billing (請求の拒否)."""

from __future__ import annotations

from akinai.core.errors import DomainError


class NotInvoiceable(DomainError):
    """The order cannot be invoiced as it stands; the message says why."""

    code = "not_invoiceable"


class TooMuchCredit(DomainError):
    """More would be given back than the invoice asked for."""

    code = "too_much_credit"


class MoreThanPaid(DomainError):
    """A receipt would say more than was paid."""

    code = "more_than_paid"


class NotKept(DomainError):
    """A received document cannot be kept or corrected like that."""

    code = "not_kept"
