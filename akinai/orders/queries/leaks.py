"""漏れ: what is not done although its time has come, by name."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Value

from akinai.orders.models import Order
from akinai.orders.states import OrderState, Progress

LEFT = (OrderState.SHIPPED, OrderState.COMPLETED)

NOT_YET = (OrderState.ON_HOLD, OrderState.AWAITING_STOCK, OrderState.READY, OrderState.PICKING)

_OURS = Q(shipped_outside=False)

# 漏れ: what is not done although its time has come, by name. The first screen counts them, the list shows them.
UNFINISHED: Mapping[str, Q] = {
    "paid_not_shipped": _OURS
    & Q(state__in=NOT_YET)
    & (Q(payment_settled=True) | Q(total_yen__gt=0, paid_yen=F("total_yen"))),
    "shipped_not_invoiced": _OURS & Q(state__in=LEFT, invoice_progress=Progress.NONE),
    "invoiced_not_sent": _OURS & Q(invoice_progress=Progress.DONE),
    "shipped_not_notified": _OURS
    & Q(state__in=LEFT, notified_at=None, channel__sends_own_shipping_mail=False),
    "delivered_not_paid": _OURS & Q(state__in=LEFT, payment_settled=False, paid_yen__lt=F("total_yen")),
    "cancelled_with_money": Q(state=OrderState.CANCELLED, payment_progress=Progress.EXCEPTION),
}


def unfinished(name: str) -> QuerySet[Order]:
    """The orders of one 漏れ."""
    return Order.objects.filter(UNFINISHED[name])


def unfinished_counts() -> dict[str, tuple[int, int]]:
    """漏れごとの (件数, 金額), in one statement whose parts each read a small index."""
    parts = [
        Order.objects.filter(condition)
        .order_by()
        .values(name=Value(name, output_field=TextField()))
        .annotate(count=Count("pk"), yen=Sum("total_yen"))
        for name, condition in UNFINISHED.items()
    ]
    found = {
        row["name"]: (row["count"], int(row["yen"] or 0)) for row in parts[0].union(*parts[1:], all=True)
    }
    return {name: found.get(name, (0, 0)) for name in UNFINISHED}
