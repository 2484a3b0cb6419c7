"""クーポン: what it takes off, for whom, how often; and that a cancelled order gives it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.catalog.models import Category, Product, Sku
from akinai.core import clock
from akinai.marketing import rules
from akinai.marketing.errors import CouponRefused
from akinai.marketing.models import Coupon, CouponCode, CouponUse
from akinai.marketing.rules import Terms
from akinai.marketing.services import coupons
from akinai.marketing.tests.scene import Bought, coupon, customer, life, order
from akinai.orders import services as orders
from tests.cast import company, sku

pytestmark = pytest.mark.django_db
CART = [Bought(1, 1, 2160), Bought(2, 2, 3300)]


@pytest.mark.parametrize(
    ("terms", "yen"),
    [
        (Terms("yen", 500), 500),
        (Terms("yen", 9000), 5460),  # never more than the goods cost
        (Terms("percent", 10), 546),
        (Terms("percent", 33), 1801),  # 1801.8: fractions are cut off
        (Terms("percent", 50, cap_yen=1000), 1000),
        (Terms("percent", 50, products=frozenset({2})), 1650),
        (Terms("shipping", 0), 0),
    ],
)
def test_a_coupon_takes_off_what_it_says_and_no_more(terms: Terms, yen: int) -> None:
    assert rules.cut_yen(terms, CART) == yen


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minimum_yen": 6000}, "あと 540円"),
        ({"starts_on": date(2026, 12, 1)}, "2026/12/01 から"),
        ({"ends_on": date(2026, 11, 1)}, "過ぎています"),
        ({"channels": ("rakuten",)}, "この店舗では"),
        ({"products": frozenset({9})}, "対象の商品がカートにありません"),
        ({"products": frozenset({1}), "minimum_yen": 3000}, "対象の商品のお買い上げ 3,000円以上"),
    ],
)
def test_the_buyer_is_told_why_it_does_not_count(changes: dict[str, Any], words: str) -> None:
    terms = Terms("yen", 500, **changes)
    assert words in rules.refusal(terms, CART, channel="own", on=date(2026, 11, 24))


def test_a_category_means_what_is_below_it_too() -> None:
    pk = sku("TEA-1", price=1080)
    parent = Category.objects.create(name="お茶")
    product = Sku.objects.get(pk=pk).product
    Product.objects.filter(pk=product.pk).update(category=Category.objects.create(name="煎茶", parent=parent))
    made = coupon(kind="percent", amount=10)
    made.categories.add(parent)
    lines = [Bought(pk, product.pk, 1080), Bought(0, 0, 5000)]
    found = coupons.check("ａki500 ", lines=lines)
    assert (found.yen, found.reason, found.code, found.title) == (108, "", "AKI500", "秋のクーポン")


def test_a_person_uses_it_as_often_as_allowed_by_any_address_and_again_after_a_cancellation() -> None:
    company()
    life.goods("TEA-1")
    made, aoki = coupon(person_limit=1), customer()
    first = order("W-1", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500)
    assert "上限回数" in coupons.check("AKI500", lines=CART, mail="AOKI@example.com").reason
    assert "上限回数" in coupons.check("AKI500", lines=CART, customer_id=aoki.pk).reason
    assert coupons.check("AKI500", lines=CART, mail="other@example.com").counts
    with pytest.raises(CouponRefused, match="お一人さま"):
        order("W-2", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500)
    assert CouponUse.objects.count() == 1  # the order that was refused is not there either
    orders.cancel(first.pk, reason="間違い", by=None)
    life.drain()
    life.drain()
    made.refresh_from_db()
    assert (made.used, [use.yen for use in CouponUse.objects.order_by("pk")]) == (0, [500, -500])
    order("W-3", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500)
    assert coupons.take_back(first.pk, reason="もう一度") == 0


def test_a_code_of_a_batch_counts_once_and_the_coupons_own_code_does_not() -> None:
    company()
    life.goods("TEA-1")
    made = coupon("THANKS", by_code_only=True, person_limit=None, code_days=30)
    code = coupons.give("thanks", key="survey:1:aoki", customer_id=customer().pk)
    assert coupons.give("THANKS", key="survey:1:aoki") == code and CouponCode.objects.count() == 1
    assert coupons.check("THANKS", lines=CART).reason == coupons.UNKNOWN
    assert coupons.check(code.lower(), lines=CART).yen == 500
    order("W-1", ("TEA-1", 1, 1080), code=code, discount_yen=500)
    assert coupons.check(code, lines=CART).reason == coupons.CODE_USED
    assert made.codes.get().expires_on == clock.today() + timedelta(days=30)


def test_a_first_order_coupon_is_not_for_who_bought_before() -> None:
    company()
    life.goods("TEA-1")
    coupon("HELLO", for_first_order=True, person_limit=None)
    order("W-1", ("TEA-1", 1, 1080), code="HELLO", discount_yen=500)
    assert CouponUse.objects.get().is_first_order
    assert "初めて" in coupons.check("HELLO", lines=CART, customer_id=customer().pk).reason
    order("W-2", ("TEA-1", 1, 1080), mark="MORI")
    with pytest.raises(CouponRefused, match="初めて"):
        order("W-3", ("TEA-1", 1, 1080), mark="MORI", code="HELLO", discount_yen=500)


def test_two_coupons_go_together_only_when_both_allow_it() -> None:
    coupon("ONE", combinable=True)
    coupon("TWO", combinable=True)
    coupon("ALONE")
    assert (
        coupons.check("TWO", lines=CART, beside=["ONE"], already_yen=5200).yen == 260
    )  # what is left of the goods
    assert "一緒には" in coupons.check("TWO", lines=CART, beside=["ALONE"]).reason
    assert "一緒には" in coupons.check("ALONE", lines=CART, beside=["ONE"]).reason


def test_the_database_refuses_what_the_office_never_writes() -> None:
    company()
    life.goods("TEA-1")
    made = coupon(total_limit=1)
    order("W-1", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500)
    use = CouponUse.objects.get()
    copy = {"coupon_id": made.pk, "order_id": use.order_id, "person": use.person, "reverses_id": use.pk}
    for broken in ({**copy, "yen": -499}, {**copy, "yen": -500, "person": "customer:0"}):
        with pytest.raises(IntegrityError, match="reversal differs"), transaction.atomic():
            CouponUse.objects.create(**broken)
    for sql in ("UPDATE marketing_couponuse SET yen = 1", "DELETE FROM marketing_couponuse"):
        with (
            pytest.raises(IntegrityError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert coupons.check("AKI500", lines=CART).reason == coupons.USED_UP
    assert Coupon.objects.get().used == 1


def test_what_is_over_is_neither_used_nor_given_nor_offered_and_what_was_used_is_not_called_back() -> None:
    company()
    life.goods("TEA-1")
    ended = coupon("ENDED", name="終わった", ends_on=clock.today() - timedelta(days=1), person_limit=None)
    off = coupon("OFF", name="止めた", is_active=False)
    batch = coupon("BATCH", by_code_only=True, person_limit=None, code_days=3)
    assert coupons.check("OFF", lines=CART).reason == "このクーポンは終了しました。"
    for one in (ended, off):
        with pytest.raises(CouponRefused, match="お渡しできるクーポンがありません"):
            coupons.give(one.code, key=one.code)
    assert [code for code, _ in coupons.gift_choices()] == ["BATCH"]
    with pytest.raises(CouponRefused, match="期間ではありません"):
        order("W-1", ("TEA-1", 1, 1080), code="ENDED", discount_yen=500)
    used, late = (coupons.give("BATCH", key=key) for key in "ab")
    order("W-2", ("TEA-1", 1, 1080), code=used, discount_yen=500)
    for key in ("a", "nobody's"):
        with pytest.raises(CouponRefused, match="もう使われているか、ありません"):
            coupons.call_back(key)
    with clock.told(clock.now() + timedelta(days=4)):
        assert "有効期限" in coupons.check(late, lines=CART).reason
    assert batch.codes.filter(is_used=True).count() == 1


def test_told_again_for_one_order_it_is_one_use() -> None:
    company()
    life.goods("TEA-1")
    coupon(person_limit=None)
    made = order("W-1", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500)
    assert coupons.use("AKI500", order_id=made.pk, yen=500) == CouponUse.objects.get()
