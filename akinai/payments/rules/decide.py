"""消込の決定: everything looked at together. What is certain may be posted; the rest is put before a person. Pure.

Certain (japan.md 6): exactly the amount, the name or the whole order number, one order only, and no other credit that
fits the same order. Two equal candidates, or two credits for one order, are never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from akinai.payments.rules.book import Book, Credit, Due
from akinai.payments.rules.evidence import CERTAIN, Claim, claims, digits_of, known_dues
from akinai.payments.rules.names import Payer, read_payer

MAX_CANDIDATES = 6  # one key each: 1 … 6
MAX_GROUP = 6  # orders paid by one transfer
POOL = 12  # orders of one customer that are tried together
# Usual transfer fees that a payer takes off, in yen; anything up to FEE_LIMIT may be one.
FEES = frozenset({110, 145, 150, 165, 220, 275, 330, 440, 550, 605, 660, 770, 880})
FEE_LIMIT = 880


@dataclass(frozen=True, slots=True)
class Candidate:
    """候補: which orders, how sure (0–100), why, and what happens to the difference.

    `difference_yen` = money − owed. `kind`: exact, group, fee (short by a fee), over, short.
    """

    order_ids: tuple[int, ...]
    score: int
    reasons: tuple[str, ...]
    difference_yen: int = 0
    kind: str = "exact"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is thought of one credit. `certain` is the candidate that may be posted without asking."""

    credit: Credit
    candidates: tuple[Candidate, ...]
    certain: Candidate | None = None


@dataclass(slots=True)
class _Reading:
    """One credit with what was read in it."""

    credit: Credit
    payer: Payer
    claims: list[Claim]

    @property
    def strong(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.score >= CERTAIN]


def decide(credits: Sequence[Credit], book: Book) -> list[Decision]:
    """A decision for each credit, in their order."""
    readings = [_Reading(c, payer := read_payer(c.payer), claims(c, payer, book)) for c in credits]
    claimants = _claimants(readings)
    pairs = _equal_pairs(readings, claimants)
    return [_decision(reading, book, claimants, pairs) for reading in readings]


type Claimants = dict[int, list[tuple[int, bool]]]  # order → (line, numbered) of every strong claim


def _claimants(readings: Sequence[_Reading]) -> Claimants:
    found: Claimants = defaultdict(list)
    for reading in readings:
        for claim in reading.strong:
            found[claim.due.order_id].append((reading.credit.line_id, claim.is_numbered))
    return found


def _equal_pairs(readings: Sequence[_Reading], claimants: Claimants) -> dict[int, int]:
    """line → order where one customer has as many orders of one amount as there are credits for them: all are paid.

    The oldest credit goes to the oldest order.
    """
    groups: dict[frozenset[int], list[_Reading]] = defaultdict(list)
    for reading in readings:
        strong = reading.strong
        if any(claim.is_numbered for claim in strong):
            continue  # a written number decides alone
        if len(strong) > 1 and len({claim.due.owner for claim in strong}) == 1:
            groups[frozenset(claim.due.order_id for claim in strong)].append(reading)
    found: dict[int, int] = {}
    for order_ids, group in groups.items():
        lines = {reading.credit.line_id for reading in group}
        claimed = {line for order_id in order_ids for line, _ in claimants[order_id]}
        if len(group) != len(order_ids) or claimed != lines:
            continue
        dues = sorted((c.due for c in group[0].strong), key=lambda due: (due.ordered_on, due.order_id))
        group.sort(key=lambda reading: (reading.credit.on, reading.credit.line_id))
        if all(r.credit.on >= due.ordered_on for r, due in zip(group, dues, strict=True)):
            found |= {r.credit.line_id: due.order_id for r, due in zip(group, dues, strict=True)}
    return found


def _decision(reading: _Reading, book: Book, claimants: Claimants, pairs: dict[int, int]) -> Decision:
    credit = reading.credit
    known = known_dues(reading.payer, digits_of(credit, reading.payer), book)
    chosen = _chosen(reading, pairs)
    if chosen:
        doubt = _second_thought(credit, chosen, known, claimants, pairs)
        candidate = _candidate(chosen, doubt)
        if not doubt:
            return Decision(credit, (candidate,), candidate)
        exact = [candidate, *(_candidate(c, None) for c in reading.claims if c is not chosen)]
    else:
        several = len(reading.strong)
        doubt = (f"同じ名義・金額の受注が {several} 件", 70) if several > 1 else None
        exact = [_candidate(claim, doubt) for claim in reading.claims]
    found = [*exact, *_groups(reading, known), *_near(reading, known)]
    found.sort(key=lambda c: (-c.score, abs(c.difference_yen), len(c.order_ids), c.order_ids))
    return Decision(credit, tuple(found[:MAX_CANDIDATES]))


