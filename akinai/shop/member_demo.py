"""見本の会員: three buyers of the demo who registered; one gets her tea again and again, one waits for what is sold out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.goods import SOLD_OUT
from akinai.flows.demo.people import person
from akinai.orders import queries as orders
from akinai.orders.ports import Address as To
from akinai.shop import member_links
from akinai.shop.models import Address, Member, MemberLink
from akinai.shop.services import accounts, addresses, wishes

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

PASSWORD = "akinai-demo"  # noqa: S105  (shown to everybody who starts the demo)
AGAIN_AND_AGAIN = 740  # the person of the demo's monthly subscription
LIKED = ("TEA-001", "POT-001", "SWT-004")


def live(shop: Shop, now: datetime) -> None:
    """Who registered in the last hour, with what they keep on their pages."""
    with clock.told(now - timedelta(minutes=30)):
        buyers = [person(AGAIN_AND_AGAIN), *_buyers(shop)]
        members = [_join(buyer, takes_news=n != 1) for n, buyer in enumerate(buyers)]
        desk.send_mails()
    products = catalog.products_of(shop.skus[code] for code in LIKED)
    with clock.told(now - timedelta(minutes=20)):
        for member, buyer in zip(members, buyers, strict=True):
            addresses.save_address(member, _place(buyer), is_default=True)
        for product in products.values():
            wishes.add_favourite(members[0], product.pk)
        for member in members[1:]:
            wishes.ask_as_member(member, shop.skus[SOLD_OUT])


def _buyers(shop: Shop) -> list[To]:
    """Two who bought in shops of our own: one whose parcel came, one who waits for hers."""
    mine = (
        orders.orders_seen_by(shop.team.sato).exclude(channel__kind__in=orders.MALLS).exclude(buyer_email="")
    )
    came = mine.filter(state="completed").order_by("-ordered_at").first()
    waits = mine.filter(state__in=["ready", "picking", "shipped"]).order_by("-ordered_at").first()
    return [
        To(name=one.buyer_name, kana=one.buyer_kana, email=one.buyer_email, phone=one.ship_phone, postal_code=one.ship_postal_code,
           prefecture=one.ship_prefecture, city=one.ship_city, line1=one.ship_line1, line2=one.ship_line2)
        for one in (came, waits) if one is not None
    ]  # fmt: skip


def _join(buyer: To, *, takes_news: bool) -> Member:
    """Mail address, link in the mail, name and password: as everybody does."""
    accounts.ask_registration(buyer.email, back_to="", address="192.0.2.1")
    link = MemberLink.objects.filter(mail=accounts.folded(buyer.email)).latest("pk")
    profile = accounts.Profile(buyer.name, buyer.kana, buyer.phone)
    return accounts.register(member_links.token_of(link), profile, password=PASSWORD, takes_news=takes_news)


def _place(buyer: To) -> Address:
    return Address(
        name=buyer.name, kana=buyer.kana, postal_code=buyer.postal_code, prefecture=buyer.prefecture, city=buyer.city,
        line1=buyer.line1, line2=buyer.line2, phone=buyer.phone,
    )  # fmt: skip
