"""問い合わせからできること: for each order of a ticket, the acts of its rooms that this person may do and that can be done now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from akinai.billing import queries as billing
from akinai.orders.states import WAITING
from akinai.shipping import return_queries
from akinai.shipping.states import OPEN_RETURNS

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.shipping.models import Shipment
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Way:
    """できること: a page of another room; the ticket's number travels with it, so that the way back is known."""

    label: str
    icon: str
    url: str
    note: str = ""


def ways_of(order: Order, staff: Staff, gone: Sequence[Shipment]) -> list[Way]:
    """できること with one order of which these shipments have left. About two questions."""
    return [
        *_of_order(order, staff),
        *_papers(order, staff),
        *_returns(order, gone, staff),
        *_money(order, staff),
    ]


def _of_order(order: Order, staff: Staff) -> Iterator[Way]:
    if (
        order.state not in WAITING or order.in_parts
    ):  # once a part has gone, the order's own page says what is left
        return
    if staff.has_perm("orders.change_order"):
        yield Way("お届け先を直す", "pin", reverse("orders:delivery", args=[order.number]))
        yield Way("内容を変える", "edit", reverse("orders:change", args=[order.number]))
    if staff.has_perm("orders.cancel_order"):
        yield Way("キャンセルする", "x-circle", reverse("orders:detail", args=[order.number]) + "#stop")


def _papers(order: Order, staff: Staff) -> Iterator[Way]:
    invoice = billing.current(order.pk)
    if invoice is not None and staff.has_perm("billing.add_paperdelivery"):
        yield Way(
            "請求書を送り直す", "invoice", reverse("billing:detail", args=[invoice.number]), invoice.number
        )
    receipts = billing.receipts_of(order.pk)
    if receipts and staff.has_perm("billing.view_receiptpaper"):
        yield Way(
            "領収書を渡し直す",
            "file",
            reverse("billing:receipt", args=[receipts[-1].number]),
            receipts[-1].number,
        )
    elif staff.has_perm("billing.add_receiptpaper") and billing.receivable(order.pk).left_yen > 0:
        yield Way("領収書を出す", "file", reverse("billing:issue_receipt", args=[order.number]))


def _returns(order: Order, gone: Sequence[Shipment], staff: Staff) -> Iterator[Way]:
    cases = [one for one in return_queries.cases_of(order.pk) if one.order_id == order.pk]
    for case in cases:
        if case.state in OPEN_RETURNS and staff.has_perm("shipping.view_returncase"):
            yield Way(
                "返品を進める",
                "return",
                reverse("shipping:return", args=[case.number]),
                f"{case.number} {case.get_state_display()}",
            )
    if not staff.has_perm("shipping.change_returncase"):
        return
    for shipment in gone:
        if any(one.left > 0 for one in return_queries.returnable(shipment)):
            yield Way(
                "返品・交換・再送を受け付ける",
                "return",
                reverse("shipping:request_return", args=[shipment.number]),
                shipment.number,
            )


def _money(order: Order, staff: Staff) -> Iterator[Way]:
    if order.paid_yen > 0 and staff.has_perm("payments.add_payment"):
        yield Way(
            "返金する",
            "yen",
            reverse("orders:detail", args=[order.number]) + "#payments",
            f"入金 {order.paid_yen:,}円",
        )
