"""合計請求書の消込: one transfer that pays everything a monthly customer owes. Pure.

Certain when the amount is exactly what the customer's billed orders owe (預り金 taken off), the name or the statement's
number says who it is, no other transfer claims the same statement, and no single order of somebody else fits as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from akinai.payments.rules.book import Credit
from akinai.payments.rules.decide import MAX_CANDIDATES, Candidate, Decision
from akinai.payments.rules.evidence import digits_of
from akinai.payments.rules.names import read_payer

SURE, DOUBTED = 96, 80


@dataclass(frozen=True, slots=True)
class StatementDue:
    """未入金の合計請求書. `owed_yen` is what a transfer has to bring: the orders' debt less `credit_yen` (預り金)."""

    number: str
    customer_id: int
    order_ids: tuple[int, ...]
    owed_yen: int
    closed_on: date
    names: frozenset[str]
    aliases: frozenset[str] = frozenset()
    credit_yen: int = 0


@dataclass(frozen=True, slots=True)
class Paid:
    """入金 that pays one statement for certain."""

    line_id: int
    number: str
    score: int
    reasons: tuple[str, ...]


def with_statements(
    decisions: Sequence[Decision],
    dues: Iterable[StatementDue],
    *,
    shared_aliases: frozenset[str] = frozenset(),
) -> tuple[list[Decision], list[Paid]]:
    """(decisions with statements among their candidates, what is certain). A certain one has no other decision."""
    by_amount: dict[int, list[StatementDue]] = defaultdict(list)
    for due in dues:
        by_amount[due.owed_yen].append(due)
    claims = {
        decision.credit.line_id: [
            (due, why)
            for due in by_amount.get(decision.credit.left_yen, ())
            if (why := _why(decision.credit, due))
        ]
        for decision in decisions
    }
    claimed: dict[str, int] = defaultdict(int)
    for found in claims.values():
        for due, _ in found:
            claimed[due.number] += 1
    made, paid = [], []
    for decision in decisions:
        found = claims[decision.credit.line_id]
        if not found:
            made.append(decision)
            continue
        doubt = _doubt(decision, found, claimed, shared_aliases)
        if not doubt and decision.certain is None:
            due, why = found[0]
            paid.append(Paid(decision.credit.line_id, due.number, SURE, why))
            made.append(replace(decision, candidates=(_candidate(due, why, SURE),)))
        else:
            made.append(_proposed(decision, found, doubt))
    return made, paid


def _why(credit: Credit, due: StatementDue) -> tuple[str, ...]:
    """Reasons why this transfer names this customer; empty when it does not."""
    payer = read_payer(credit.payer)
    digits = due.number.rpartition("-")[2]
    numbered = any(text.endswith(digits) for text in digits_of(credit, payer))
    if payer.keys & due.names:
        name = "名義が一致"
    elif payer.keys & due.aliases:
        name = "覚えた名義と一致"
    else:
        name = ""
    if not name and not numbered:
        return ()
    told = (f"合計請求書 {due.number} の金額と一致", name, "請求書番号が一致" if numbered else "")
    return tuple(reason for reason in told if reason)


def _doubt(
    decision: Decision,
    found: Sequence[tuple[StatementDue, tuple[str, ...]]],
    claimed: dict[str, int],
    shared_aliases: frozenset[str],
) -> str:
    """Why a person must look, or ""."""
    credit, (due, _why_it_is) = decision.credit, found[0]
    if len(found) > 1:
        return f"同じ金額の合計請求書が {len(found)} 件"
    if claimed[due.number] > 1:
        return "この合計請求書に合う入金がほかにもある"
    if not credit.is_transfer:
        return "振込の明細ではない"
    if credit.is_rest:
        return "一部を使った残り"
    if credit.on <= due.closed_on:
        return "締め日より前の入金"
    keys = read_payer(credit.payer).keys
    if not keys & due.names and keys & shared_aliases:
        return "この名義は複数のお客様に覚えがある"
    others = [
        c for c in decision.candidates if not set(c.order_ids) <= set(due.order_ids) and not c.difference_yen
    ]
    if decision.certain is None and any(c.score >= 65 for c in others):
        return "ほかの受注の金額とも一致"
    return ""


def _candidate(due: StatementDue, why: tuple[str, ...], score: int, doubt: str = "") -> Candidate:
    return Candidate(due.order_ids, score, (*why, doubt) if doubt else why, kind="group")


def _proposed(
    decision: Decision, found: Sequence[tuple[StatementDue, tuple[str, ...]]], doubt: str
) -> Decision:
    """The statements among the other candidates. Those that need 預り金 as well are paid at the statement itself."""
    if decision.certain:
        return decision
    mine = [_candidate(due, why, DOUBTED, doubt) for due, why in found if not due.credit_yen]
    known = {candidate.order_ids for candidate in mine}
    rest = [candidate for candidate in decision.candidates if candidate.order_ids not in known]
    return replace(decision, candidates=tuple([*mine, *rest][:MAX_CANDIDATES]))
