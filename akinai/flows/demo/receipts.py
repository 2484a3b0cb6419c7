"""見本の領収書: one that a buyer issued by his link and took twice, and one that the office made out to a firm."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from akinai.billing import services as billing
from akinai.core import clock
from akinai.orders import queries as orders

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop


def hand_out(shop: Shop, now: datetime) -> None:
    """Of the newest parcels of our own shop that were invoiced and paid."""
    suzuki = shop.team.suzuki
    paid = orders.orders_seen_by(suzuki).filter(
        channel__kind="shopify", state="completed", payment="card", payment_settled=True, invoice_progress="sent"
    )  # fmt: skip
    found = list(paid.order_by("-ordered_at")[:2])
    if len(found) < 2:
        return
    with clock.told(now):
        own = billing.issue_receipt(
            found[0].pk, recipient_name=f"{found[0].buyer_name} 様", proviso="お品代として", by=None, is_self_issued=True
        )  # fmt: skip
        for _time in range(2):
            billing.hand_out(own, to="お客様", by=None)
        firm = billing.issue_receipt(
            found[1].pk, recipient_name="株式会社あさひ印刷 御中", proviso="贈答品代として", by=suzuki
        )
        billing.hand_out(firm, to="店舗から", by=suzuki)
