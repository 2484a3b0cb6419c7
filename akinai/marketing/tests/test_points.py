"""ポイント: earned when goods leave, spent oldest first, taken back with what comes back, never below zero."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.core import clock, mail
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.marketing.errors import NotEnoughPoints
from akinai.marketing.models import PointEntry, PointSettings
from akinai.marketing.services import ledger, notices, points
from akinai.marketing.services.ledger import Write
from akinai.marketing.tests.scene import coupon, customer, later, ledger_of, life, order
from akinai.orders import services as orders
from akinai.party import merging
from akinai.shipping import services as shipping
from tests.cast import company, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    life.goods("TEA-1")
    PointSettings.objects.create(pk=1, rate=5, valid_days=100)


def kinds(order_id: int) -> list[tuple[str, int]]:
    return list(PointEntry.objects.filter(order_id=order_id).order_by("pk").values_list("kind", "points"))


def test_goods_earn_by_their_net_price_after_all_cuts_when_they_leave() -> None:
    coupon()
    made = order("W-1", ("TEA-1", 3, 1080), code="AKI500", discount_yen=500, shipping_yen=660)
    assert kinds(made.pk) == []
    life.ship(made)
    # 3,240 − 500 over two rates: 8 % bears 415 of the cut, so 2,825 gross = 2,616 net, and 10 % bears 85 = 77 net; 5 % of 2,539
    assert kinds(made.pk) == [("earned", 126)]
    assert points.settle(made.pk) == 0
    entry = PointEntry.objects.get(order=made)
    assert entry.expires_on == clock.today() + timedelta(days=100)


def test_a_parcel_taken_back_takes_its_points_and_leaving_again_earns_anew() -> None:
    made = order("W-1", ("TEA-1", 1, 1080))
    ids = life.ship(made)
    shipping.unship(ids, reason="間違い", by=None)
    life.drain()
    assert kinds(made.pk) == [("earned", 50), ("reversed", -50)]
    PointSettings.objects.update(rate=1)
    life.ship(made)
    assert kinds(made.pk)[2:] == [("earned", 50)]  # by the rate it was ordered under


def test_points_that_were_spent_are_taken_back_only_as_far_as_there_are_any() -> None:
    made = order("W-1", ("TEA-1", 1, 1080))
    ids = life.ship(made)
    order("W-2", ("TEA-1", 1, 1080), spend=30)
    shipping.unship(ids, reason="間違い", by=None)
    life.drain()
    assert kinds(made.pk) == [("earned", 50), ("reversed", -20)]
    assert ledger_of(customer()) == (0, 0, 0)


def test_other_shops_earn_nothing() -> None:
    life.ship(life.order("R-1", ("TEA-1", 1, 1080)))
    assert not PointEntry.objects.exists()


def test_what_ends_first_is_spent_first_and_comes_back_with_its_own_last_day() -> None:
    aoki, today = customer(), clock.today()
    for key, days in (("late", 90), ("soon", 10), ("never", None)):
        last = None if days is None else today + timedelta(days=days)
        ledger.write(Write(aoki.pk, 100, "given", key, expires_on=last), by=None)
    made = order("W-1", ("TEA-1", 1, 1080), spend=150)
    used = PointEntry.objects.get(kind="used")
    drawn = list(used.draws.order_by("lot__expires_on").values_list("lot__entry__key", "points"))
    assert drawn == [("soon", 100), ("late", 50)]
    orders.cancel(made.pk, reason="間違い", by=None)
    life.drain()
    back = (
        PointEntry.objects.filter(kind="reversed").order_by("expires_on").values_list("points", "expires_on")
    )
    # what had ten days left gets thirty, so that a cancellation never eats points
    assert list(back) == [(100, today + timedelta(days=30)), (50, today + timedelta(days=90))]
    assert ledger_of(aoki) == (300, 300, 300) and points.take_back_use(made.pk, reason="x") == 150
    assert ledger_of(aoki) == (300, 300, 300)


def test_points_end_with_their_last_day_before_the_job_has_run() -> None:
    aoki = customer()
    points.give(aoki.pk, 100, key="a", note="進呈")
    assert points.give(aoki.pk, 100, key="a", note="進呈").key == "a" and points.balance(aoki.pk) == 100
    with later(100):
        assert points.balance(aoki.pk) == 100
    with later(101):
        assert points.balance(aoki.pk) == 0
        with pytest.raises(NotEnoughPoints, match="残高は 0 ポイント"):
            order("W-1", ("TEA-1", 1, 1080), spend=1)
        assert points.expire_due() == 100 and points.expire_due() == 0
        assert ledger_of(aoki) == (0, 0, 0)


def test_nobody_spends_what_he_has_not_and_a_correction_wants_its_reason() -> None:
    aoki = customer()
    points.give(aoki.pk, 10, key="a", note="進呈")
    with pytest.raises(NotEnoughPoints):
        order("W-1", ("TEA-1", 1, 1080), spend=11)
    PointSettings.objects.update(least_points=6)
    with pytest.raises(DomainError, match="6 ポイントから"):
        order("W-1", ("TEA-1", 1, 1080), spend=5)
    with pytest.raises(DomainError, match="理由"):
        points.correct(aoki.pk, 5, reason=" ", by=staff("伊藤"))
    with pytest.raises(NotEnoughPoints):
        points.correct(aoki.pk, -11, reason="間違い", by=staff("伊藤"))
    points.correct(aoki.pk, -10, reason="間違い", by=staff("伊藤"))
    for many in (0, points.MOST + 1):
        with pytest.raises(DomainError, match="進呈できません"):
            points.give(aoki.pk, many, key=f"{many}", note="進呈")
        with pytest.raises(DomainError, match="増減するポイントがありません"):
            points.correct(aoki.pk, many, reason="間違い", by=staff("伊藤"))
    assert ledger_of(aoki) == (0, 0, 0)
    with pytest.raises(IntegrityError, match="points_never_below_zero"), transaction.atomic():
        PointEntry.objects.create(customer=aoki, points=-1, kind="expired", key="raw")
    with pytest.raises(IntegrityError, match="no lot"), transaction.atomic(), connection.cursor() as cursor:
        PointEntry.objects.create(customer=aoki, points=5, kind="given", key="b")
        PointEntry.objects.create(customer=aoki, points=-5, kind="expired", key="raw")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("pointentry", "pointdraw"):
        with (
            pytest.raises(IntegrityError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE marketing_{table} SET points = points + 1")


def test_points_follow_into_the_other_customer_and_back_as_far_as_they_are_left() -> None:
    kept, gone = customer("KEPT"), customer("GONE")
    points.give(gone.pk, 100, key="a", note="進呈")
    row = merging.merge(kept, gone, reason="同じ人", by=staff("伊藤"))
    assert (ledger_of(kept), ledger_of(gone)) == ((100, 100, 100), (0, 0, 0))
    order("W-1", ("TEA-1", 1, 1080), mark="KEPT", spend=30)
    merging.take_apart(row, reason="別人", by=staff("伊藤"))
    assert (ledger_of(kept), ledger_of(gone)) == ((0, 0, 0), (70, 70, 70))


def test_who_has_points_that_end_soon_is_told_once() -> None:
    aoki = customer()
    points.give(aoki.pk, 100, key="a", note="進呈")
    with later(80):
        assert (notices.notify(), notices.notify()) == (1, 0)
    told = OutgoingMail.objects.get()
    assert (
        told.to == "aoki@example.com"
        and "100 ポイント" in told.body
        and mail.sort_of(told.key)[0] == "ポイントの期限"
    )


ACTS = st.lists(
    st.tuples(st.sampled_from(["give", "spend", "correct", "wait"]), st.integers(1, 60)), max_size=12
)


@given(acts=ACTS)
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_whatever_happens_the_ledger_adds_up(acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        aoki, day, known = customer("LIFE"), 0, 0
        for at, (act, count) in enumerate(acts):
            day += count if act == "wait" else 0
            with later(day):
                left = points.balance(aoki.pk)
                try:
                    if act == "give":
                        points.give(aoki.pk, count, key=f"g{at}", note="")
                    elif act != "wait":
                        points.correct(aoki.pk, -count, reason="x", by=None)
                    change = count if act == "give" else -count if act in ("spend", "correct") else 0
                    known = left + change
                except NotEnoughPoints:
                    assert left < count
                    known = left
                assert points.balance(aoki.pk) == known >= 0
                points.expire_due()
                assert ledger_of(aoki) == (known, known, known)
        transaction.set_rollback(True)


def test_the_day_of_a_lot_is_a_day() -> None:
    with pytest.raises(IntegrityError, match="only_lots_expire"), transaction.atomic():
        PointEntry.objects.create(
            customer=customer(), points=-1, kind="expired", key="x", expires_on=date(2026, 1, 1)
        )
