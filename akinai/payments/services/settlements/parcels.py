"""同梱の代引: one sum for the orders of one parcel, which a person shares out as the driver was to take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders_known
from akinai.orders import services as orders
from akinai.payments.models import Payment, SettlementLine
from akinai.payments.services import ledger
from akinai.payments.services.settlements.acts import open_line, record
from akinai.payments.services.settlements.explaining import collects_of, money_of, source_of
from akinai.payments.services.settlements.writing import Money, Said, say, write_payments
from akinai.payments.settlement_states import How, LineKind

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class ParcelShare:
    """One order of the parcel: what of the sum is its, and the receipt of these yen that a clerk has written (else None)."""

    order_id: int
    number: str
    yen: int
    owed_yen: int
    written: int | None

    @property
    def may_be_paid(self) -> bool:
        """Does the order owe its share, or was it told by hand?"""
        return self.owed_yen >= self.yen or self.written is not None


def parcel_of(line: SettlementLine) -> list[ParcelShare]:
    """The orders of this line's parcel with their shares; none where it is one order's, or another sum than was to be taken."""
    shares = collects_of(line.settlement.provider, [line]).get(line.tracking_no, ())
    if line.kind != LineKind.SALE or len(shares) < 2 or sum(part for _, part in shares) != line.yen:
        return []
    ids = sorted(order_id for order_id, _ in shares)
    money, sums = money_of(ids, line.settlement.provider), orders_known.sums_of(ids)
    return [
        ParcelShare(
            pk, sums[pk].number, part, money[pk].owed_yen,
            next((known for known, amount in money[pk].by_hand if amount == part), None),
        )
        for pk, part in sorted(shares)
    ]  # fmt: skip


@transaction.atomic
def tie_parcel(line_id: int, *, note: str = "", by: Staff | None) -> None:
    """同梱の受注に分ける: each order of the parcel gets its share of this line.

    A receipt of the same yen that a clerk has written is taken back by its mirror, since this line tells of that money.
    Refused where the sum is not the parcel's, and where an order does not owe its share.
    """
    line, status, settlement = open_line(line_id)
    shares = parcel_of(line)
    if not shares:
        raise DomainError(
            "この明細は、同梱の荷物の代引金額と同じではありません。",
            way_out="「受注に結び付ける」か「科目」を選んでください。",
        )
    told = f"{settlement.number} の明細 {line.nth} と入れ替え"
    written = Payment.objects.filter(pk__in=[one.written for one in shares if one.written])
    if rows := list(written.order_by("order_id")):
        ledger.reverse(rows, note=told, by=by)
    for one in shares:
        orders.note_paid(one.order_id, one.yen, by=by)
    source, turn = source_of(settlement.provider), status.turn + 1
    write_payments(
        [Money(line.pk, turn, part, one.order_id, one.yen, source, note=note) for part, one in enumerate(shares, 1)],
        settlement, by=by,
    )  # fmt: skip
    words = f"同梱 {len(shares)} 件分の代引"
    say([Said(line.pk, How.PAID, order_id=shares[0].order_id, note=note or words, turn=turn)], by=by)
    listed = "、".join(f"{one.number} {yen(one.yen)}" for one in shares)
    record(settlement, line, f"{words}（{listed}）", note, by)
