"""返品・値引の相殺: what credit notes on a statement take off an order is no longer owed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Sum

from akinai.billing import queries as billing
from akinai.core import clock
from akinai.orders import queries as orders
from akinai.payments.models import Payment
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from akinai.payments.states import PaymentSource


@transaction.atomic
def on_statement_issued(*, order_ids: Sequence[int], **_: object) -> None:
    """Event statement.issued: the orders owe what their papers ask for, no more. Safe to run twice.

    What was given back of an order that is paid already becomes the customer's 預り金 and lowers his next payment.
    """
    for returned in billing.unbilled_by_returns(order_ids):
        rows = Payment.objects.filter(order_id=returned.order_id, source=PaymentSource.CREDIT_NOTE)
        booked = rows.aggregate(sum=Sum("amount_yen"))["sum"] or 0
        if booked == returned.given_back_yen:
            continue
        if booked:
            ledger.reverse(
                list(rows.filter(reverses=None, reversed_by=None)), note="返品・値引の計算し直し", by=None
            )
        if returned.given_back_yen:
            _write_off(returned, nth=rows.count())


def _write_off(returned: billing.Returned, *, nth: int) -> None:
    owed, _customer = orders.owed([returned.order_id])[returned.order_id]
    too_much = max(returned.given_back_yen - owed, 0)
    note = "返還請求書による返品・値引"
    entries = [
        Entry(
            PaymentSource.CREDIT_NOTE, returned.given_back_yen, returned.order_id, returned.customer_id, note
        )
    ]
    if too_much:
        entries += [
            Entry(PaymentSource.CREDIT, -too_much, returned.order_id, returned.customer_id, note),
            Entry(PaymentSource.CREDIT, too_much, None, returned.customer_id, note),
        ]
    ledger.write(entries, on=clock.today(), key=f"credit-note:{returned.order_id}:{nth}", by=None)
