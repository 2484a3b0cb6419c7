"""Refusals of parties (取引先の拒否)."""

from __future__ import annotations

from akinai.core.errors import DomainError


class SomebodyElse(DomainError):
    """Another customer is known under these contact data."""

    code = "somebody_else"
