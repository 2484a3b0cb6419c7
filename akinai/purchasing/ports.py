"""What purchasing asks of rooms above it (仕入のポート): how much was wanted. Filled by orders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from akinai.purchasing.replenish.history import Sale


class Demand(Protocol):
    """需要: what customers asked for."""

    def sales(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Pieces wanted per SKU and day of ordering, both days inclusive, without what was cancelled."""
        ...


class NoDemand:
    """Nobody sells anything yet."""

    def sales(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        return ()


_demand: Demand = NoDemand()


def fill_demand(port: Demand) -> None:
    """Bring a source of demand into use (called from AppConfig.ready of the room that knows it)."""
    global _demand
    _demand = port


def demand() -> Demand:
    return _demand
