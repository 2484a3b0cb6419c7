"""返品の代金: what a credit note takes off an order is written off, and the customer's money goes back or is kept for him.

First the part that was never paid is forgiven; only what we really have is given back. Of an order that a channel settles,
money that the channel gives back itself is told by its settlement file and not written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.orders import queries as orders
from akinai.payments.errors import AmountsDisagree
from akinai.payments.models import Payment
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from akinai.payments.states import PaymentSource, RefundMethod

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class GivenBack:
    """返還の内訳: `forgiven_yen` was not paid yet, `refunded_yen` goes back, `kept_yen` is 預り金 now."""

    forgiven_yen: int
    refunded_yen: int
    kept_yen: int


@transaction.atomic
def take_back(key: str, *, is_unsent: bool, note: str, by: Staff | None) -> int:
    """返還の取消 of what `give_back` wrote under this key: the write-off by its mirror, and the money too while it has not gone out.

    Money that has gone out stays told, so the order owes it again. Out: the yen that it owes. Nothing to take back is 0.
    """
    rows = Payment.objects.filter(key__startswith=f"{key}/", reversed_by=None, reverses=None).order_by("id")
    chosen = [row for row in rows if is_unsent or row.source != PaymentSource.REFUND]
    if chosen:
        ledger.reverse(chosen, note=note, by=by)
    return sum(row.amount_yen for row in chosen if row.order_id)


@transaction.atomic
def give_back(
    *,
    order_id: int,
    refund_yen: int,
    keep_yen: int,
    method: str,
    is_settled_elsewhere: bool,
    on: date,
    key: str,
    note: str,
    by: Staff | None,
) -> GivenBack:
    """返品の返金・預り金: the order's total is answered by the credit note of `refund_yen + keep_yen`.

    `is_settled_elsewhere`: the order's money never comes to us as a payment of its own. Raises AmountsDisagree for a
    customer who is unknown where money is kept, AlreadyMatched for the same `key` again.
    """
    total = refund_yen + keep_yen
    if refund_yen < 0 or keep_yen < 0 or not total:
        raise AmountsDisagree("返還する金額がありません。", way_out="1 円以上の金額を入力してください。")
    owed, customer_id = orders.owed([order_id])[order_id]
    forgiven = 0 if is_settled_elsewhere else min(owed, total)
    back = max(refund_yen - forgiven, 0)
    kept = total - forgiven - back
    if kept and customer_id is None:
        raise AmountsDisagree(
            "この受注には顧客が付いていないため、預り金にできません。", way_out="対応を返金に変えてください。"
        )
    if is_settled_elsewhere and method == RefundMethod.CHANNEL and not kept:
        return GivenBack(0, back, 0)
    by_channel = is_settled_elsewhere and method == RefundMethod.CHANNEL
    written_back = 0 if by_channel else back
    entries = []
    if written_back:
        entries.append(
            Entry(PaymentSource.REFUND, -written_back, order_id, customer_id, note, RefundMethod(method))
        )
    if kept:
        entries.append(Entry(PaymentSource.CREDIT, -kept, order_id, customer_id, note))
        entries.append(Entry(PaymentSource.CREDIT, kept, None, customer_id, note))
    entries.append(
        Entry(PaymentSource.CREDIT_NOTE, forgiven + written_back + kept, order_id, customer_id, note)
    )
    ledger.write(entries, on=on, key=key, by=by)
    return GivenBack(forgiven, back, kept)
