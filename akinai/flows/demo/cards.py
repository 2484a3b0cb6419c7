"""見本の決済: orders by telephone whose buyers pay by link: taken with the parcel, disputed, held with a day that comes near,
waited for at a コンビニ, and one whom the 後払い company has refused."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.null import events as notices
from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.goods import SOLD_OUT
from akinai.flows.demo.orders import SHIPPING
from akinai.flows.demo.people import person
from akinai.orders import services as orders
from akinai.payments import queries
from akinai.payments import services as payments

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.orders.models import Order
    from akinai.payments.models import PaymentRequest

# Days ago of the order → the buyer's number and the goods.
PAID = {9: (761, ("POT-001", 1)), 5: (762, ("TEA-002", 2)), 3: (763, ("CUP-001", 2))}
DISPUTED, MONDAY = 761, 0
ENDS_IN = 2


def order(shop: Shop, day: date, moment: datetime) -> None:
    """Somebody orders by telephone and pays by the link that he is sent; the money is taken when the parcel leaves."""
    ago = (shop.today - day).days
    days = (ago, ago + 1) if day.weekday() == MONDAY else (ago,)
    found = next((PAID[one] for one in days if one in PAID), None)
    if found is None:
        return
    number, (code, pieces) = found
    with clock.told(moment):
        _pays(_link(shop, _enter(shop, number, code, pieces, "card"), "card"), number)


def today(shop: Shop, now: datetime) -> None:
    """What is open this morning. All moments have passed."""
    with clock.told(now - timedelta(minutes=34)):
        _pays(_link(shop, _enter(shop, 764, "TEA-004", 1, "card"), "card"), 764)
        _ends_soon(shop)
        _at_the_store(shop)
        _refused(shop)
    with clock.told(now - timedelta(minutes=12)):
        _dispute()
    with clock.told(now - timedelta(minutes=11)):
        desk.send_mails()


def _enter(shop: Shop, number: int, code: str, pieces: int, payment: str) -> Order:
    buyer = person(number)
    entry = orders.Entry(
        buyer=buyer, ship_to=buyer, payment=payment, shipping_yen=SHIPPING, number=f"TEL-{number:06d}", lines=[orders.EntryLine(shop.skus[code], pieces)]
    )  # fmt: skip
    made = orders.enter(entry, by=shop.team.sato, now=clock.now())
    desk.handle()
    return made


def _link(shop: Shop, made: Order, kind: str) -> PaymentRequest:
    sent = payments.send_link(made.pk, kind=kind, by=shop.team.sato)
    desk.send_mails()
    return sent


def _ref(number: int) -> str:
    return f"pi_demo_{number:016d}"


def _pays(made: PaymentRequest, number: int, *, until: date | None = None) -> None:
    """The buyer's card is authorised; `until`: how long it holds."""
    for body in notices.held(_ref(number), made.amount_yen, made.number):
        null.deliver(_until(body, until) if until else body)
    desk.handle()


def _until(body: bytes, day: date) -> bytes:
    told = json.loads(body)
    card = told["data"]["object"].get("payment_method_details", {}).get("card")
    if card:
        card["capture_before"] = int(desk.at(day, 12).timestamp())
    return json.dumps(told).encode()


def _ends_soon(shop: Shop) -> None:
    """The card was held for goods that do not come: it must be renewed or given back."""
    made = _link(shop, _enter(shop, 765, SOLD_OUT, 1, "card"), "card")
    _pays(made, 765, until=shop.today + timedelta(days=ENDS_IN))


def _at_the_store(shop: Shop) -> None:
    """The buyer has his number and pays on his way home, or not."""
    made = _link(shop, _enter(shop, 766, "TEA-005", 1, "convenience"), "convenience")
    null.deliver(
        notices.session("checkout.session.completed", f"cs_demo_{766:016d}", _ref(766), made.amount_yen, made.number, "unpaid")
    )  # fmt: skip
    desk.handle()


def _refused(shop: Shop) -> None:
    """後払い NG: the order is held until the buyer has chosen another way."""
    made = _enter(shop, 767, "TEA-001", 1, "deferred")
    request = payments.request_payment(
        made.pk,
        kind="deferred",
        provider="見本後払い",
        provider_ref="AT-000767",
        amount_yen=made.total_yen,
        by=shop.team.sato,
    )
    payments.give_up(request, "fail", note="審査NG", by=shop.team.suzuki)
    desk.handle()


def _dispute() -> None:
    """A buyer tells his card company that he knows nothing of the order."""
    for made in queries.requests_named([_ref(DISPUTED)]):
        if made.state == "captured":
            number, status = f"dp_demo_{DISPUTED:016d}", "needs_response"
            null.deliver(
                notices.dispute(
                    "charge.dispute.created", number, _ref(DISPUTED), made.amount_yen, status=status
                )
            )
    desk.handle()
