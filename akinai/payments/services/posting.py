"""まとめて消込: thousands of certain matches in few statements. Each batch is one transaction.

The same guards as for one line decide, row by row: a line must still hold exactly this money, an order must still owe what
it is to get. What belongs together (several orders of one line, several lines of one order) is written whole or not at all:
who fails is left out, and nothing of him is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date, datetime
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
WORTH_TWO_HANDS = 4  # batches


@dataclass(frozen=True, slots=True)
class Money:
    """One bank line and what it holds."""

    line_id: int
    on: date
    yen: int


@dataclass(frozen=True, slots=True)
class Share:
    """Yen of a line for an order."""

    line_id: int
    order_id: int
    customer_id: int | None
    yen: int


@dataclass(frozen=True, slots=True)
class Sure:
    """Lines that pay orders in full, together. Most are one line and one order."""

    lines: tuple[Money, ...]
    shares: tuple[Share, ...]
    score: int
    reasons: tuple[str, ...]


def one_to_one(
    line_id: int,
    on: date,
    amount_yen: int,
    order_id: int,
    customer_id: int | None,
    score: int,
    reasons: tuple[str, ...],
) -> Sure:
    """One line that pays one order."""
    share = Share(line_id, order_id, customer_id, amount_yen)
    return Sure((Money(line_id, on, amount_yen),), (share,), score, reasons)


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
    """Post them batch by batch. Out: the lines that were posted.

    Many batches go by two hands: while the database writes one, the next is made ready. Each is a transaction of its own,
    no line stands in two of them, and each locks in rising order. Inside a caller's transaction one hand does it all.
    """
    batches = list(batched(sure, BATCH))
    if len(batches) < WORTH_TWO_HANDS or connection.in_atomic_block:
        return {pk for batch in batches for pk in _post(batch, by=by)}
    with ThreadPoolExecutor(max_workers=2) as hands:
        waiting = [hands.submit(copy_context().run, _post_alone, batch, by) for batch in batches]
        return {pk for one in waiting for pk in one.result()}


def _post_alone(batch: Sequence[Sure], by: Staff | None) -> set[int]:
    """One batch in a thread of its own, whose connection is given back."""
    try:
        return _post(batch, by=by)
    finally:
        connection.close()


@transaction.atomic
def _post(batch: Sequence[Sure], *, by: Staff | None) -> set[int]:
    taken = _take({line.line_id: line.yen for one in batch for line in one.lines})
    holding = [one for one in batch if all(line.line_id in taken for line in one.lines)]
    done = _pay(holding, by=by)
    kept = {line.line_id for one in done for line in one.lines}
    if taken - kept:
        with connection.cursor() as cursor:
            cursor.execute(GIVE_BACK, [list(taken - kept)])
    if done:
        _write(done, by=by)
        stop_mails()
    return kept


def _take(amounts: dict[int, int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(amounts)])
        cursor.execute(TAKE, [list(amounts), list(amounts.values())])
        return {pk for (pk,) in cursor.fetchall()}


def _pay(holding: Sequence[Sure], *, by: Staff | None) -> list[Sure]:
    """Tell the orders. Out: those whose every order took its money."""
    groups: list[dict[int, int]] = []
    for one in holding:
        amounts: dict[int, int] = defaultdict(int)
        for share in one.shares:
            amounts[share.order_id] += share.yen
        groups.append(dict(amounts))
    paid = orders.note_paid_together(groups, by=by)
    return [one for one, is_paid in zip(holding, paid, strict=True) if is_paid]


def _write(done: Sequence[Sure], *, by: Staff | None) -> None:
    """The ledger rows of one batch and their history: a match for each line, a payment for each share."""
    now, actor, booked_on = clock.now(), by.pk if by else None, closing.opener()
    lines = [(one, line) for one in done for line in one.lines]
    numbers = _numbers("match", [line.on for _one, line in lines])
    matches = bulk.insert(
        Match,
        [
            {
                "number": number, "line_id": line.line_id, "amount_yen": line.yen, "score": one.score,
                "reasons": list(one.reasons), "is_automatic": True, "reverses_id": None, "at": now, "by_id": actor,
            }
            for (one, line), number in zip(lines, numbers, strict=True)
        ],
    )  # fmt: skip
    made = {
        line.line_id: (pk, number, line.on)
        for (_one, line), pk, number in zip(lines, matches, numbers, strict=True)
    }
    _write_payments([share for one in done for share in one.shares], made, booked_on, now, actor)
    facts = [
        activity.Fact(BankLine(pk=line.line_id), "match", f"{number} {yen(line.yen)} を自動で消込")
        for (_one, line), number in zip(lines, numbers, strict=True)
    ]
    activity.record_many(facts, by=by)


def _write_payments(
    shares: Sequence[Share],
    made: dict[int, tuple[int, str, date]],
    booked_on: Callable[[date], date],
    now: datetime,
    actor: int | None,
) -> None:
    count: dict[int, int] = defaultdict(int)
    days = [made[share.line_id][2] for share in shares]
    rows = []
    for share, number in zip(shares, _numbers("payment", days), strict=True):
        match_id, match_number, on = made[share.line_id]
        count[share.line_id] += 1
        rows.append(
            {
                "number": number, "order_id": share.order_id, "customer_id": share.customer_id, "match_id": match_id,
                "source": PaymentSource.BANK.value, "amount_yen": share.yen, "received_on": booked_on(on),
                "reverses_id": None, "method": "", "batch": "", "note": "", "key": f"{match_number}/{count[share.line_id]}",
                "at": now, "by_id": actor,
            }
        )  # fmt: skip
    bulk.insert(Payment, rows)


def _numbers(series: str, days: Sequence[date]) -> list[str]:
    """A number for each, of the year of its bank line."""
    years: dict[int, list[int]] = defaultdict(list)
    for at, on in enumerate(days):
        years[on.year].append(at)
    found = [""] * len(days)
    for places in years.values():
        taken = numbering.take(series, len(places), on=days[places[0]])
        for at, number in zip(places, taken, strict=True):
            found[at] = number
    return found
