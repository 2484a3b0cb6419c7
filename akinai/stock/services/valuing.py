"""原価の記帳: every movement of goods brings or takes value by moving average, in the same transaction.

The values of the SKUs are locked in SKU order after their levels, so acts wait for each other in one direction only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock.models import StockEntry, ValueEntry
from akinai.stock.valuation import ZERO, Worth, change, settled

if TYPE_CHECKING:
    from akinai.staff.models import Staff

S, V = StockEntry.Kind, ValueEntry.Kind
KINDS = {
    S.OPENING: V.RECEIPT, S.RECEIPT: V.RECEIPT, S.RETURN_OUT: V.RECEIPT, S.SHIPMENT: V.ISSUE, S.RETURN: V.ISSUE,
    S.ADJUSTMENT: V.ADJUSTMENT, S.COUNT: V.ADJUSTMENT, S.REVERSAL: V.REVERSAL,
}  # fmt: skip
ALONE = (V.LANDED, V.CORRECTION, V.WRITEDOWN)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """金額だけの動き: freight on goods that came, a corrected price, a write-down. `pieces` are the goods it belongs to; the share
    of those that have left goes to 売上原価 at once. Without it all of it belongs to what lies there."""

    sku_id: int
    value_yen: Decimal
    kind: str
    reference: str
    key: str
    pieces: int | None = None
    note: str = ""
    at: datetime | None = None


def record_values(entries: Sequence[StockEntry]) -> None:
    """The value of these new ledger rows. Moving between places changes nothing of what we own."""
    originals = _values_of(entry.reverses_id for entry in entries if entry.reverses_id)
    owned = [entry for entry in entries if _counts(entry, originals)]
    if not owned:
        return
    worth = lock_values(entry.sku_id for entry in owned)
    guesses = _guesses(owned, worth)
    made = []
    for entry in owned:
        original = originals.get(entry.reverses_id or 0)
        made.append(_valued(entry, original, worth, guesses))
    ValueEntry.objects.bulk_create(made, batch_size=5000)
    _keep(worth)


def _counts(entry: StockEntry, originals: dict[int, ValueEntry]) -> bool:
    """Goods came or left, rather than changed places."""
    return entry.reverses_id in originals if entry.reverses_id else entry.kind != S.TRANSFER


def _values_of(entry_ids: Iterable[int]) -> dict[int, ValueEntry]:
    rows = ValueEntry.objects.filter(stock_entry_id__in=list(entry_ids))
    return {row.stock_entry_id: row for row in rows if row.stock_entry_id}


def lock_values(sku_ids: Iterable[int]) -> dict[int, Worth]:
    """Make sure the value rows exist and hold them until commit, in SKU order."""
    ids = sorted(set(sku_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stock_stockvalue (sku_id, quantity, value_yen) SELECT s, 0, 0 FROM unnest(%s::bigint[]) s "
            "ORDER BY s ON CONFLICT (sku_id) DO NOTHING",
            [ids],
        )
        cursor.execute(
            "SELECT sku_id, quantity, value_yen FROM stock_stockvalue WHERE sku_id = ANY(%s) ORDER BY sku_id "
            "FOR NO KEY UPDATE",
            [ids],
        )
        return {sku_id: Worth(quantity, value) for sku_id, quantity, value in cursor.fetchall()}


def _guesses(entries: Sequence[StockEntry], worth: dict[int, Worth]) -> dict[int, Decimal]:
    """原価 of the catalogue for goods that come without a cost onto an empty shelf."""
    unknown = {
        e.sku_id for e in entries if e.quantity > 0 and e.unit_cost is None and not worth[e.sku_id].pieces
    }
    rows = catalog.sku_rows(unknown) if unknown else {}
    return {pk: row.cost for pk, row in rows.items() if row.cost is not None}


def _valued(
    entry: StockEntry, original: ValueEntry | None, worth: dict[int, Worth], guesses: dict[int, Decimal]
) -> ValueEntry:
    """One row, and the worth after it."""
    now, told = worth[entry.sku_id], _told(entry, original)
    value = change(now, entry.quantity, told, guesses.get(entry.sku_id, ZERO))
    worth[entry.sku_id] = Worth(now.pieces + entry.quantity, now.value + value)
    return ValueEntry(
        sku_id=entry.sku_id, stock_entry_id=entry.pk, kind=KINDS[S(entry.kind)], quantity=entry.quantity, value_yen=value,
        is_estimated=entry.quantity > 0 and told is None, reference=entry.reference, key=f"stock:{entry.pk}",
        reverses=original, note=entry.note, at=entry.at, by_id=entry.by_id,
    )  # fmt: skip


def _told(entry: StockEntry, original: ValueEntry | None) -> Decimal | None:
    """What the paper says: of a reversal the opposite of its original, of goods that came (or go back) their cost."""
    if original is not None:
        return -original.value_yen
    if entry.unit_cost is not None and (entry.quantity > 0 or entry.kind == S.RETURN_OUT):
        return entry.quantity * entry.unit_cost
    return None


def _keep(worth: dict[int, Worth]) -> None:
    ids = sorted(worth)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stockvalue v SET quantity = n.quantity, value_yen = n.value_yen "
            "FROM unnest(%s::bigint[], %s::int[], %s::numeric[]) AS n(sku_id, quantity, value_yen) WHERE v.sku_id = n.sku_id",
            [ids, [worth[pk].pieces for pk in ids], [worth[pk].value for pk in ids]],
        )


@transaction.atomic
def add_value(changes: Sequence[ValueChange], *, by: Staff | None) -> list[ValueEntry]:
    """付帯費用・単価の訂正・評価損: value without goods. Raises ChangedMeanwhile when a `key` was posted before."""
    if any(one.kind not in ALONE for one in changes):
        raise DomainError(
            "金額だけを動かす種類ではありません。",
            way_out="付帯費用・単価の訂正・評価損のどれかにしてください。",
        )
    worth = lock_values(one.sku_id for one in changes)
    now = clock.now()
    made = []
    for one in changes:
        held = worth[one.sku_id]
        kept = _share(held, settled(one.value_yen), one.pieces)
        worth[one.sku_id] = Worth(held.pieces, held.value + kept)
        made.append(ValueEntry(
            sku_id=one.sku_id, kind=one.kind, value_yen=kept, expensed_yen=settled(one.value_yen) - kept,
            reference=one.reference, key=one.key, note=one.note[:200], at=one.at or now, by_id=by.pk if by else None,
        ))  # fmt: skip
    return _written(made, worth)


def _written(made: list[ValueEntry], worth: dict[int, Worth]) -> list[ValueEntry]:
    try:
        with transaction.atomic():
            rows = ValueEntry.objects.bulk_create(made)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{made[0].reference} の金額はすでに計上されています。", way_out="原価台帳で確かめてください。"
        ) from error
    _keep(worth)
    return rows


def _share(worth: Worth, value: Decimal, pieces: int | None) -> Decimal:
    """The part that belongs to goods still there; never below nothing."""
    if not worth.pieces:
        return ZERO
    there = value if not pieces else settled(value * min(worth.pieces, pieces) / pieces)
    return max(there, -worth.value)


@transaction.atomic
def reverse_value(entry_ids: Sequence[int], *, reason: str, by: Staff | None) -> list[ValueEntry]:
    """金額だけの動きの取消: the opposite of each, once. What no longer lies there comes back out of 売上原価."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    originals = list(
        ValueEntry.objects.filter(pk__in=entry_ids, stock_entry=None, reverses=None).order_by("id")
    )
    if len(originals) != len(set(entry_ids)):
        raise DomainError("取り消せない行です。", way_out="入出庫の行は、その伝票で取り消してください。")
    worth = lock_values(row.sku_id for row in originals)
    now = clock.now()
    made = []
    for row in originals:
        held, total = worth[row.sku_id], row.value_yen + row.expensed_yen
        kept = _share(held, -row.value_yen, None)
        worth[row.sku_id] = Worth(held.pieces, held.value + kept)
        made.append(ValueEntry(
            sku_id=row.sku_id, kind=V.REVERSAL, value_yen=kept, expensed_yen=-total - kept, reference=row.reference,
            key=f"reverse:{row.pk}", reverses=row, note=reason.strip()[:200], at=now, by_id=by.pk if by else None,
        ))  # fmt: skip
    return _written(made, worth)
