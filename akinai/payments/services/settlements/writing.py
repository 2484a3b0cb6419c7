"""精算の記帳: the rows that one act on a settlement writes, in few statements however many its lines are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F

from akinai.core import bulk, clock, closing, numbering
from akinai.core.errors import DomainError
from akinai.payments.models import Payment, SettlementEntry, SettlementStatus
from akinai.payments.settlement_states import SettlementState

if TYPE_CHECKING:
    from akinai.payments.models import PayoutTerms, Settlement
    from akinai.staff.models import Staff

SAY = """
UPDATE payments_settlementlinestatus s SET state = CASE WHEN p.why = '' THEN 'explained' ELSE 'open' END, how = p.how,
  why = p.why, role = p.role, order_id = p.order_id, payment_id = p.payment_id, note = p.note, turn = p.turn, at = %s, by_id = %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::int[])
  AS p(line_id, how, why, role, order_id, payment_id, note, turn)
WHERE s.line_id = p.line_id
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What is now said of one line."""

    line_id: int
    how: str = ""
    why: str = ""
    role: str = ""
    order_id: int | None = None
    payment_id: int | None = None
    note: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """One row of payments that a line makes. `part` numbers the rows of one line."""

    line_id: int
    turn: int
    part: int
    order_id: int
    yen: int
    source: str
    method: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """Yen of a line that go to an account; a cost is positive."""

    line_id: int | None
    role: str
    yen: int
    tax_yen: int = 0
    note: str = ""
    reverses_id: int | None = None


def begin(settlement: Settlement) -> SettlementStatus:
    """Take the settlement for one act: others wait until it is done. Refused once it is taken back."""
    status = SettlementStatus.objects.select_for_update().get(pk=settlement.pk)
    if status.state != SettlementState.LIVE:
        raise DomainError(
            f"{settlement.number} は取り消されています。", way_out="精算の一覧を開き直してください。"
        )
    return status


def booked_on(settlement: Settlement) -> date:
    """The day on which an act of this settlement is booked: its own, never one of a closed month or to come."""
    return closing.open_day(min(settlement.paid_on, clock.today()))


def say(said: Sequence[Said], *, by: Staff | None) -> None:
    if not said:
        return
    columns = list(
        zip(
            *(
                (s.line_id, s.how, s.why, s.role, s.order_id, s.payment_id, s.note[:200], s.turn)
                for s in said
            ),
            strict=True,
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(SAY, [clock.now(), by.pk if by else None, *(list(column) for column in columns)])


def write_payments(rows: Sequence[Money], settlement: Settlement, *, by: Staff | None) -> None:
    """The ledger rows alone; the caller has moved the orders."""
    numbers = numbering.take("payment", len(rows), on=settlement.paid_on)
    on, now = booked_on(settlement), clock.now()
    bulk.insert(
        Payment,
        [
            {
                "number": number, "order_id": one.order_id, "customer_id": None, "match_id": None, "source": str(one.source),
                "amount_yen": one.yen, "received_on": on, "reverses_id": None, "method": str(one.method),
                "batch": settlement.number, "note": one.note[:200], "key": key_of(one.line_id, one.turn) + str(one.part),
                "at": now, "by_id": by.pk if by else None,
            }
            for one, number in zip(rows, numbers, strict=True)
        ],
    )  # fmt: skip


def key_of(line_id: int, turn: int) -> str:
    """How the keys of the payments of one explanation of a line begin."""
    return f"settlement-line:{line_id}:{turn}/"


def write_entries(rows: Iterable[Booked], settlement: Settlement, *, by: Staff | None) -> None:
    """One act: all of its rows become one entry of the journal."""
    rows = [one for one in rows if one.yen]
    if not rows:
        return
    status = SettlementStatus.objects.filter(pk=settlement.pk)
    status.update(acts=F("acts") + 1)
    act = status.values_list("acts", flat=True).get()
    on, now = booked_on(settlement), clock.now()
    bulk.insert(
        SettlementEntry,
        [
            {
                "settlement_id": settlement.pk, "act": act, "line_id": one.line_id, "on": on, "role": one.role, "yen": one.yen,
                "tax_yen": one.tax_yen, "note": one.note[:200], "reverses_id": one.reverses_id, "at": now,
                "by_id": by.pk if by else None,
            }
            for one in rows
        ],
    )  # fmt: skip


def tax_in(yen: int, role: str, terms: PayoutTerms) -> int:
    """消費税 within yen booked to this account: rounded down, once, by the provider's rate."""
    from akinai.core.tax import Rounding, tax_of
    from akinai.payments.settlement_states import TAXED

    return (
        tax_of(yen, terms.fee_rate, rounding=Rounding.DOWN, inclusive=True)
        if role in TAXED and terms.fee_rate
        else 0
    )
