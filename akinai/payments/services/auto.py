"""自動消込: look at every open credit, post what is certain, propose the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from akinai.core.errors import DomainError
from akinai.core.kana import payer_key
from akinai.orders import queries as orders
from akinai.payments.models import BankLineStatus, PayerAlias
from akinai.payments.rules import CERTAIN, Book, Candidate, Credit, Due, candidates
from akinai.payments.services.match import accept
from akinai.payments.states import BankLineState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LOOKED_AT = (BankLineState.OPEN, BankLineState.PROPOSED, BankLineState.PARTIAL)


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


def open_credits() -> list[Credit]:
    """Lines with money left, oldest first."""
    rows = (
        BankLineStatus.objects.filter(state__in=LOOKED_AT)
        .annotate(left=F("amount_yen") - F("matched_yen"))
        .order_by("line__on", "line_id")
        .values_list("line_id", "line__on", "left", "line__payer", "line__edi")
    )
    return [Credit(*row) for row in rows]


def open_dues() -> list[Due]:
    """Orders that a bank transfer may pay, with all names their customer is known to pay under."""
    aliases = defaultdict(set)
    for customer_id, key in PayerAlias.objects.values_list("customer_id", "payer_key"):
        aliases[customer_id].add(key)
    return [
        Due(
            order_id=row.order_id,
            number=row.number,
            channel_order_no=row.channel_order_no,
            customer_id=row.customer_id,
            label=row.buyer_name,
            owed_yen=row.owed_yen,
            ordered_on=row.ordered_on,
            names=frozenset({*row.names, *aliases.get(row.customer_id or 0, ())}),
        )
        for row in orders.bank_dues()
    ]


def _with_rivals(credits: list[Credit]) -> Iterator[tuple[Credit, list[Credit]]]:
    alike: dict[tuple[str, int], list[Credit]] = defaultdict(list)
    for credit in credits:
        alike[payer_key(credit.payer), credit.left_yen].append(credit)
    for credit in credits:
        same = alike[payer_key(credit.payer), credit.left_yen]
        yield credit, [other for other in same if other is not credit]


def match_all(*, by: Staff | None) -> Outcome:
    """自動消込: each certain line is its own transaction, so a refusal in the middle loses nothing before it."""
    outcome = Outcome()
    book = Book.of(open_dues())
    proposals: list[BankLineStatus] = []
    for credit, rivals in _with_rivals(open_credits()):
        outcome.credits += 1
        found = candidates(credit, book, rivals=rivals)
        if _is_certain(found) and _post(credit, found[0], by):
            outcome.auto += 1
            outcome.auto_yen += credit.left_yen
            continue
        outcome.proposed += bool(found)
        outcome.open += not found
        proposals.append(_proposal(credit, found))
    _save(proposals)
    return outcome


def _is_certain(found: list[Candidate]) -> bool:
    if not found or found[0].score < CERTAIN:
        return False
    return len(found) == 1 or found[1].score < CERTAIN


def _post(credit: Credit, candidate: Candidate, by: Staff | None) -> bool:
    try:
        accept(credit.line_id, candidate, by=by, is_automatic=True)
    except DomainError:  # the order was paid or cancelled meanwhile: leave it to a person
        return False
    return True


def _proposal(credit: Credit, found: list[Candidate]) -> BankLineStatus:
    return BankLineStatus(
        line_id=credit.line_id,
        state=BankLineState.PROPOSED if found else BankLineState.OPEN,
        score=found[0].score if found else 0,
        proposal=[asdict(candidate) for candidate in found],
        amount_yen=0,
    )


def _save(rows: list[BankLineStatus]) -> None:
    """Write proposals back, but never over a line that was matched or set aside meanwhile."""
    by_state: dict[str, list[BankLineStatus]] = defaultdict(list)
    live = set(
        BankLineStatus.objects.filter(
            pk__in=[row.pk for row in rows],
            state__in=[BankLineState.OPEN, BankLineState.PROPOSED],
            matched_yen=0,
        ).values_list("pk", flat=True)
    )
    for row in rows:
        if row.pk in live:
            by_state[row.state].append(row)
    for batch in by_state.values():
        BankLineStatus.objects.bulk_update(batch, ["state", "score", "proposal"], batch_size=1000)
