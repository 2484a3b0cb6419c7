"""銀行以外の入金: cash on delivery brought by the carrier, settlements, credit kept for a customer, cash."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import numbering
from akinai.core.errors import DomainError
from akinai.orders import services as order_services
from akinai.payments.errors import AlreadyMatched
from akinai.payments.models import Payment
from akinai.payments.states import PaymentSource

if TYPE_CHECKING:
    from akinai.staff.models import Staff

BY_HAND = frozenset({PaymentSource.CARRIER, PaymentSource.CHANNEL, PaymentSource.CASH, PaymentSource.SHORT})


@transaction.atomic
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
    if source not in BY_HAND or amount_yen <= 0:
        raise DomainError(
            "入金の種類または金額が正しくありません。", way_out="1 円以上の金額と種類を選んでください。"
        )
    try:
        with transaction.atomic():
            made = Payment.objects.create(
                number=numbering.take("payment", on=received_on)[0], order_id=order_id, source=source,
                amount_yen=amount_yen, received_on=received_on, note=note, key=key, by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyMatched(
            "同じ入金がすでに記録されています。", way_out="受注の入金欄を確かめてください。"
        ) from error
    order_services.note_paid(order_id, amount_yen, by=by)
    return made


@transaction.atomic
def reverse_payment(payment_id: int, *, note: str, by: Staff | None) -> Payment:
    """入金の取消 for a payment without a bank line. One made by a match is reversed by `unmatch`."""
    original = Payment.objects.get(pk=payment_id)
    if original.match_id or original.reverses_id or original.order_id is None:
        raise DomainError("この入金はここでは取り消せません。", way_out="消込の画面から取り消してください。")
    try:
        with transaction.atomic():
            made = Payment.objects.create(
                number=numbering.take("payment")[0], order_id=original.order_id, source=original.source,
                amount_yen=-original.amount_yen, received_on=original.received_on, reverses=original, note=note,
                key=f"reverse:{original.number}", by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyMatched(
            "この入金はすでに取り消されています。", way_out="受注の入金欄を確かめてください。"
        ) from error
    order_services.note_unpaid(original.order_id, original.amount_yen, by=by)
    return made
