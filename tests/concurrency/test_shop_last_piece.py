"""自社サイトの最後の 1 点: two buyers at two browsers press at once; exactly one gets it, the other keeps his cart."""

from __future__ import annotations

import pytest

from akinai.orders.models import Order
from akinai.shop.models import CartLine, CheckoutAttempt
from akinai.shop.services import placing
from akinai.shop.tests import factories
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_piece_goes_to_one_of_two_buyers() -> None:
    factories.open_shop()
    tea = factories.goods("TEA-1", pieces=1)
    carts = [factories.cart_with((tea, 1)) for _ in range(2)]
    attempts = [factories.attempt(cart) for cart in carts]
    signed = [factories.shown(*pair) for pair in zip(carts, attempts, strict=True)]

    def press(at: int) -> CheckoutAttempt:
        return placing.place(attempts[at].token, shown=signed[at], buyer=None, now=factories.clock.now())

    answers = together(lambda: press(0), lambda: press(1))
    refused = [one for one in answers if isinstance(one, placing.JustSold | placing.QuoteDiffers)]
    assert len(refused) == 1 and Order.objects.count() == 1
    assert cast.level(tea) == (1, 1)
    assert CartLine.objects.count() == 1


def test_one_form_sent_from_two_tabs_at_once_is_one_order() -> None:
    factories.open_shop()
    tea = factories.goods("TEA-1", pieces=9)
    cart = factories.cart_with((tea, 1))
    attempt = factories.attempt(cart)
    signed = factories.shown(cart, attempt)

    def press() -> int | None:
        return placing.place(attempt.token, shown=signed, buyer=None, now=factories.clock.now()).order_id

    first, second = together(press, press)
    assert first == second and first is not None
    assert Order.objects.count() == 1 and cast.level(tea) == (9, 1)
