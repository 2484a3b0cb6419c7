"""植えた誤り: whoever changes coupons or points behind the office's back is named by verify."""

from __future__ import annotations

import pytest
from django.db import connection

from akinai.core import proofs
from akinai.marketing.proofs import PROOFS
from akinai.marketing.services import coupons, points
from akinai.marketing.tests.scene import coupon, customer, life, order
from akinai.orders import services as orders
from tests.cast import company

pytestmark = pytest.mark.django_db
OURS = tuple(name for name, *_ in PROOFS)
# What is done to the tables, and the proof that names it.
FAULTS = (
    ("UPDATE marketing_coupon SET used = used + 1", "coupons_count_their_uses"),
    ("DELETE FROM marketing_couponuse WHERE reverses_id IS NOT NULL", "coupons_count_their_uses"),
    ("UPDATE marketing_couponcode SET is_used = NOT is_used", "coupon_codes_are_used_once"),
    ("DELETE FROM marketing_couponuse WHERE reverses_id IS NOT NULL", "coupons_of_cancelled_orders_came_back"),
    ("DELETE FROM marketing_pointdraw; DELETE FROM marketing_pointlot; DELETE FROM marketing_pointentry WHERE kind = 'reversed'", "coupons_of_cancelled_orders_came_back"),
    ("UPDATE orders_order SET discount_yen = 0", "coupon_yen_is_off_the_order"),
    ("UPDATE marketing_pointbalance SET points = points + 1", "point_balances_are_their_entries"),
    ("UPDATE marketing_pointentry SET points = points + 1 WHERE kind = 'given'", "point_balances_are_their_entries"),
    ("UPDATE marketing_pointlot SET left_points = left_points + 1", "point_lots_are_what_is_left"),
    ("UPDATE marketing_pointlot SET expires_on = expires_on + 9", "point_lots_are_what_is_left"),
    ("DELETE FROM marketing_pointdraw", "points_go_out_of_lots"),
    ("UPDATE orders_order SET points_yen = 1", "points_used_are_off_the_order"),
)  # fmt: skip


@pytest.fixture(scope="module")
def day(common_ground: None) -> None:
    """An order with coupon and points that stands, one that was cancelled."""
    company()
    life.goods("TEA-1")
    coupon(person_limit=None)
    coupon("THANKS", by_code_only=True, person_limit=None)
    points.give(customer().pk, 300, key="a", note="進呈")
    code = coupons.give("THANKS", key="k")
    order("W-1", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500, spend=100)
    order("W-2", ("TEA-1", 1, 1080), code=code, discount_yen=500)
    gone = order("W-3", ("TEA-1", 1, 1080), code="AKI500", discount_yen=500, spend=100)
    orders.cancel(gone.pk, reason="間違い", by=None)
    life.drain()


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all(*OURS) if finding.broken}


def test_an_honest_day_is_clean_and_every_proof_looked_at_something(day: None) -> None:
    assert broken() == set()
    assert [finding.name for finding in proofs.run_all(*OURS) if not finding.rows] == []


@pytest.mark.parametrize(("fault", "name"), FAULTS)
def test_a_planted_fault_is_named(day: None, fault: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        for table in ("couponuse", "pointentry", "pointdraw"):
            cursor.execute(f"ALTER TABLE marketing_{table} DISABLE TRIGGER USER")
        cursor.execute(fault)
        cursor.execute("SET session_replication_role = origin")
    assert name in broken()
