"""返品の記帳: what a settled return brought back and what it had cost; where the mall writes the papers, what was given back, too.

Where the paper is ours, the credit note tells the money and the return only the goods. Each case is told once: the ledger
is compared with what the case and stock say, so an undone settlement takes its rows back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from akinai.accounting.rules.earning import Row, Sold, lay_costs, split
from akinai.accounting.services import facts
from akinai.accounting.services.facts import STANDING, Fact
from akinai.core.tax import Rounding, rates_on, tax_of

# Returns of orders that stand in the ledger, and are told otherwise or not at all.
CASES = f"""
SELECT c.id, c.number, c.order_id, o.channel_id, r.turn, coalesce(b.slips, 0),
  (coalesce(c.settled_at, now()) AT TIME ZONE 'Asia/Tokyo')::date, c.state = 'settled', c.credit_note_no <> '', c.shipping_back_yen
FROM shipping_returncase c JOIN orders_order o ON o.id = c.order_id JOIN ({STANDING}) r ON r.order_id = c.order_id
LEFT JOIN LATERAL (
  SELECT count(DISTINCT slip) AS slips, sum(gross_yen) FILTER (WHERE turn = r.turn) AS gross,
    sum(cost_yen) FILTER (WHERE turn = r.turn) AS cost
  FROM accounting_revenueentry e WHERE e.order_id = c.order_id AND e.event = 'return' AND split_part(e.slip, '/', 1) = c.number
) b ON true
LEFT JOIN LATERAL (SELECT sum(value_yen) AS back FROM stock_valueentry v WHERE v.reference = c.number) v ON true
WHERE (%(all)s OR c.order_id = ANY(%(ids)s)) AND (o.state IN ('shipped', 'completed') OR o.in_parts)
  AND o.amounts_known AND NOT r.is_taken_back
  AND (coalesce(b.gross, 0) <> CASE WHEN c.state = 'settled' AND c.credit_note_no = '' THEN -c.given_back_yen ELSE 0 END
    OR coalesce(b.cost, 0) <> -coalesce(v.back, 0))
ORDER BY c.id
"""
LINES = """
SELECT r.case_id, l.order_line_id, r.quantity, r.outcome, r.given_back_yen, ol.tax_rate FROM shipping_returnline r
JOIN shipping_shipmentline l ON l.id = r.shipment_line_id JOIN orders_orderline ol ON ol.id = l.order_line_id
WHERE r.case_id = ANY(%s) ORDER BY r.case_id, r.id
"""
COSTS = """
SELECT c.id, v.sku_id, sum(v.value_yen) FROM shipping_returncase c JOIN stock_valueentry v ON v.reference = c.number
WHERE c.id = ANY(%s) GROUP BY 1, 2 HAVING sum(v.value_yen) <> 0
"""
# What the ledger says of a case in the turn that stands.
TOLD = """
SELECT c.id, e.order_line_id, e.sku_id, e.category, e.kind, e.rate, -sum(e.gross_yen), -sum(e.tax_yen), -sum(e.quantity),
  -sum(e.cost_yen)
FROM shipping_returncase c JOIN accounting_revenueentry e ON e.order_id = c.order_id AND e.event = 'return'
  AND split_part(e.slip, '/', 1) = c.number
