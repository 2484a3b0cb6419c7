"""Refusals of shipping (出荷の拒否)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akinai.core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Refused:
    """One order or shipment that was not taken along, and why."""

    number: str
    reason: str


class NotShippable(DomainError):
    """Some of what was asked for cannot be done; nothing was written. `refused` names each."""

    code = "not_shippable"

    def __init__(self, message: str, *, refused: Sequence[Refused] = (), way_out: str = "") -> None:
        super().__init__(message, way_out=way_out)
        self.refused = tuple(refused)


class WrongItem(DomainError):
    """検品: the scanned item does not belong into this box, or there are too many of it."""

    code = "wrong_item"


class NoCarrier(DomainError):
    """No carrier account is set up, or the carrier is unknown."""

    code = "no_carrier"
