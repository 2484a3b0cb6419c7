"""出荷待ちの照会: what a wave of shipping asks of the orders that wait, as one row of JSON each."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject

from akinai.catalog import queries as catalog
from akinai.core.models import Activity
from akinai.orders.models import Order, OrderLine
from akinai.orders.states import OrderState


def ready_rows() -> QuerySet[Order]:
    """出荷待ち, each with `told`: the order, its channel and wishes, `ready_at` (the last time it became 出荷待ち, else when it was
    taken in), `pieces` that are left to leave, and yen. Plain, so that it can stand in a union."""
    became = Activity.objects.filter(
        subject_type="orders.order", subject_id=OuterRef("pk"), to_state=OrderState.READY
    )
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    cold = lines.filter(quantity__gt=F("instructed")).annotate(n=catalog.of_sku("sku__")).values("n")
    left = lines.annotate(n=Sum(F("quantity") - F("instructed"))).values("n")
    told = JSONObject(
        order_id="pk", channel="channel__code", channel_id="channel_id", carrier="carrier", method="delivery_method",
        cold=Coalesce(Subquery(cold), Value("")),
        location_id="location_id", ship_by="ship_by", total_yen="total_yen", pieces=Coalesce(Subquery(left), 0),
        ready_at=Coalesce(Subquery(became.order_by("-id").values("at")[:1]), F("received_at")),
    )  # fmt: skip
    return Order.objects.filter(state=OrderState.READY).order_by().annotate(told=told)