WHERE c.id = ANY(%s) AND e.turn = (SELECT max(turn) FROM accounting_revenueentry x WHERE x.order_id = c.order_id)
GROUP BY 1, 2, 3, 4, 5, 6
"""
LEFT = """
SELECT order_id, rate, sum(gross_yen), sum(tax_yen) FROM accounting_revenueentry
WHERE order_id = ANY(%s) AND kind <> 'paid_points' GROUP BY 1, 2
"""
STAYS = ("scrap", "nothing")  # goods that bring no value back


@dataclass(frozen=True, slots=True)
class Case:
    """返品 1 件 that the ledger has to follow."""

    pk: int
    number: str
    order_id: int
    channel_id: int
    turn: int
    slips: int
    on: date
    is_settled: bool
    has_paper: bool
    shipping_back_yen: int

    @property
    def slip(self) -> str:
        return f"{self.number}/{self.slips + 1}"


def read(cases: Sequence[Case], rounding: Rounding) -> Iterator[tuple[Case, list[Row]]]:
    """Each case with the rows that bring the ledger to what it says."""
    if not cases:
        return
    ids, order_ids = [case.pk for case in cases], sorted({case.order_id for case in cases})
    known = {fact.order_id: fact for fact in facts.read(order_ids)}
    lines: dict[int, list[Any]] = defaultdict(list)
    for pk, *told in facts.rows(LINES, ids):
        lines[pk].append(told)
    costs: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for pk, sku_id, cost in facts.rows(COSTS, ids):
        costs[pk][sku_id] = cost
    left: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for order_id, rate, gross, tax in facts.rows(LEFT, order_ids):
        left[order_id][rate] = (int(gross), int(tax))
    before = _told_before(ids)
    for case in cases:
        rows = list(before.get(case.pk, []))
        if case.is_settled:
            fresh = _rows(case, lines[case.pk], known[case.order_id], costs[case.pk])
            _tax(fresh, left[case.order_id], rounding)
            rows += fresh
        if rows:
            yield case, rows


def _told_before(ids: list[int]) -> dict[int, list[Row]]:
    """The opposite of what was told before, line by line."""
    found: dict[int, list[Row]] = defaultdict(list)
    for pk, line_id, sku_id, category, kind, rate, gross, tax, pieces, cost in facts.rows(TOLD, ids):
        if gross or tax or pieces or cost:
            sold = Sold(line_id, sku_id, category, pieces) if line_id else None
            found[pk].append(Row(kind, rate, int(gross), int(tax), pieces, sold, cost))
    return found


def _rows(case: Case, lines: Sequence[Any], fact: Fact, costs: Mapping[int, Decimal]) -> list[Row]:
    """Rows below zero: money where no paper of ours tells it, pieces that no paper counts, and what they had cost."""
    sold = {one.line_id: one for one in fact.sold}
    rows, valued = [], []
    for line_id, pieces, outcome, given, rate in lines:
        ours = sold.get(line_id)
        goods = Sold(line_id, ours.sku_id, ours.category, pieces) if ours else None
        is_told = case.has_paper and given
        came = 0 if is_told or outcome == "nothing" else -pieces
        row = Row("goods", rate, 0 if case.has_paper else -given, 0, came, goods)
        rows.append(row)
        if goods and outcome not in STAYS:
            valued.append(row)
    if valued:
        lay_costs(valued, {sku_id: -cost for sku_id, cost in costs.items()})
    if case.shipping_back_yen and not case.has_paper:
        rows.append(Row("shipping", rates_on(case.on).standard, -case.shipping_back_yen))
    return [row for row in rows if row.gross_yen or row.quantity or row.cost_yen]


def _tax(rows: Sequence[Row], left: dict[int, tuple[int, int]], rounding: Rounding) -> None:
    """消費税 once per rate of the case; who gives back all that is left of a rate gives back all its tax."""
    for rate in dict.fromkeys(row.rate for row in rows):
        here = [row for row in rows if row.rate == rate]
        gross = -sum(row.gross_yen for row in here)
        open_gross, open_tax = left.get(rate, (0, 0))
        tax = tax_of(gross, rate, rounding=rounding, inclusive=True)
        if gross == open_gross:
            tax = open_tax
        elif gross < open_gross:
            tax = max(min(tax, open_tax), gross - (open_gross - open_tax))
        left[rate] = (open_gross - gross, open_tax - tax)
        for row, part in zip(here, split(-tax, [row.gross_yen for row in here]), strict=True):
            row.tax_yen = part
