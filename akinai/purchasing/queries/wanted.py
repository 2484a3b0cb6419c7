"""需要: what customers asked for, by the orders kept here, and before them by what other systems told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

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


def agreed_ahead(days: Mapping[int, int], *, today: date, window: int) -> dict[int, int]:
    """定期購入: SKU → pieces agreed for its next so many days, beyond what the history of the same agreements tells anyhow.

    The forecast knows what subscriptions ordered in the `window` days behind us, so only what they will order more than
    that is added: all of a new one, nothing of an old one. Four queries, none where nothing is agreed.
    """
    until = today + timedelta(days=max(days.values(), default=0))
    planned = [sale for sale in ports.demand().planned(first_on=today, last_on=until) if sale.sku_id in days]
    if not planned:
        return {}
    wanted: dict[int, int] = defaultdict(int)
    for sale in planned:
        if sale.on <= today + timedelta(days=days[sale.sku_id]):
            wanted[sale.sku_id] += sale.quantity
    usual: dict[int, int] = defaultdict(int)
    for sale in ports.demand().repeated(
        first_on=today - timedelta(days=window), last_on=today - timedelta(days=1)
    ):
        usual[sale.sku_id] += sale.quantity
    more = {sku: pieces - usual[sku] * days[sku] // window for sku, pieces in wanted.items()}
    return {sku: pieces for sku, pieces in more.items() if pieces > 0}
