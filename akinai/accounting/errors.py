"""Refusals of the books (会計の拒否)."""

from __future__ import annotations

from akinai.core.errors import DomainError


class MonthNotReady(DomainError):
    """月締めの拒否: something of the month is not done yet."""

    code = "month_not_ready"


class MonthClosed(DomainError):
    """締めた月: it is closed already, or a later one is."""

    code = "closed"


class NotBalanced(DomainError):
    """貸借の不一致: the two sides of a voucher differ."""

    code = "not_balanced"
