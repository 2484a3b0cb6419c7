"""分納の売上の記帳: each parcel of an order is earned on its own day, as a slip of its own in the ledger of sales.

The ledger is compared with the parcels that have gone: what is missing is written, what came back is answered by its opposite
on that day, and once nothing is left to ship the parcels add up to the order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from akinai.accounting.rules.earning import Row, Sold, earned, lay_costs
from akinai.accounting.rules.parting import Key, Left, Sum, left_of, merged, of_parcel, rest_of
from akinai.accounting.services import facts
from akinai.accounting.services.drafts import draft_of
from akinai.accounting.services.facts import STANDING, Fact
from akinai.core import clock, closing
from akinai.core.tax import Rounding

GONE = "('shipped', 'delivered')"
# A credit note counts while its order is invoiced and gone, and no newer invoice stands in the place of its own.
COUNTS = """
SELECT FROM billing_creditnote n JOIN orders_order p ON p.id = n.order_id WHERE n.number = e.slip
  AND p.state IN ('shipped', 'completed') AND p.invoice_progress <> 'none'
  AND NOT EXISTS (SELECT FROM billing_invoice i WHERE i.replaces_id = n.invoice_id)
"""
NOT_ANSWERED = "NOT EXISTS (SELECT FROM accounting_revenueentry b WHERE b.slip = e.slip || '/U')"
# Orders in parts of which the ledger says something else than the parcels: (order, turn, is it to be taken back whole first).
WAITING = f"""
SELECT o.id, coalesce(r.turn, 0), r.order_id IS NOT NULL AND NOT r.is_taken_back AND EXISTS (
  SELECT FROM accounting_revenueentry e WHERE e.order_id = o.id AND e.turn = r.turn AND e.event = 'ship' AND e.shipment_id IS NULL)
FROM orders_order o LEFT JOIN ({STANDING}) r ON r.order_id = o.id
WHERE o.in_parts AND o.amounts_known AND (%(all)s OR o.id = ANY(%(ids)s)) AND (
  EXISTS (SELECT FROM shipping_shipment s WHERE s.order_id = o.id AND s.state IN {GONE}
    AND NOT EXISTS (SELECT FROM accounting_revenueentry e WHERE e.order_id = o.id AND e.shipment_id = s.id AND e.event = 'ship'))
  OR EXISTS (SELECT FROM accounting_revenueentry e LEFT JOIN shipping_shipment s ON s.id = e.shipment_id
    WHERE e.order_id = o.id AND e.event = 'ship' AND e.turn = r.turn AND NOT r.is_taken_back
      AND (s.id IS NULL OR s.state NOT IN {GONE} AND {NOT_ANSWERED}))
  OR EXISTS (SELECT FROM accounting_revenueentry e WHERE e.order_id = o.id AND e.event = 'credit' AND e.turn = r.turn
    AND NOT r.is_taken_back AND right(e.slip, 2) <> '/U' AND NOT EXISTS ({COUNTS}) AND {NOT_ANSWERED})
  OR o.state IN ('shipped', 'completed') AND r.shipped_yen <> o.total_yen)
ORDER BY o.id
"""
PARCELS = f"""
SELECT s.order_id, s.id, s.number, (s.shipped_at AT TIME ZONE 'Asia/Tokyo')::date,
  EXISTS (SELECT FROM accounting_revenueentry e WHERE e.order_id = s.order_id AND e.shipment_id = s.id AND e.event = 'ship')
FROM shipping_shipment s WHERE s.order_id = ANY(%s) AND s.state IN {GONE} ORDER BY s.shipped_at, s.id
"""
PIECES = """
SELECT l.shipment_id, l.order_line_id, l.quantity FROM shipping_shipmentline l JOIN shipping_shipment s ON s.id = l.shipment_id
WHERE s.order_id = ANY(%s)
"""
COSTS = """
SELECT s.id, v.sku_id, -sum(v.value_yen) FROM shipping_shipment s
JOIN stock_valueentry v ON v.reference = s.number AND v.kind IN ('issue', 'reversal')
WHERE s.order_id = ANY(%s) GROUP BY 1, 2 HAVING sum(v.value_yen) <> 0
"""
# What the parcels have earned so far in the turn that stands.
BOOKED = """
SELECT e.order_id, e.kind, e.rate, e.order_line_id, max(e.sku_id), max(e.category), sum(e.gross_yen), sum(e.tax_yen),
  sum(e.quantity), sum(e.counts)
