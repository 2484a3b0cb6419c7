"""売上の記帳: the ledger of sales follows what has left and what was given back, once each, whoever tells it.

Orders and credit notes are the facts; the ledger is brought to say the same (`record`). So an event that came twice, late
or not at all changes nothing: what is missing is found by looking (`record_missing`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import batched
from typing import Any

from django.db import connection, transaction

from akinai.accounting.models import RevenueEntry
from akinai.accounting.rules.earning import Row, Sold, earned, of_rate
from akinai.accounting.services import facts, parts, plain, returns
from akinai.accounting.services.drafts import draft_of
from akinai.accounting.services.facts import STANDING, Fact
from akinai.billing.services import Line
from akinai.core import bulk, clock, closing
from akinai.core.tax import Rounding
from akinai.party import queries as party

BATCH = 5000
EVERYTHING: dict[str, bool | list[int]] = {"all": True, "ids": []}
E = RevenueEntry.Event

# What the ledger does not say yet: (order, is it to be taken back first, is it to be written, next turn). Orders that leave in
# parts are told parcel by parcel (`parts`).
PENDING = f"""
SELECT o.id, r.order_id IS NOT NULL AND NOT r.is_taken_back AS take_back, o.state IN ('shipped', 'completed') AS ship,
  coalesce(r.turn, 0)
FROM orders_order o LEFT JOIN ({STANDING}) r ON r.order_id = o.id
WHERE (%(all)s OR o.id = ANY(%(ids)s)) AND NOT o.in_parts AND CASE
  WHEN o.state IN ('shipped', 'completed')
    THEN (o.amounts_known AND (r.order_id IS NULL OR r.is_taken_back)) OR (NOT r.is_taken_back AND r.shipped_yen <> o.total_yen)
  ELSE r.order_id IS NOT NULL AND NOT r.is_taken_back END
ORDER BY o.id
"""
# Credit notes that count: of an invoice that stands, of an order that is invoiced in this turn of leaving.
NOTES = f"""
SELECT n.id, n.number, n.order_id, n.returned_on, n.issued_on, o.channel_id, r.turn FROM billing_creditnote n
JOIN orders_order o ON o.id = n.order_id JOIN ({STANDING}) r ON r.order_id = n.order_id
WHERE (%(all)s OR n.order_id = ANY(%(ids)s)) AND o.state IN ('shipped', 'completed') AND NOT r.is_taken_back
  AND o.invoice_progress <> 'none' AND NOT EXISTS (SELECT FROM billing_invoice i WHERE i.replaces_id = n.invoice_id)
  AND NOT EXISTS (SELECT FROM accounting_revenueentry e WHERE e.slip = n.number)
ORDER BY n.id
"""


def record(order_ids: Collection[int]) -> int:
    """売上の記帳 of these orders. Out: how many rows were written. Safe to run any number of times."""
    return _record(list(order_ids)) if order_ids else 0


def record_missing() -> int:
    """Everything that no event has told: found by comparing all orders with the ledger, and written in batches, so that
    nobody who ships meanwhile waits for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(PENDING, EVERYTHING)
        waiting = [row[0] for row in cursor.fetchall()]
        cursor.execute(parts.WAITING, EVERYTHING)
        waiting += [row[0] for row in cursor.fetchall()]
        cursor.execute(NOTES, EVERYTHING)
        waiting += [row[2] for row in cursor.fetchall()]
        cursor.execute(returns.CASES, EVERYTHING)
        waiting += [row[2] for row in cursor.fetchall()]
    return sum(record(some) for some in batched(dict.fromkeys(waiting), BATCH))


