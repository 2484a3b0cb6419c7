"""The life of an order for tests of the books: placed, shipped, invoiced, given back, with real goods that cost something."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from akinai.accounting.models import Account, JournalEntry, JournalLine, RevenueEntry
from akinai.billing import services as billing
from akinai.billing.models import Invoice
from akinai.core import events, proofs
from akinai.orders.models import Order
from akinai.shipping import services as shipping
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from tests import cast

DAY = date(2026, 11, 24)


def goods(code: str, *, pieces: int = 100, cost: str = "600", rate: int = 8) -> int:
    """A SKU with pieces on the shelf that cost so much each."""
    pk = cast.sku(code, rate=rate)
    place = stock.default_location_id()
    stock_services.post(
        [stock_services.Movement(pk, place, "receipt", pieces, "GR-TEST", f"gr:{code}", Decimal(cost))],
        by=None,
    )
    return pk


def order(no: str, *wanted: tuple[str, int, int], channel: str = "rakuten", **changes: Any) -> Order:
    """Each of another customer, so that nothing is held as a repeat."""
    who = cast.somebody(no)
    return cast.place(cast.draft(no, *wanted, **{"buyer": who, "ship_to": who, **changes}), channel=channel)


def ship(*orders: Order, on: date | None = None) -> list[int]:
    """Out: the shipments, gone."""
    batch = shipping.instruct([one.pk for one in orders], ship_on=on or DAY, by=None)
    ids = list(batch.shipments.values_list("pk", flat=True))
    shipping.ship(ids, by=None, shipped_on=on)
    drain()
    return ids


def invoice(made: Order) -> Invoice:
    (paper,) = billing.issue([made.pk], by=None)
    drain()
    return paper


def drain() -> None:
    while events.drain():
        pass


def ledger(made: Order) -> int:
    """What the ledger of sales says the order has earned, 税込."""
    return sum(RevenueEntry.objects.filter(order=made).values_list("gross_yen", flat=True))


def balance(role: str) -> int:
    """The balance of an account, debit positive."""
    lines = JournalLine.objects.filter(account__role=role).values_list("side", "yen")
    return sum(yen if side == "debit" else -yen for side, yen in lines)


def entry(key: str) -> list[tuple[str, str, int]]:
    """(side, account, yen) of one entry."""
    lines = JournalLine.objects.filter(entry__key=key).select_related("account").order_by("line_no")
    return [(line.side, line.account.role, line.yen) for line in lines]


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all() if finding.broken}


__all__ = ["DAY", "Account", "JournalEntry"]
