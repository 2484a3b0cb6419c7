"""Refusals of the payments room (入金の拒否)."""

from __future__ import annotations

from akinai.core.errors import DomainError


class AlreadyMatched(DomainError):
    """消込済: somebody else used this money."""

    code = "already_matched"


class AmountsDisagree(DomainError):
    """金額が合わない: the parts are not the money."""

    code = "amounts_disagree"


class NotEnoughCredit(DomainError):
    """預り金が足りない: it was used or given back meanwhile."""

    code = "not_enough_credit"
