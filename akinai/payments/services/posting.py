"""まとめて消込: thousands of certain matches in few statements. Each batch is one transaction.

The same guards as for one line decide, row by row: the line must still hold exactly this money, the order must still owe
exactly this much. Who fails is left out, and nothing of him is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.core import activity, bulk, clock, closing, numbering
from akinai.core.money import yen
from akinai.orders import services as orders
from akinai.payments.models import BankLine, Match, Payment
from akinai.payments.services.dunning import stop_mails
from akinai.payments.states import PaymentSource

if TYPE_CHECKING:
    from akinai.staff.models import Staff

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Sure:
    """One line that pays one order in full."""

    line_id: int
    on: date
    amount_yen: int
    order_id: int
    customer_id: int | None
    score: int
    reasons: tuple[str, ...]


# Lines first and in rising order, then orders: the way `match` goes as well, so that nobody waits in a ring.
LOCK = (
    "SELECT line_id FROM payments_banklinestatus WHERE line_id = ANY(%s) ORDER BY line_id FOR NO KEY UPDATE"
)
TAKE = """
UPDATE payments_banklinestatus s SET matched_yen = s.amount_yen, state = 'matched', proposal = '[]', score = 0
FROM unnest(%s::bigint[], %s::bigint[]) AS p(line_id, amount)
WHERE s.line_id = p.line_id AND s.amount_yen - s.matched_yen = p.amount
  AND s.state IN ('open', 'proposed') AND s.returned_by_id IS NULL
RETURNING s.line_id
"""
GIVE_BACK = "UPDATE payments_banklinestatus SET matched_yen = 0, state = 'open' WHERE line_id = ANY(%s)"


def post_all(sure: Iterable[Sure], *, by: Staff | None) -> set[int]:
    """Post them batch by batch. Out: the lines that were posted."""
    posted: set[int] = set()
    for batch in batched(sure, BATCH):
        posted |= _post(batch, by=by)
    return posted


@transaction.atomic
def _post(batch: Sequence[Sure], *, by: Staff | None) -> set[int]:
    taken = _take({one.line_id: one.amount_yen for one in batch})
    holding = [one for one in batch if one.line_id in taken]
    paid = orders.note_paid_in_full({one.order_id: one.amount_yen for one in holding}, by=by)
    done = [one for one in holding if one.order_id in paid]
    if refused := [one.line_id for one in holding if one.order_id not in paid]:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, [refused])
    if done:
        _write(done, by=by)
        stop_mails()
    return {one.line_id for one in done}


def _take(amounts: dict[int, int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(amounts)])
        cursor.execute(TAKE, [list(amounts), list(amounts.values())])
        return {pk for (pk,) in cursor.fetchall()}


def _write(done: Sequence[Sure], *, by: Staff | None) -> None:
    """The ledger rows of one batch and their history."""
    now, actor, booked_on = clock.now(), by.pk if by else None, closing.opener()
    numbers = _numbers("match", done)
    matches = bulk.insert(
        Match,
        [
            {
                "number": number, "line_id": one.line_id, "amount_yen": one.amount_yen, "score": one.score,
                "reasons": list(one.reasons), "is_automatic": True, "reverses_id": None, "at": now, "by_id": actor,
            }
            for one, number in zip(done, numbers, strict=True)
        ],
    )  # fmt: skip
    bulk.insert(
        Payment,
        [
            {
                "number": payment, "order_id": one.order_id, "customer_id": one.customer_id, "match_id": match_id,
                "source": PaymentSource.BANK.value, "amount_yen": one.amount_yen, "received_on": booked_on(one.on),
                "reverses_id": None, "method": "", "batch": "", "note": "", "key": f"{number}/1", "at": now,
                "by_id": actor,
            }
            for one, number, payment, match_id in zip(done, numbers, _numbers("payment", done), matches, strict=True)
        ],
    )  # fmt: skip
    facts = [
        activity.Fact(BankLine(pk=one.line_id), "match", f"{number} {yen(one.amount_yen)} を自動で消込")
        for one, number in zip(done, numbers, strict=True)
    ]
    activity.record_many(facts, by=by)


def _numbers(series: str, done: Sequence[Sure]) -> list[str]:
    """A number for each, of the year of its bank line."""
    years: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(done):
        years[one.on.year].append(at)
    found = [""] * len(done)
    for places in years.values():
        taken = numbering.take(series, len(places), on=done[places[0]].on)
        for at, number in zip(places, taken, strict=True):
            found[at] = number
    return found
