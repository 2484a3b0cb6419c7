"""需要: what customers asked for, by the orders kept here, and before them by what other systems told."""

from __future__ import annotations

from datetime import date

from akinai.purchasing import ports
from akinai.purchasing.models import PastSale
from akinai.purchasing.replenish import Sale


def sales(*, first_on: date, last_on: date) -> list[Sale]:
    """Pieces by SKU and day, both days inclusive. A day that orders tell of is told by them alone, so that a day that
    stands in both is not counted twice. Two queries."""
    ours = list(ports.demand().sales(first_on=first_on, last_on=last_on))
    told = {sale.on for sale in ours}
    rows = PastSale.objects.filter(on__range=(first_on, last_on)).exclude(on__in=told)
    return ours + [Sale(sku, on, pieces) for sku, on, pieces in rows.values_list("sku_id", "on", "pieces")]
