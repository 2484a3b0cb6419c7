"""What sells (売れ行き)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from akinai.orders.models import OrderLine
from akinai.orders.states import OrderState


def pieces_sold(*, since: datetime) -> dict[int, int]:
    """Product id → pieces ordered since then over all channels, without what was cancelled. One query."""
    lines = OrderLine.objects.filter(order__ordered_at__gte=since, sku__isnull=False).exclude(
        order__state=OrderState.CANCELLED
    )
    sold = lines.values("sku__product_id").annotate(pieces=Sum("quantity")).filter(pieces__gt=0)
    return dict(sold.values_list("sku__product_id", "pieces"))
