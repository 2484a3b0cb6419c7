"""会員 and 特典 as the checkout asks for them: fills the ports of the buying side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from akinai.marketing.queries import effect
from akinai.marketing.services import coupons, points
from akinai.shop import sessions
from akinai.shop.models import Member
from akinai.shop.ports import Asked, Buyer, Cut
from akinai.shop.services import carts


def buyer(request: HttpRequest) -> Buyer | None:
    """Handler of `ports.keep_buyers`. No query for guests."""
    found = sessions.member_of(request)
    if found is None:
        return None
    mail = found.mail
    return Buyer(
        found.pk,
        found.customer_id,
        found.name,
        mail,
        lambda: [one.as_order(mail) for one in found.addresses.all()],
    )


def bring_cart(request: HttpRequest, response: HttpResponseBase, member: Member) -> None:
    """Handler of `sessions.at_login`: what was chosen as a guest comes along."""
    carts.bring_along(request, response, member.pk)


class MarketingPerks:
    """Handler of `ports.keep_perks`: coupons and points of the room of marketing."""

    def cut(self, code: str, asked: Asked) -> Cut:
        told = coupons.check(
            code, lines=asked.lines, customer_id=asked.customer_id, mail=asked.email, on=asked.on
        )
        if not told.counts:
            return Cut(refusal=told.reason)
        return Cut(told.code, told.title, told.yen, told.free_shipping)

    def balance(self, asked: Asked) -> int:
        return points.balance(asked.customer_id) if asked.customer_id else 0

    def least_points(self) -> int:
        return max(points.terms().least_points, 1)

    def use(self, order_id: int, *, cut: Cut, points_yen: int, asked: Asked) -> None:
        if cut.code:
            coupons.use(cut.code, order_id=order_id, yen=cut.yen, customer_id=asked.customer_id)
        if points_yen and asked.customer_id:
            points.spend(asked.customer_id, points_yen, order_id=order_id)

    def code_of(self, order_id: int) -> str:
        return effect.code_of_order(order_id)
