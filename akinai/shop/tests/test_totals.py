"""合計: shown = ordered = asked for, whatever lies in the cart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.core.errors import DomainError
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.models import GiftOption
from akinai.payments import services as payments
from akinai.payments.models import PaymentRequest
from akinai.shop import ports
from akinai.shop.models import Cart, PayingWay
from akinai.shop.services import carts, checkout
from akinai.shop.tests import factories

pytestmark = pytest.mark.django_db
GOODS = (("TEA", 8, 1_081), ("CUP", 10, 333), ("POT", 10, 19_997), ("SWT", 8, 97))


class HalfOff:
    """A coupon of a third of the goods, perhaps with free shipping; and 500 points."""

    def __init__(self, *, ships_free: bool) -> None:
        self.ships_free = ships_free

    def cut(self, code: str, asked: ports.Asked) -> ports.Cut:
        return ports.Cut(
            "THIRD", "3 割引", sum(line.subtotal_yen for line in asked.lines) // 3, self.ships_free
        )

    def balance(self, asked: ports.Asked) -> int:
        return 500

    def use(self, order_id: int, **told: Any) -> None:
        return None


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wanted=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 7)), min_size=1, max_size=4, unique_by=lambda pair: pair[0]),
    payment=st.sampled_from(["card", "convenience", "bank_transfer", "cod", "deferred"]),
    coupon=st.booleans(), ships_free=st.booleans(), points=st.integers(0, 900), wraps=st.integers(0, 3), fee=st.integers(0, 330),
)  # fmt: skip
def test_what_is_shown_is_ordered_and_asked_for(
    stocked: dict[str, int], wanted: list[tuple[int, int]], payment: str, coupon: bool, ships_free: bool, points: int,
    wraps: int, fee: int,
) -> None:  # fmt: skip
    from django.db import transaction

    with transaction.atomic():
        ports.keep_perks(HalfOff(ships_free=ships_free))
        PayingWay.objects.exclude(kind="cod").update(fee_yen=fee)
        PayingWay.objects.update(max_yen=9_999_999)
        cart = Cart.objects.create(coupon="THIRD" if coupon else "")
        for at, pieces in wanted:
            carts.add(cart, stocked[GOODS[at][0]], pieces)
        first = stocked[GOODS[wanted[0][0]][0]]
        carts.give(cart, first, Gift(options=(Chosen("包装紙", 221, wraps),) if wraps else ()))
        attempt = factories.attempt(cart, payment=payment, points_yen=points)
        quote = checkout.quote_of(cart, attempt, None, now=factories.clock.now())
        try:
            order = factories.place(cart, attempt).order
        except DomainError:
            assert quote.problems
        else:
            assert order is not None
            parts = (
                quote.goods_yen
                + (quote.shipping_yen or 0)
                + quote.cod_fee_yen
                + quote.payment_fee_yen
                + quote.wrapping_yen
            )
            assert quote.total_yen == parts - quote.discount_yen - quote.points_yen == order.total_yen
            assert sum(tax.gross_yen for tax in quote.taxes) == order.total_yen
            asked = PaymentRequest.objects.filter(order=order).values_list("amount_yen", flat=True)
            is_asked = payment in ("card", "convenience", "deferred") and order.total_yen > 0
            assert list(asked) == ([order.total_yen] if is_asked else [])
            assert not order.issues.exists()
        transaction.set_rollback(True)


@pytest.fixture
def stocked() -> Any:
    factories.open_shop()
    payments.switch_provider("null", is_on=True, by=None)
    GiftOption.objects.create(name="包装紙", kind="wrapping", price_yen=221)
    made = {code: factories.goods(code, pieces=9, price=price, rate=rate) for code, rate, price in GOODS}
    before = ports.perks()
    yield made
    ports.keep_perks(before)


def test_cold_goods_in_the_cart_cost_what_their_parcel_costs_cold() -> None:
    from akinai.catalog.models import Product

    factories.open_shop()
    cart = factories.cart_with((factories.goods("TEA"), 1), (factories.goods("FISH"), 1))
    usual = factories.quote(cart).shipping_yen
    Product.objects.filter(skus__code="FISH").update(temperature="chilled")
    assert (usual, factories.quote(cart).shipping_yen) == (880, 1_180)