@transaction.atomic
def _record(order_ids: list[int]) -> int:
    asked: dict[str, bool | list[int]] = {"all": False, "ids": order_ids}
    with connection.cursor() as cursor:
        # One writer of sales at a time: whoever comes second finds it done.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('akinai.books.revenue'))")
        cursor.execute(PENDING, asked)
        pending = cursor.fetchall()
    done = _take_back([pk for pk, back, _, _ in pending if back])
    leaving = {pk: turn + 1 for pk, _, ship, turn in pending if ship}
    done += _ship(leaving) if leaving else 0
    done += _ship_parts(asked)
    with connection.cursor() as cursor:
        cursor.execute(NOTES, asked)
        notes = cursor.fetchall()
    return done + _credit(notes) + _return(asked)


def _ship(turns: dict[int, int]) -> int:
    company = party.company()
    rounding = Rounding(company.tax_rounding)
    closed = closing.closed_until()
    done, count = plain.write(turns, rounding, open_on=closed and closed + timedelta(days=1))
    booked_on = closing.opener()
    made: list[dict[str, Any]] = []
    for fact in facts.read([pk for pk in turns if pk not in done]):
        on = booked_on(fact.on)
        rows = earned(draft_of(fact, rounding), fact.sold, fact.costs) or [Row("goods", 0, 0)]
        slip = f"{fact.number}/S{turns[fact.order_id]}"
        made += _written(
            rows, slip, fact.order_id, fact.channel_id, on, E.SHIP.value, turns[fact.order_id], 1
        )
    bulk.insert(RevenueEntry, made)
    return count + len(made)


def _ship_parts(asked: Mapping[str, bool | list[int]]) -> int:
    """分納: each parcel a slip of its own; what came back whole before is taken back first."""
    with connection.cursor() as cursor:
        cursor.execute(parts.WAITING, asked)
        waiting = cursor.fetchall()
    done = _take_back([pk for pk, _, back in waiting if back])
    made: list[dict[str, Any]] = []
    for one in parts.read([pk for pk, *_ in waiting], Rounding(party.company().tax_rounding)):
        made += _written(
            one.rows, one.slip, one.order_id, one.channel_id, one.on, one.event, one.turn, one.counts, one.shipment_id
        )  # fmt: skip
    bulk.insert(RevenueEntry, made)
    return done + len(made)


def _written(
    rows: Iterable[Row],
    slip: str,
    order_id: int,
    channel_id: int,
    on: date,
    event: str,
    turn: int,
    counts: int,
    shipment_id: int | None = None,
) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {
            "order_id": order_id, "shipment_id": shipment_id, "order_line_id": row.sold.line_id if row.sold else None,
            "sku_id": row.sold.sku_id if row.sold else None, "channel_id": channel_id,
            "category": row.sold.category if row.sold else "", "on": on, "event": event, "kind": row.kind, "slip": slip,
            "turn": turn, "counts": counts if no == 1 else 0, "quantity": row.quantity, "rate": row.rate,
            "net_yen": row.net_yen, "tax_yen": row.tax_yen, "gross_yen": row.gross_yen, "cost_yen": row.cost_yen,
            "line_no": no, "reverses_id": row.reverses, "at": now,
        }
        for no, row in enumerate(rows, 1)
    ]  # fmt: skip


# The opposite of whatever the open turn has come to, line by line: after it the order has earned nothing.
TAKE_BACK = """
WITH open AS (
  SELECT e.*, o.number, max(e.turn) OVER (PARTITION BY e.order_id) AS last FROM accounting_revenueentry e
  JOIN orders_order o ON o.id = e.order_id WHERE e.order_id = ANY(%(ids)s)
), sums AS (
  SELECT order_id, number, turn, order_line_id, sku_id, channel_id, category, kind, rate, min(id) AS first,
    sum(quantity) AS quantity, sum(net_yen) AS net, sum(tax_yen) AS tax, sum(gross_yen) AS gross, sum(cost_yen) AS cost,
    sum(counts) AS counts
  FROM open WHERE turn = last GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY counts DESC, first) AS no FROM sums
)
INSERT INTO accounting_revenueentry (order_id, order_line_id, sku_id, channel_id, category, "on", event, kind, slip, turn,
  counts, quantity, rate, net_yen, tax_yen, gross_yen, cost_yen, line_no, reverses_id, at)
SELECT order_id, order_line_id, sku_id, channel_id, category, %(on)s, 'unship', kind, number || '/U' || turn, turn, -counts,
  -quantity, rate, -net, -tax, -gross, -cost, no, first, %(now)s
FROM numbered
"""


