"""自動消込: look at every open credit, post what is certain, propose the rest."""

from __future__ import annotations

import gc
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.payments.models import BankLineStatus, Match, PayerAlias
from akinai.payments.rules import Book, Credit, Decision, Due, Ghost, decide, name_keys
from akinai.payments.rules.names import family_of
from akinai.payments.rules.statements import Paid, StatementDue, with_statements
from akinai.payments.rules.together import Share, Together, with_groups
from akinai.payments.services import statements
from akinai.payments.services.posting import Money, Sure, one_to_one, post_all
from akinai.payments.services.posting import Share as Paying
from akinai.payments.states import TO_DO, BankLineState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

GHOST_DAYS = 90  # how long a paid or cancelled order still makes a namesake's money doubtful
BATCH = 2000


@dataclass(slots=True)
class Outcome:
    """自動消込の結果: credits = auto + proposed + open."""

    credits: int = 0
    auto: int = 0
    proposed: int = 0
    open: int = 0
    auto_yen: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def match_all(*, by: Staff | None) -> Outcome:
    """自動消込. Every batch is its own transaction, so a stop in the middle loses nothing before it."""
    with _without_collecting():
        return _match_all(by=by)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A hundred thousand orders are a million objects without a cycle among them; looking for one costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _match_all(*, by: Staff | None) -> Outcome:
    credits = open_credits()
    outcome = Outcome(credits=len(credits))
    if not credits:
        return outcome
    book = open_book(credits)
    monthly = statements.dues()
    decisions, whole = with_statements(
        decide(credits, book.book), monthly, shared_aliases=book.book.shared_aliases
    )
    decisions, several = with_groups(
        decisions, book.book, settled_otherwise={pk for due in monthly for pk in due.order_ids}
    )
    lines = {credit.line_id: Money(credit.line_id, credit.on, credit.left_yen) for credit in credits}
    plain, with_credit = _apart(whole, monthly, book.owed)
    sure = [_sure(decision, book.owners) for decision in decisions if decision.certain]
    sure += [_even(one, lines, book.owners) for one in [*several, *plain]]
    posted = post_all(sure, by=by)
    for match in _pay_statements(with_credit, by=by):
        posted.add(match.line_id)
    outcome.auto_yen = sum(lines[line_id].yen for line_id in posted)
    outcome.auto = len(posted)
    left = [decision for decision in decisions if decision.credit.line_id not in posted]
    outcome.proposed = sum(bool(decision.candidates) for decision in left)
    outcome.open = len(left) - outcome.proposed
    _propose(left)
    return outcome


def _apart(
    whole: Sequence[Paid], monthly: Sequence[StatementDue], owed: Mapping[int, int]
) -> tuple[list[Together], list[Paid]]:
    """(合計請求書 that the transfer alone pays, those that need 預り金 or an order that matching does not see)."""
    dues = {due.number: due for due in monthly}
    plain, others = [], []
    for one in whole:
        due = dues[one.number]
        shares = [Share(one.line_id, pk, owed[pk]) for pk in due.order_ids if owed.get(pk)]
        if due.credit_yen or sum(share.yen for share in shares) != due.owed_yen:
            others.append(one)
        else:
            plain.append(Together((one.line_id,), tuple(shares), one.score, one.reasons))
    return plain, others


def _even(one: Together, lines: Mapping[int, Money], owners: Mapping[int, int | None]) -> Sure:
    shares = tuple(
        Paying(share.line_id, share.order_id, owners.get(share.order_id), share.yen) for share in one.shares
    )
    return Sure(tuple(lines[pk] for pk in one.line_ids), shares, one.score, one.reasons)


def _pay_statements(whole: Sequence[Paid], *, by: Staff | None) -> list[Match]:
    """合計請求書 that a transfer and 預り金 pay, each in its own transaction. What moved meanwhile is left open."""
    made = []
    for one in whole:
        try:
            made.append(
                statements.pay_statement(
                    one.line_id, one.number, by=by, score=one.score, reasons=one.reasons, is_automatic=True
                )
            )
        except DomainError:
            continue
    return made


