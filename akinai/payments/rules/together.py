"""合算と分割: one transfer that pays all that a customer owes, and several that pay one order together. Pure.

Certain only when the name alone says who it is (one customer, no number beside it that is another order's), everything he
owes is exactly this money, and nothing else anywhere fits one of his orders. A part of what he owes is never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from akinai.payments.rules.book import Book, Credit, Due
from akinai.payments.rules.decide import Candidate, Decision
from akinai.payments.rules.evidence import digits_of, is_own_number
from akinai.payments.rules.names import Payer, read_payer

SUM_SCORE, SPLIT_SCORE = 94, 92
MOST_ORDERS = 12  # paid by one transfer
MOST_TRANSFERS = 4  # that pay one order
SPAN = timedelta(days=31)  # between the first and the last of them
RIVAL = 65  # another transfer that fits an order this well makes it doubtful


@dataclass(frozen=True, slots=True)
class Share:
    """Yen of one transfer for one order."""

    line_id: int
    order_id: int
    yen: int


@dataclass(frozen=True, slots=True)
class Together:
    """Transfers and orders that come out even, to be posted as one act or not at all."""

    line_ids: tuple[int, ...]
    shares: tuple[Share, ...]
    score: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Customer:
    """What one customer owes, and the undecided transfers under his name."""

    dues: dict[int, Due] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)  # of the decisions


def with_groups(
    decisions: Sequence[Decision], book: Book, *, settled_otherwise: Collection[int] = ()
) -> tuple[list[Decision], list[Together]]:
    """(decisions, what is certain together). `settled_otherwise`: orders on monthly statements, which are paid as those."""
    taken = {pk for decision in decisions if decision.certain for pk in decision.certain.order_ids}
    customers = _customers(decisions, book, taken)
    rivals = _rivals(decisions)
    made, found = list(decisions), []
    for customer in customers.values():
        if any(pk in settled_otherwise for pk in customer.dues):
            continue
        together = _sum(customer, decisions, book, rivals) or _split(customer, decisions, book, rivals)
        if together is None:
            continue
        found.append(together)
        for place in customer.places:
            made[place] = _told(decisions[place], together)
    return made, found


def _customers(decisions: Sequence[Decision], book: Book, taken: Collection[int]) -> dict[object, _Customer]:
    """Customers whom undecided transfers name. A name of two customers names nobody."""
    found: dict[object, _Customer] = defaultdict(_Customer)
    ambiguous: set[object] = set()
    for place, decision in enumerate(decisions):
        credit = decision.credit
        if decision.certain is not None:
            continue
        payer = read_payer(credit.payer)
        dues = {due.order_id: due for key in payer.keys for due in book.by_name.get(key, ())}
        owners = {due.owner for due in dues.values()}
        if len(owners) > 1 or payer.keys & book.shared_aliases:
            ambiguous |= owners
        if not dues or len(owners) > 1:
            continue
        customer = found[owners.pop()]
        customer.dues |= {pk: due for pk, due in dues.items() if pk not in taken}
        customer.places.append(place)
    return {owner: one for owner, one in found.items() if owner not in ambiguous and one.dues}


def _rivals(decisions: Sequence[Decision]) -> Mapping[int, set[int]]:
    """order → the undecided transfers that fit it exactly, alone or with others."""
    found: dict[int, set[int]] = defaultdict(set)
    for decision in decisions:
        if decision.certain is not None:
            continue
        for candidate in decision.candidates:
            if candidate.difference_yen == 0 and candidate.score >= RIVAL:
                for pk in candidate.order_ids:
                    found[pk].add(decision.credit.line_id)
    return found


def _sum(
    customer: _Customer, decisions: Sequence[Decision], book: Book, rivals: Mapping[int, set[int]]
) -> Together | None:
    """合算: one transfer is all that he owes."""
    dues = list(customer.dues.values())
    if len(customer.places) != 1 or not 2 <= len(dues) <= MOST_ORDERS:
        return None
    credit = decisions[customer.places[0]].credit
    if sum(due.owed_yen for due in dues) != credit.left_yen or not _is_plain(credit, dues, book):
        return None
    if any(rivals.get(due.order_id, set()) - {credit.line_id} for due in dues):
        return None
    shares = tuple(Share(credit.line_id, due.order_id, due.owed_yen) for due in dues)
    reasons = ("名義が一致", f"このお客様の未入金 {len(dues)} 件の合計と金額が一致")
    return Together((credit.line_id,), shares, SUM_SCORE, reasons)


def _split(
    customer: _Customer, decisions: Sequence[Decision], book: Book, rivals: Mapping[int, set[int]]
) -> Together | None:
    """分割: several transfers are the one order that he owes."""
    credits = [decisions[place].credit for place in customer.places]
    if len(customer.dues) != 1 or not 2 <= len(credits) <= MOST_TRANSFERS:
        return None
    (due,) = customer.dues.values()
    lines = {credit.line_id for credit in credits}
    days = [credit.on for credit in credits]
    if sum(credit.left_yen for credit in credits) != due.owed_yen or max(days) - min(days) > SPAN:
        return None
    if rivals.get(due.order_id, set()) - lines or not all(_is_plain(one, [due], book) for one in credits):
        return None
    if any(_fits_elsewhere(decisions[place], due) for place in customer.places):
        return None
    shares = tuple(Share(credit.line_id, due.order_id, credit.left_yen) for credit in credits)
    reasons = ("名義が一致", f"{len(credits)} 回の入金の合計が受注の金額と一致")
    return Together(tuple(credit.line_id for credit in credits), shares, SPLIT_SCORE, reasons)


def _fits_elsewhere(decision: Decision, due: Due) -> bool:
    """Is there another order of exactly this money?"""
    return any(
        candidate.difference_yen == 0 and candidate.score >= RIVAL and due.order_id not in candidate.order_ids
        for candidate in decision.candidates
    )


def _is_plain(credit: Credit, dues: Sequence[Due], book: Book) -> bool:
    """A whole transfer, later than the orders, with no number of another order and no namesake who is done."""
    payer: Payer = read_payer(credit.payer)
    if credit.is_rest or not credit.is_transfer or any(credit.on < due.ordered_on for due in dues):
        return False
    if any(not any(is_own_number(due, text) for due in dues) for text in digits_of(credit, payer)):
        return False
    if not any(payer.keys & (due.names | due.aliases) for due in dues):
        return False
    owner = dues[0].customer_id
    ghosts = [g for key in payer.keys for g in book.ghosts.get((credit.left_yen, key), ())]
    return all(ghost.customer_id is not None and ghost.customer_id == owner for ghost in ghosts)


def _told(decision: Decision, together: Together) -> Decision:
    """The decision with what is certain at its head, for the desk if it cannot be posted after all."""
    mine = tuple(share.order_id for share in together.shares if share.line_id == decision.credit.line_id)
    left = decision.credit.left_yen
    taken = sum(share.yen for share in together.shares if share.line_id == decision.credit.line_id)
    if taken != left or len(together.line_ids) > 1:
        return decision
    head = Candidate(mine, together.score, together.reasons, kind="group")
    rest = tuple(one for one in decision.candidates if set(one.order_ids) != set(mine))
    return replace(decision, candidates=(head, *rest))
