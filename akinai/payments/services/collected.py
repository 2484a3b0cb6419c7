"""決済の計上: what a door's capture, refund and lost dispute mean in the ledger. Money by hand and by file is told by settlements.

What was captured is a claim on the provider (未収入金) until its payout comes; a settlement's line finds the row written here
and explains it, so nothing is counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.orders.states import OrderState
from akinai.payments.models import Payment
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from akinai.payments.states import PaymentSource, RefundMethod

if TYPE_CHECKING:
    from akinai.payments.models import PaymentRequest
    from akinai.staff.models import Staff


@transaction.atomic
def note_captured(request: PaymentRequest, *, by: Staff | None) -> list[Payment]:
    """売上確定 → 入金: what the order owes is paid; what is beyond it is kept for the customer as 預り金.

    Raises the ledger's refusal where there is no customer to keep it for.
    """
    order = orders.by_number(request.order.number) or request.order
    owed = 0 if order.state == OrderState.CANCELLED else min(order.owed_yen, request.amount_yen)
    note, entries = f"{request.number} {request.provider}", []
    if owed:
        entries.append(Entry(PaymentSource.CHANNEL, owed, order.pk, note=note))
    if beyond := request.amount_yen - owed:
        if order.customer_id is None:
            raise DomainError(
                f"{request.number} で {yen(beyond)} 多く支払われましたが、受注に顧客が付いていないため預り金にできません。",
                way_out="受注に顧客を付けてから、もう一度処理してください。",
            )
        entries.append(Entry(PaymentSource.CHANNEL, beyond, None, order.customer_id, note=f"{note} 過入金"))
    return ledger.write(
        entries, on=clock.today(), key=f"capture:{request.number}", batch=request.number, by=by
    )


@transaction.atomic
def note_refunded(request: PaymentRequest, *, amount_yen: int, key: str, note: str, by: Staff | None) -> None:
    """返金 through the provider. Raises DomainError beyond what is paid on the order."""
    entry = Entry(PaymentSource.REFUND, -amount_yen, request.order_id, note=note, method=RefundMethod.CHANNEL)
    ledger.write([entry], on=clock.today(), key=f"refund:{key}", batch=request.number, by=by)


@transaction.atomic
def note_lost(request: PaymentRequest, *, by: Staff | None) -> None:
    """異議申立に負けた: the provider has taken the money back, and the order owes it again."""
    paid = orders.paid([request.order_id]).get(request.order_id, 0)
    lost = min(request.disputed_yen or request.left_yen, paid)
    if lost:
        note_refunded(
            request, amount_yen=lost, key=f"dispute:{request.dispute_ref or request.number}",
            note=f"{request.number} 異議申立により返金", by=by,
        )  # fmt: skip