def _chosen(reading: _Reading, pairs: dict[int, int]) -> Claim | None:
    """The one order that is meant: the only one, the only one whose number is written, or its half of a pair."""
    strong = reading.strong
    if len(strong) == 1:
        return strong[0]
    numbered = [claim for claim in strong if claim.is_numbered]
    if len(numbered) == 1:
        return numbered[0]
    paired = pairs.get(reading.credit.line_id)
    return next((claim for claim in strong if claim.due.order_id == paired), None)


def _second_thought(
    credit: Credit, chosen: Claim, known: Sequence[Due], claimants: Claimants, pairs: dict[int, int]
) -> tuple[str, int] | None:
    """Why a person must look after all, with the score that cannot be passed."""
    due = chosen.due
    rivals = [numbered for line, numbered in claimants[due.order_id] if line != credit.line_id]
    if credit.line_id not in pairs and (any(rivals) or (rivals and not chosen.is_numbered)):
        return "この受注に合う入金がほかにもある", 70
    if chosen.is_numbered:
        return None
    for other in known:
        if other.owner != due.owner and 0 < other.owed_yen - credit.left_yen <= FEE_LIMIT:
            return f"同じ名義の別の方の受注 {other.number} から手数料を引いた額でもある", 85
    same = [other for other in known if other.owner == due.owner and other.order_id != due.order_id]
    if any(True for _ in _sums(same, credit.left_yen)):
        return "同じお客様のほかの受注の合計とも一致", 85
    return None


def _candidate(claim: Claim, doubt: tuple[str, int] | None) -> Candidate:
    if doubt is None:
        return Candidate((claim.due.order_id,), claim.score, claim.reasons)
    return Candidate((claim.due.order_id,), min(claim.score, doubt[1]), (*claim.reasons, doubt[0]))


def _sums(dues: Sequence[Due], amount_yen: int) -> Iterator[tuple[Due, ...]]:
    """Groups of two and more that owe exactly this amount together; the smallest groups only."""
    pool = sorted(dues, key=lambda due: (due.ordered_on, due.order_id))[:POOL]
    for size in range(2, min(MAX_GROUP, len(pool)) + 1):
        found = [g for g in combinations(pool, size) if sum(due.owed_yen for due in g) == amount_yen]
        if found:
            yield from found
            return


def _why(payer: Payer, due: Due) -> str:
    """How the text names this order."""
    if payer.keys & due.names:
        return "名義が一致"
    return "覚えた名義と一致" if payer.keys & due.aliases else "注文番号が一致"


def _groups(reading: _Reading, known: Sequence[Due]) -> Iterator[Candidate]:
    """Several orders of one customer in one transfer (合算), also less a transfer fee."""
    credit = reading.credit
    owners: dict[object, list[Due]] = defaultdict(list)
    for due in known:
        if credit.on >= due.ordered_on:
            owners[due.owner].append(due)
    for dues in owners.values():
        why = _why(reading.payer, dues[0])
        for group in _sums(dues, credit.left_yen):
            score = 85 if len(group) == len(dues) else 65
            reasons = (why, f"{len(group)} 件の合計と金額が一致")
            yield Candidate(tuple(due.order_id for due in group), score, reasons, kind="group")
        missing = sum(due.owed_yen for due in dues) - credit.left_yen
        if 1 < len(dues) <= MAX_GROUP and missing in FEES:
            reasons = (why, f"{len(dues)} 件の合計から手数料 {missing} 円を引いた額")
            yield Candidate(tuple(due.order_id for due in dues), 75, reasons, -missing, "fee")


def _near(reading: _Reading, known: Sequence[Due]) -> Iterator[Candidate]:
    """The payer is known but the amount differs: a fee taken off, paid too much, paid too little."""
    for due in known:
        difference = reading.credit.left_yen - due.owed_yen
        if difference == 0 or reading.credit.on < due.ordered_on:
            continue
        score, reason, kind = _difference(difference)
        yield Candidate((due.order_id,), score, (_why(reading.payer, due), reason), difference, kind)


def _difference(difference: int) -> tuple[int, str, str]:
    """(score, reason, kind) of money that is not what is owed."""
    if -difference in FEES:
        return 80, f"差額 {-difference} 円は振込手数料とみられる", "fee"
    if 0 < -difference <= FEE_LIMIT:
        return 60, f"差額 {-difference} 円は手数料の範囲", "fee"
    if difference > 0:
        return 45, f"{difference:,} 円多い（過入金）", "over"
    return 40, f"{-difference:,} 円足りない（一部入金）", "short"
