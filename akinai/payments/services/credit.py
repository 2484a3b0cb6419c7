"""預り金: money kept for a customer, used for an order, or given back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.payments.errors import AmountsDisagree
from akinai.payments.models import CreditBalance, Payment
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from akinai.payments.states import PaymentSource, RefundMethod

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def use_credit(*, order_id: int, amount_yen: int, on: date, key: str, by: Staff | None) -> list[Payment]:
    """預り金を充てる: two rows, out of the customer's 預り金 and into the order.

    Refused when the order has no customer, owes less, or the 預り金 does not hold so much (any more).
    """
    customer_id = _customer_of(order_id)
    _refuse_less_than_one(amount_yen)
    rows = ledger.write(
        [
            Entry(PaymentSource.CREDIT_USED, -amount_yen, customer_id=customer_id),
            Entry(PaymentSource.CREDIT_USED, amount_yen, order_id, customer_id),
        ],
        on=on, key=f"use:{key}", by=by,
    )  # fmt: skip
    _tell(customer_id, "use_credit", f"預り金 {yen(amount_yen)} を受注に充当", by)
    return rows


@transaction.atomic
def keep_as_credit(
    *, order_id: int, amount_yen: int, on: date, key: str, note: str, by: Staff | None
) -> list[Payment]:
    """入金を預り金に移す: money of a cancelled (or too dearly paid) order stays with us for the customer's next one."""
    customer_id = _customer_of(order_id)
    _refuse_less_than_one(amount_yen)
    rows = ledger.write(
        [
            Entry(PaymentSource.CREDIT, -amount_yen, order_id, customer_id, note),
            Entry(PaymentSource.CREDIT, amount_yen, customer_id=customer_id, note=note),
        ],
        on=on, key=f"keep:{key}", by=by,
    )  # fmt: skip
    _tell(customer_id, "keep_as_credit", f"受注の入金 {yen(amount_yen)} を預り金に移動", by)
    return rows


@transaction.atomic
def return_credit(
    *, customer_id: int, amount_yen: int, method: str, on: date, key: str, note: str, by: Staff | None
) -> Payment:
    """預り金を返す: the money goes back to the customer."""
    _refuse_less_than_one(amount_yen)
    RefundMethod(method)
    (row,) = ledger.write(
        [Entry(PaymentSource.REFUND, -amount_yen, customer_id=customer_id, note=note, method=method)],
        on=on, key=f"return:{key}", by=by,
    )  # fmt: skip
    _tell(
        customer_id, "return_credit", f"預り金 {yen(amount_yen)} を返金（{RefundMethod(method).label}）", by
    )
    return row


def _customer_of(order_id: int) -> int:
    customer_id = next(iter(orders.customer_ids([order_id])), None)
    if customer_id is None:
        raise AmountsDisagree(
            "この受注には顧客が付いていないため、預り金を使えません。",
            way_out="返金を記録するか、連絡先の分かる受注で扱ってください。",
        )
    return customer_id


def _refuse_less_than_one(amount_yen: int) -> None:
    if amount_yen < 1:
        raise AmountsDisagree("金額は 1 円以上にしてください。", way_out="金額を確かめてください。")


def _tell(customer_id: int, verb: str, summary: str, by: Staff | None) -> None:
    activity.record(CreditBalance(pk=customer_id), verb, by=by, summary=summary)