def _take_back(order_ids: list[int]) -> int:
    if not order_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, {"ids": order_ids, "on": clock.today(), "now": clock.now()})
        return cursor.rowcount


def _return(asked: Mapping[str, bool | list[int]]) -> int:
    """返品: what came back and what it had cost, of every return that the ledger does not tell as it stands."""
    with connection.cursor() as cursor:
        cursor.execute(returns.CASES, asked)
        cases = [returns.Case(*row) for row in cursor.fetchall()]
    booked_on = closing.opener()
    made: list[dict[str, Any]] = []
    for case, rows in returns.read(cases, Rounding(party.company().tax_rounding)):
        made += _written(
            rows, case.slip, case.order_id, case.channel_id, booked_on(case.on), E.RETURN.value, case.turn, 0
        )
    bulk.insert(RevenueEntry, made)
    return len(made)


NOTE_LINES = """
SELECT l.credit_note_id, l.kind, l.name, l.quantity, l.unit_price_yen, l.amount_yen, l.tax_rate, l.includes_tax
FROM billing_creditnoteline l WHERE l.credit_note_id = ANY(%s) ORDER BY l.credit_note_id, l.line_no
"""
NOTE_TAXES = "SELECT credit_note_id, rate, tax_yen FROM billing_creditnotetax WHERE credit_note_id = ANY(%s)"


def _credit(notes: list[Any]) -> int:
    """返還請求書: rows below zero, of the goods they name where an order's line has that name."""
    if not notes:
        return 0
    ids = [note[0] for note in notes]
    lines: dict[int, list[Line]] = {}
    for pk, *told in facts.rows(NOTE_LINES, ids):
        lines.setdefault(pk, []).append(Line(*told))
    taxes: dict[int, dict[int, int]] = {}
    for pk, rate, tax in facts.rows(NOTE_TAXES, ids):
        taxes.setdefault(pk, {})[rate] = tax
    sold = {fact.order_id: fact for fact in facts.read(sorted({note[2] for note in notes}))}
    booked_on = closing.opener()
    made: list[dict[str, Any]] = []
    for pk, number, order_id, returned_on, issued_on, channel_id, turn in notes:
        on = returned_on if booked_on(returned_on) == returned_on else booked_on(issued_on)
        rows = _given_back(lines.get(pk, []), taxes.get(pk, {}), sold[order_id])
        made += _written(rows, number, order_id, channel_id, on, E.CREDIT.value, turn, 0)
    bulk.insert(RevenueEntry, made)
    return len(made)


def _given_back(lines: list[Line], taxes: dict[int, int], fact: Fact) -> list[Row]:
    told = [(line, _goods_of(line, fact)) for line in lines]
    rows: list[Row] = []
    for rate in dict.fromkeys(line.tax_rate for line in lines):
        rows += of_rate([one for one in told if one[0].tax_rate == rate], rate, taxes.get(rate, 0))
    for row in rows:
        row.gross_yen, row.tax_yen, row.quantity = -row.gross_yen, -row.tax_yen, -row.quantity
    return rows


def _goods_of(line: Line, fact: Fact) -> Sold | None:
    """The order's line that a credit note's line names. Pieces count as returned only at their whole price."""
    if line.kind != "goods":
        return None
    for ours, one, name in zip(fact.charges.goods, fact.sold, fact.names, strict=True):
        if line.name.startswith(name[:200]):
            whole = line.unit_price_yen == ours.unit_price_yen and line.quantity <= one.quantity
            return Sold(one.line_id, one.sku_id, one.category, line.quantity if whole else 0)
    return None
