"""買掛台帳への記帳: the ledger grows and the balance follows, in the caller's transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile
from akinai.purchasing.models import PayableEntry

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def write(
    supplier_id: int, kind: str, amount_yen: int, *, document: str, key: str, on: date, due_on: date | None = None,
    settles: PayableEntry | None = None, reverses: PayableEntry | None = None, note: str = "", by: Staff | None,
) -> PayableEntry:  # fmt: skip
    """One row and the balance. Raises ChangedMeanwhile when `key` was written before."""
    try:
        with transaction.atomic():
            entry = PayableEntry.objects.create(
                supplier_id=supplier_id, kind=kind, amount_yen=amount_yen, document=document, key=key, on=on,
                due_on=due_on, settles=settles, reverses=reverses, note=note[:200], by=by,
            )  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhile(
            f"{document} はすでに買掛台帳にあります。", way_out="買掛台帳で確かめてください。"
        ) from None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO purchasing_payablebalance (supplier_id, balance_yen) VALUES (%s, %s) ON CONFLICT (supplier_id) "
            "DO UPDATE SET balance_yen = purchasing_payablebalance.balance_yen + excluded.balance_yen",
            [supplier_id, amount_yen],
        )
    return entry


def reverse(entry: PayableEntry, *, note: str, by: Staff | None) -> PayableEntry:
    """取消: the opposite row, once; what it took off a bill is owed again."""
    return write(
        entry.supplier_id, PayableEntry.Kind.REVERSAL, -entry.amount_yen, document=entry.document,
        key=f"reverse:{entry.pk}", on=clock.today(), settles=entry.settles, reverses=entry, note=note, by=by,
    )  # fmt: skip
