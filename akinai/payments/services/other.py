"""銀行以外の入金・返金: cash on delivery brought by the carrier, settlements, cash, refunds, and how to take them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core.errors import DomainError
from akinai.payments.models import Payment
from akinai.payments.services import ledger
from akinai.payments.services.ledger import Entry
from akinai.payments.states import BY_HAND, PaymentSource, RefundMethod

if TYPE_CHECKING:
    from akinai.staff.models import Staff

PAIRED = (PaymentSource.CREDIT, PaymentSource.CREDIT_USED)


def receive_otherwise(
    *,
    order_id: int,
    amount_yen: int,
    source: str,
    received_on: date,
    key: str,
    note: str = "",
    by: Staff | None,
) -> Payment:
    """入金の記録: yen that did not come as a bank line of their own. The same `key` again is refused."""
    (row,) = receive_many(
        {order_id: amount_yen}, source=source, received_on=received_on, key=key, note=note, by=by
    )
    return row


@transaction.atomic
def receive_many(
    amounts: Mapping[int, int],
    *,
    source: str,
    received_on: date,
    key: str,
    note: str = "",
    batch: str = "",
    by: Staff | None,
) -> list[Payment]:
    """入金の記録（まとめて）: order → yen, all or nothing. `batch` is the number on the carrier's or company's paper.

    The same `key` again is refused as a whole; so is a list with one order that does not owe so much.
    """
    if source not in BY_HAND or not amounts or any(amount <= 0 for amount in amounts.values()):
        raise DomainError(
            "入金の種類または金額が正しくありません。", way_out="1 円以上の金額と種類を選んでください。"
        )
    entries = [Entry(source, amount, order_id, note=note) for order_id, amount in sorted(amounts.items())]
    return ledger.write(entries, on=received_on, key=key, batch=batch[:40], by=by)


@transaction.atomic
def refund_order(
    *, order_id: int, amount_yen: int, method: str, on: date, key: str, note: str, by: Staff | None
) -> Payment:
    """返金: money of this order went back to the customer. The order owes it again; a cancelled one is then at rest.

    Refused beyond what was paid.
    """
    if method not in RefundMethod.values or amount_yen <= 0:
        raise DomainError(
            "返金の金額か方法が正しくありません。", way_out="1 円以上の金額と方法を選んでください。"
        )
    (row,) = ledger.write(
        [Entry(PaymentSource.REFUND, -amount_yen, order_id, note=note, method=method)],
        on=on, key=f"refund:{key}", by=by,
    )  # fmt: skip
    return row


@transaction.atomic
def reverse_payment(payment_id: int, *, note: str, by: Staff | None) -> list[Payment]:
    """入金・返金の取消 for rows without a bank line; both rows of a move from or to 預り金 go together.

    One made by a match is reversed by `unmatch`. Refused with AlreadyMatched the second time.
    """
    original = Payment.objects.get(pk=payment_id)
    if original.match_id or original.reverses_id:
        raise DomainError("この入金はここでは取り消せません。", way_out="消込の画面から取り消してください。")
    if not note.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    keys = [original.key]
    if original.source in PAIRED:
        act = original.key.rsplit("/", 1)[0]
        keys = [f"{act}/1", f"{act}/2"]
    return ledger.reverse(list(Payment.objects.filter(key__in=keys).order_by("id")), note=note, by=by)