def open_credits(line_ids: Sequence[int] | None = None) -> list[Credit]:
    """Lines with money left, oldest first. Money that the bank has taken back is nobody's payment."""
    rows = BankLineStatus.objects.filter(state__in=TO_DO, returned_by=None)
    if line_ids is not None:
        rows = rows.filter(pk__in=line_ids)
    found = (
        rows.annotate(left=F("amount_yen") - F("matched_yen"))
        .order_by("on", "line_id")
        .values_list("line_id", "on", "left", "line__payer", "line__edi", "line__is_transfer", "matched_yen")
    )
    return [Credit(*row[:6], is_rest=row[6] > 0) for row in found]


@dataclass(frozen=True, slots=True)
class OpenBook:
    """The book, order → customer, and order → what it owes."""

    book: Book
    owners: dict[int, int | None]
    owed: dict[int, int]


def open_book(credits: Sequence[Credit]) -> OpenBook:
    """All orders that a bank transfer may pay, with every name their customers are known to pay under."""
    aliases: dict[int, set[str]] = defaultdict(set)
    customers: dict[str, set[int]] = defaultdict(set)
    for customer_id, key in PayerAlias.objects.values_list("customer_id", "payer_key"):
        aliases[customer_id].add(key)
        customers[key].add(customer_id)
    dues = [_due(row, aliases) for row in orders.bank_dues()]
    shared = [key for key, owners in customers.items() if len(owners) > 1]
    book = Book.of(dues, ghosts=_ghosts(credits), shared_aliases=shared)
    return OpenBook(
        book, {due.order_id: due.customer_id for due in dues}, {due.order_id: due.owed_yen for due in dues}
    )


def _due(row: orders.BankDue, aliases: dict[int, set[str]]) -> Due:
    names = frozenset().union(
        *(name_keys(text) for text in (row.buyer_kana, row.buyer_name, row.buyer_company))
    )
    return Due(
        order_id=row.order_id,
        number=row.number,
        channel_order_no=row.channel_order_no,
        customer_id=row.customer_id,
        owed_yen=row.owed_yen,
        ordered_on=row.ordered_on,
        names=names,
        other_names=name_keys(row.ship_kana) | name_keys(row.ship_name),
        aliases=frozenset(aliases.get(row.customer_id or 0, ())),
        family=family_of(row.buyer_kana),
    )


def _ghosts(credits: Sequence[Credit]) -> list[Ghost]:
    """Orders done with that one of these credits could have been meant for."""
    since = min(credit.on for credit in credits) - timedelta(days=GHOST_DAYS)
    amounts = sorted({credit.left_yen for credit in credits})
    return [
        Ghost(row.number, row.customer_id, row.total_yen, name_keys(row.buyer_kana) | name_keys(row.buyer_name),
              row.is_cancelled)
        for row in orders.closed_dues(amounts, since=since)
    ]  # fmt: skip


def _sure(decision: Decision, owners: Mapping[int, int | None]) -> Sure:
    credit, candidate = decision.credit, decision.certain
    assert candidate is not None  # noqa: S101  (the caller has asked)
    (order_id,) = candidate.order_ids
    return one_to_one(
        credit.line_id,
        credit.on,
        credit.left_yen,
        order_id,
        owners[order_id],
        candidate.score,
        candidate.reasons,
    )


# Never over a line that was matched, used in part or set aside meanwhile; a partly used one keeps its state.
PROPOSE = """
UPDATE payments_banklinestatus s SET proposal = p.proposal, score = p.score,
  state = CASE WHEN s.state = 'partial' THEN s.state ELSE p.state END
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::jsonb[]) AS p(line_id, left_yen, state, score, proposal)
WHERE s.line_id = p.line_id AND s.state IN ('open', 'proposed', 'partial') AND s.amount_yen - s.matched_yen = p.left_yen
  AND (s.proposal IS DISTINCT FROM p.proposal OR s.score <> p.score OR s.state NOT IN (p.state, 'partial'))
"""


def _propose(decisions: Sequence[Decision]) -> None:
    """Write candidates back, in rising order of lines."""
    for batch in batched(sorted(decisions, key=lambda d: d.credit.line_id), BATCH):
        columns = list(zip(*(_proposal(decision) for decision in batch), strict=True))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PROPOSE, [list(column) for column in columns])


def _proposal(decision: Decision) -> tuple[int, int, str, int, str]:
    found = decision.candidates
    state = BankLineState.PROPOSED if found else BankLineState.OPEN
    told = json.dumps([asdict(candidate) for candidate in found], ensure_ascii=False)
    score = found[0].score if found else 0
    return decision.credit.line_id, decision.credit.left_yen, state.value, score, told
