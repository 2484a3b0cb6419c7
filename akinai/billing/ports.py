"""What billing asks of the rooms above it (請求の窓口): how much of what was billed has come in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from akinai.orders import queries as orders

# customer → the orders billed to him; out: customer → yen received for them, 預り金 included.
Received = Callable[[Mapping[int, Collection[int]]], Mapping[int, int]]


def _by_orders(billed: Mapping[int, Collection[int]]) -> Mapping[int, int]:
    """What the orders themselves say, where no room keeps the money."""
    paid = orders.paid([pk for pks in billed.values() for pk in pks])
    return {customer: sum(paid.get(pk, 0) for pk in pks) for customer, pks in billed.items()}


_received: list[Received] = []


def keep_received(answer: Received) -> None:
    """The room of payments says how money is counted (called from its AppConfig.ready)."""
    _received[:] = [answer]


def received(billed: Mapping[int, Collection[int]]) -> Mapping[int, int]:
    """Yen received, by customer."""
    return (_received[0] if _received else _by_orders)(billed)
