"""入金の台帳: the one place where Payment rows are written, and the caches beside them moved, in one transaction.

Every row tells either an order (its 入金済額 moves) or nobody's order (the customer's 預り金 moves). Orders are touched
before balances and both in rising order, so that no two acts wait for each other in a ring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from akinai.core import clock, closing, numbering
from akinai.core.money import yen
from akinai.orders import services as orders
from akinai.payments.errors import AlreadyMatched, NotEnoughCredit
from akinai.payments.models import CreditBalance, Match, Payment
from akinai.payments.services.dunning import stop_mails

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be written; `amount_yen` is signed."""

    source: str
    amount_yen: int
    order_id: int | None = None
    customer_id: int | None = None
    note: str = ""
    method: str = ""


@transaction.atomic
def write(
    entries: Sequence[Entry],
    *,
    on: date,
    key: str,
    by: Staff | None,
    match: Match | None = None,
    batch: str = "",
) -> list[Payment]:
    """Write these rows and move what they touch, all or nothing.

    `key` names the act: the same key again is refused with AlreadyMatched. Raises the order's refusal, or
    NotEnoughCredit when a customer's 預り金 would fall below zero.
    """
    numbers = numbering.take("payment", len(entries), on=on)
    rows = [
        Payment(
            number=number, order_id=entry.order_id, customer_id=entry.customer_id, match=match, source=entry.source,
            amount_yen=entry.amount_yen, received_on=on, method=entry.method, batch=batch, note=entry.note[:200],
            key=f"{key}/{index}", by=by,
        )
        for index, (number, entry) in enumerate(zip(numbers, entries, strict=True), 1)
    ]  # fmt: skip
    _insert(rows, "同じ入金がすでに記録されています。")
    _move(rows, by)
    return rows


@transaction.atomic
def reverse(
    payments: Sequence[Payment], *, note: str, by: Staff | None, match: Match | None = None
) -> list[Payment]:
    """A mirror row for each of these, once only: a second reversal is refused with AlreadyMatched."""
    numbers, booked_on = numbering.take("payment", len(payments)), closing.opener()
    rows = [
        Payment(
            number=number, order_id=p.order_id, customer_id=p.customer_id, match=match, source=p.source,
            amount_yen=-p.amount_yen, received_on=booked_on(p.received_on), method=p.method, batch=p.batch, reverses=p,
            note=note[:200], key=f"reverse:{p.number}", by=by,
        )
        for number, p in zip(numbers, payments, strict=True)
    ]  # fmt: skip
    _insert(rows, "この入金はすでに取り消されています。")
    _move(rows, by)
    return rows


def _insert(rows: Sequence[Payment], refusal: str) -> None:
    """The UNIQUE columns `key` and `reverses` decide between two who do the same at once."""
    try:
        with transaction.atomic():
            Payment.objects.bulk_create(rows)
    except IntegrityError as error:
        if "payment_key" not in str(error) and "reverses_id" not in str(error):
            raise
        raise AlreadyMatched(refusal, way_out="入金の欄を開き直してください。") from error


def _move(rows: Sequence[Payment], by: Staff | None) -> None:
    owed: Counter[int] = Counter()
    kept: Counter[int] = Counter()
    for row in rows:
        if row.order_id:
            owed[row.order_id] += row.amount_yen
        elif row.customer_id:
            kept[row.customer_id] += row.amount_yen
    undone = all(row.reverses_id for row in rows)
    for order_id, amount in sorted(owed.items()):
        _tell_order(order_id, amount, undone, by)
    for customer_id, amount in sorted(kept.items()):
        move_credit(customer_id, amount)
    if any(amount > 0 for amount in owed.values()):
        stop_mails()


def _tell_order(order_id: int, amount_yen: int, undone: bool, by: Staff | None) -> None:
    if amount_yen < 0:
        orders.note_unpaid(order_id, -amount_yen, by=by)
    elif amount_yen > 0 and undone:
        orders.note_refund_reversed(order_id, amount_yen, by=by)
    elif amount_yen > 0:
        orders.note_paid(order_id, amount_yen, by=by)


def move_credit(customer_id: int, amount_yen: int) -> None:
    """預り金を動かす: one conditional UPDATE, so of two who use the same yen one is refused with NotEnoughCredit."""
    if not amount_yen:
        return
    CreditBalance.objects.bulk_create([CreditBalance(customer_id=customer_id)], ignore_conflicts=True)
    balance = CreditBalance.objects.filter(pk=customer_id)
    if not balance.filter(balance_yen__gte=-amount_yen).update(
        balance_yen=F("balance_yen") + amount_yen, moved_at=clock.now()
    ):
        left = balance.values_list("balance_yen", flat=True).get()
        raise NotEnoughCredit(
            f"預り金の残りは {yen(left)} です。{yen(-amount_yen)} は使えません。",
            way_out="預り金の画面を開き直して、残高を確かめてください。",
        )
