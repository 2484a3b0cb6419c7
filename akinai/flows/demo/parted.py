"""見本の分納と同梱: an order of which one thing is sold out leaves in part; a customer has bought in two shops on one day."""

from __future__ import annotations

from datetime import datetime, timedelta

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.days import Shop
from akinai.flows.demo.desk import take_in
from akinai.flows.demo.goods import SOLD_OUT
from akinai.flows.demo.orders import files_of
from akinai.flows.demo.people import person
from akinai.orders import queries as orders
from akinai.shipping import parting
from akinai.shipping import services as shipping

RAKUTEN_CARD = ("rakuten", "card", "クレジットカード")
SHOPIFY_CARD = ("shopify", "card", "Shopify Payments")


def split(shop: Shop, at: datetime) -> None:
    """What is there leaves today, as the customer asked; the rest waits for its goods."""
    draft = shop.desk.one(
        at, {}, way=SHOPIFY_CARD, codes=[("TEA-001", 2), (SOLD_OUT, 2)], buyer=person(751), note=""
    )
    with clock.told(at + timedelta(minutes=2)):
        take_in("orders", files_of([draft], at + timedelta(minutes=1)), by=shop.team.sato)
        desk.handle()
    found = orders.orders_seen_by(shop.team.sato).get(channel_order_no=draft.channel_order_no)
    if not parting.may_part(found):
        return
    pieces = {one.line.pk: one.free for one in parting.leaving(found) if one.free}
    if not pieces or len(pieces) == 2:
        return
    with clock.told(at + timedelta(minutes=5)):
        batch = shipping.instruct_part(found.pk, pieces, ship_on=shop.today, by=shop.team.takahashi)
        shipping.ship(
            list(batch.shipments.values_list("pk", flat=True)), by=shop.team.takahashi, note="先に出せる分"
        )
        desk.handle()
        desk.send_mails()
        desk.handle()


def pair(shop: Shop, at: datetime) -> None:
    """One customer, one address, two shops: one parcel would do."""
    buyer = person(752)
    drafts = [
        shop.desk.one(at, {}, way=RAKUTEN_CARD, codes=[("TEA-002", 1)], buyer=buyer, note=""),
        shop.desk.one(at + timedelta(minutes=4), {}, way=SHOPIFY_CARD, codes=[("CUP-002", 1)], buyer=buyer, note=""),
    ]  # fmt: skip
    with clock.told(at + timedelta(minutes=6)):
        take_in("orders", files_of(drafts, at + timedelta(minutes=5)), by=shop.team.sato)
        desk.handle()