FROM accounting_revenueentry e JOIN (
  SELECT order_id, max(turn) AS turn FROM accounting_revenueentry WHERE order_id = ANY(%s) GROUP BY 1) t USING (order_id, turn)
WHERE e.shipment_id IS NOT NULL GROUP BY 1, 2, 3, 4
"""
# Slips that no longer hold: of a parcel that came back, of a credit note that no longer counts.
VOID = f"""
SELECT e.order_id, e.slip, e.event, e.turn, e.shipment_id, e.id, e.order_line_id, e.sku_id, e.category, e.kind, e.rate,
  -e.gross_yen, -e.tax_yen, -e.quantity, -e.cost_yen, -e.counts
FROM accounting_revenueentry e LEFT JOIN shipping_shipment s ON s.id = e.shipment_id
WHERE e.order_id = ANY(%s) AND {NOT_ANSWERED} AND right(e.slip, 2) <> '/U' AND (
  e.event = 'ship' AND e.shipment_id IS NOT NULL AND s.state NOT IN {GONE}
  OR e.event = 'credit' AND NOT EXISTS ({COUNTS}) AND NOT EXISTS (
    SELECT FROM accounting_revenueentry u WHERE u.order_id = e.order_id AND u.turn = e.turn AND u.event = 'unship'
      AND u.shipment_id IS NULL))
ORDER BY e.order_id, e.slip, e.line_no
"""
TURNS = """
SELECT o.id, coalesce(max(r.turn), 0) + (coalesce(bool_and(r.is_taken_back), true))::int,
  bool_or(o.state IN ('shipped', 'completed')),
  (SELECT count(DISTINCT slip) FROM accounting_revenueentry e WHERE e.order_id = o.id AND e.slip LIKE o.number || '/A%%')
FROM orders_order o LEFT JOIN ({standing}) r ON r.order_id = o.id WHERE o.id = ANY(%(ids)s) GROUP BY o.id
"""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of the ledger that is to be written."""

    order_id: int
    channel_id: int
    slip: str
    rows: Sequence[Row]
    on: date
    event: str
    turn: int
    counts: int
    shipment_id: int | None


@dataclass(slots=True)
class _Parcel:
    pk: int
    number: str
    on: date
    is_booked: bool


def read(order_ids: Sequence[int], rounding: Rounding) -> Iterator[Slip]:
    """The slips that bring the ledger to what the parcels of these orders say. Eight statements for any number of orders."""
    ids = list(order_ids)
    if not ids:
        return
    known = facts.read(ids)
    void = _void(ids, {fact.order_id: fact.channel_id for fact in known})
    for slips in void.values():
        yield from slips
    parcels: dict[int, list[_Parcel]] = defaultdict(list)
    for order_id, *told in facts.rows(PARCELS, ids):
        parcels[order_id].append(_Parcel(*told))
    pieces: dict[int, dict[int, int]] = defaultdict(dict)
    for shipment_id, line_id, count in facts.rows(PIECES, ids):
        pieces[shipment_id][line_id] = count
    costs: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for shipment_id, sku_id, cost in facts.rows(COSTS, ids):
        costs[shipment_id][sku_id] = cost
    booked, counted = _booked(ids)
    turns = _turns(ids)
    for fact in known:
        _forget(booked[fact.order_id], void[fact.order_id])
        counted[fact.order_id] += sum(slip.counts for slip in void[fact.order_id] if slip.event == "unship")
        left = left_of(earned(draft_of(fact, rounding), fact.sold, {}), booked[fact.order_id])
        yield from _slips(
            fact, left, parcels[fact.order_id], pieces, costs, turns[fact.order_id], counted[fact.order_id]
        )


