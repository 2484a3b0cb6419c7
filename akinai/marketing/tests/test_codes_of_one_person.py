"""1 人に渡したコード: whoever else shows it is refused, at the cart, at the button and by the database, without a word of whose it is."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from akinai.core import clock
from akinai.marketing.errors import CouponRefused
from akinai.marketing.holding import PerksHeld
from akinai.marketing.models import CouponCode, CouponUse
from akinai.marketing.services import coupons
from akinai.marketing.services.people import marks_of
from akinai.marketing.tests.scene import Bought, coupon, customer, order
from akinai.orders import services as orders
from akinai.party import erasing
from akinai.party.ports import Erasee
from tests.cast import company, sku

pytestmark = pytest.mark.django_db
TEA = [Bought(1, 1, 1080)]


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    sku("TEA-1", pieces=20)
    coupon(by_code_only=True, person_limit=None)


def refused(code: str, **who: object) -> str:
    return coupons.check(code, lines=TEA, **who).reason  # type: ignore[arg-type]


def test_a_code_given_to_one_customer_is_refused_to_others() -> None:
    mine, other = customer("MINE").pk, customer("OTHER").pk
    code = coupons.give("AKI500", key="review:1:c1", customer_id=mine)
    assert (refused(code, customer_id=mine), refused(code, mail="mine@example.com")) == ("", "")
    assert refused(code, customer_id=other) == refused(code, mail="who@example.com") == coupons.NOT_YOURS
    assert refused(code) == ""  # nobody is known yet
    made = order("W-1", ("TEA-1", 1, 1080), discount_yen=500, mark="OTHER")
    with pytest.raises(CouponRefused, match="お渡ししたお客様だけ"):
        coupons.use(code, order_id=made.pk, yen=500)
    assert not CouponUse.objects.exists() and not CouponCode.objects.get().is_used


def test_the_one_whose_it_is_uses_it_whatever_mail_address_he_typed() -> None:
    mine = customer("MINE").pk
    code = coupons.give("AKI500", key="review:1:c1", customer_id=mine)
    made = order("W-1", ("TEA-1", 1, 1080), discount_yen=500, mark="WORK")
    used = coupons.use(code, order_id=made.pk, yen=500, customer_id=mine)
    used.refresh_from_db()
    assert (CouponCode.objects.get().is_used, used.known_as) == (True, [])
    orders.cancel(made.pk, reason="x", by=None)
    coupons.take_back(made.pk, reason="x")
    assert not CouponCode.objects.get().is_used


def test_a_code_sent_to_a_mail_address_is_its_own() -> None:
    code = coupons.give("AKI500", key="survey:1:a1", mail="Guest@Example.com")
    assert "guest" not in CouponCode.objects.get().person
    assert (refused(code, mail="guest@example.com "), refused(code, mail="x@example.com")) == (
        "",
        coupons.NOT_YOURS,
    )
    other = order("W-1", ("TEA-1", 1, 1080), discount_yen=500, mark="X")
    with pytest.raises(CouponRefused, match="お渡ししたお客様だけ"):
        coupons.use(code, order_id=other.pk, yen=500)
    made = order("W-2", ("TEA-1", 1, 1080), discount_yen=500, mark="GUEST")
    assert coupons.use(code, order_id=made.pk, yen=500).person.startswith("customer:")


def test_the_database_asks_whose_it_is_by_whichever_way_it_is_written() -> None:
    mine = customer("MINE").pk
    code = CouponCode.objects.get(code=coupons.give("AKI500", key="k", customer_id=mine))
    made = order("W-1", ("TEA-1", 1, 1080), discount_yen=500, mark="OTHER")
    told = {"coupon": code.coupon, "code": code, "order": made, "person": "customer:0", "yen": 500}
    for marks in ([], marks_of(None, mail="other@example.com")):
        with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
            CouponUse.objects.create(**told, known_as=marks)
    CouponUse.objects.create(**told, known_as=marks_of(mine))
    assert refused(code.code, customer_id=mine) == coupons.CODE_USED


def test_a_code_of_a_batch_is_for_whoever_has_it_and_one_of_an_erased_person_for_nobody() -> None:
    ticket = coupons.give("AKI500", key="k1")
    assert refused(ticket, mail="x@example.com") == ""
    mine = customer("MINE").pk
    code = coupons.give("AKI500", key="k2", customer_id=mine)
    for share in PerksHeld().shares(Erasee([mine])):
        if not share.law:
            erasing.take(share)
    assert "有効期限" in refused(code, mail="x@example.com")
    assert CouponCode.objects.get(code=code).expires_on < clock.today()  # type: ignore[operator]
