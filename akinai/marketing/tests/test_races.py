"""同時に: the last use of a coupon is taken once, and points are spent once, on real connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from akinai.marketing.errors import CouponRefused, NotEnoughPoints
from akinai.marketing.models import Coupon, CouponTally, CouponUse, PointEntry
from akinai.marketing.services import coupons, points
from akinai.marketing.tests.scene import coupon, customer, ledger_of, life, order
from akinai.orders.models import Order
from tests.cast import company
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def buy(made: Order, code: str) -> Callable[[], Any]:
    return lambda: coupons.use(code, order_id=made.pk, yen=500)


def refused(answers: list[Any], kind: type) -> int:
    return sum(isinstance(answer, kind) for answer in answers)


def test_of_four_who_reach_for_the_last_coupon_one_gets_it_and_a_person_gets_no_second() -> None:
    company()
    life.goods("TEA-1")
    coupon(total_limit=1)
    coupon("ONCE", person_limit=1)
    made = [order(f"W-{at}", ("TEA-1", 1, 1080), mark=f"P{at}", discount_yen=500) for at in range(4)]
    mine = [order(f"M-{at}", ("TEA-1", 1, 1080), discount_yen=500) for at in range(3)]
    assert refused(together(*[buy(one, "AKI500") for one in made]), CouponRefused) == 3
    assert refused(together(*[buy(one, "ONCE") for one in mine]), CouponRefused) == 2
    assert list(Coupon.objects.order_by("code").values_list("used", flat=True)) == [1, 1]
    assert CouponUse.objects.count() == 2 and sorted(CouponTally.objects.values_list("used", flat=True)) == [
        1,
        1,
    ]


def test_the_same_points_are_not_spent_in_two_browsers() -> None:
    company()
    life.goods("TEA-1")
    aoki = customer()
    points.give(aoki.pk, 100, key="a", note="")
    made = [order(f"W-{at}", ("TEA-1", 1, 1080)) for at in range(3)]
    acts = [lambda one=one: points.spend(aoki.pk, 80, order_id=one.pk) for one in made]
    assert refused(together(*acts), NotEnoughPoints) == 2
    assert ledger_of(aoki) == (20, 20, 20) and PointEntry.objects.filter(kind="used").count() == 1