def _slips(
    fact: Fact,
    left: Left,
    parcels: Sequence[_Parcel],
    pieces: dict[int, dict[int, int]],
    costs: dict[int, dict[int, Decimal]],
    standing: tuple[int, bool, int],
    counted: int,
) -> Iterator[Slip]:
    """New parcels in the order in which they left; after the last one nothing is left, else a correction says the rest."""
    turn, is_gone, corrections = standing
    booked_on = closing.opener()
    fresh = [parcel for parcel in parcels if not parcel.is_booked]
    for parcel in fresh:
        rows = of_parcel(left, pieces[parcel.pk])
        if is_gone and parcel is fresh[-1]:
            rows = merged(rows, rest_of(left))
        rows = rows or [Row("goods", 0, 0)]
        lay_costs([row for row in rows if row.sold and row.quantity], costs[parcel.pk])
        slip, counts, counted = f"{fact.number}/{parcel.number}", 1 - counted, 1
        on = booked_on(parcel.on)
        yield Slip(fact.order_id, fact.channel_id, slip, rows, on, "ship", turn, counts, parcel.pk)
    if is_gone and parcels and not fresh and (rows := rest_of(left)):
        slip = f"{fact.number}/A{corrections + 1}"
        yield Slip(
            fact.order_id, fact.channel_id, slip, rows, clock.today(), "unship", turn, 0, parcels[-1].pk
        )


def _void(ids: list[int], channels: dict[int, int]) -> dict[int, list[Slip]]:
    """The opposites of what no longer holds, by order."""
    found: dict[str, tuple[Any, list[Row]]] = {}
    for (
        order_id,
        slip,
        event,
        turn,
        shipment_id,
        pk,
        line_id,
        sku_id,
        category,
        kind,
        rate,
        *amounts,
    ) in facts.rows(VOID, ids):
        gross, tax, pieces, cost, counts = amounts
        sold = Sold(line_id, sku_id, category, pieces) if line_id else None
        head = (order_id, event, turn, shipment_id, counts)
        found.setdefault(slip, (head, []))[1].append(
            Row(kind, rate, gross, tax, pieces, sold, cost, reverses=pk)
        )
    made: dict[int, list[Slip]] = defaultdict(list)
    for slip, ((order_id, event, turn, shipment_id, counts), rows) in found.items():
        answer = "unship" if event == "ship" else event
        made[order_id].append(
            Slip(
                order_id,
                channels[order_id],
                f"{slip}/U",
                rows,
                clock.today(),
                answer,
                turn,
                counts,
                shipment_id,
            )
        )
    return made


def _booked(ids: list[int]) -> tuple[dict[int, dict[Key, Sum]], dict[int, int]]:
    booked: dict[int, dict[Key, Sum]] = defaultdict(dict)
    counted: dict[int, int] = defaultdict(int)
    for order_id, kind, rate, line_id, sku_id, category, gross, tax, pieces, counts in facts.rows(
        BOOKED, ids
    ):
        sold = Sold(line_id, sku_id, category, int(pieces)) if line_id else None
        booked[order_id][kind, rate, line_id] = Sum(int(gross), int(tax), int(pieces), sold)
        counted[order_id] += int(counts)
    return booked, counted


def _forget(booked: dict[Key, Sum], void: Sequence[Slip]) -> None:
    """What is taken back now is not booked any more."""
    for slip in void:
        if slip.event != "unship":
            continue
        for row in slip.rows:
            one = booked[row.kind, row.rate, row.sold.line_id if row.sold else None]
            one.gross_yen, one.tax_yen, one.quantity = (
                one.gross_yen + row.gross_yen, one.tax_yen + row.tax_yen, one.quantity + row.quantity,
            )  # fmt: skip


def _turns(ids: list[int]) -> dict[int, tuple[int, bool, int]]:
    """受注 → (the turn that its parcels belong to, has everything gone, how many corrections it has)."""
    with connection.cursor() as cursor:
        cursor.execute(TURNS.format(standing=STANDING), {"all": False, "ids": ids})
        return {pk: (turn, is_gone, corrections) for pk, turn, is_gone, corrections in cursor.fetchall()}
