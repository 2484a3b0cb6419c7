"""ポイントと返品: what was paid with points comes back as points, in proportion, and goes again with a return that was undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akinai.core import clock, proofs
from akinai.flows.return_goods import undo_settlement
from akinai.flows.tests.test_return_goods import back, gone, settle
from akinai.marketing.models import PointEntry, PointSettings
from akinai.marketing.rules import used_share
from akinai.marketing.services import ledger, points
from akinai.marketing.services.ledger import Write
from akinai.marketing.tests.scene import customer, ledger_of, life, order
from akinai.orders import services as orders
from tests.cast import company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    life.goods("TEA-1")
    PointSettings.objects.create(pk=1, rate=1, is_on=False)


def bought(pieces: int = 3, spend: int = 150, **changes: Any) -> Any:
    """(order, shipment): tea at ¥1,080, paid with points of two lots, one of which ends soon."""
    aoki, today = customer(), clock.today()
    ledger.write(Write(aoki.pk, 100, "given", "soon", expires_on=today + timedelta(days=10)), by=None)
    ledger.write(Write(aoki.pk, 100, "given", "late", expires_on=today + timedelta(days=200)), by=None)
    made = order("W-1", ("TEA-1", pieces, 1080), spend=spend, payment="cod", **changes)
    return made, gone(made)


def returned(order_id: int) -> list[tuple[int, str]]:
    rows = PointEntry.objects.filter(order_id=order_id, kind="reversed").order_by("pk")
    return [(row.points, row.note) for row in rows]


def test_a_part_that_comes_back_brings_its_part_of_the_points() -> None:
    made, shipment = bought()
    settle(back(shipment, 1), 1030)
    life.drain()
    assert returned(made.pk) == [(50, "返品")]  # a third of 150
    assert points.settle_use(made.pk) == 50 and points.settle_use(made.pk) == 50
    assert ledger_of(customer()) == (100, 100, 100)


def test_part_by_part_all_of_them_come_back_and_no_more() -> None:
    made, shipment = bought()
    for _ in range(3):
        settle(back(shipment, 1), 1030)
        life.drain()
    assert sum(count for count, _ in returned(made.pk)) == 150 and ledger_of(customer()) == (200, 200, 200)
    # each lot got back what was drawn of it; what ends soon stays thirty days at least
    last = (
        PointEntry.objects.filter(kind="reversed").order_by("expires_on").values_list("expires_on", flat=True)
    )
    assert min(last) == clock.today() + timedelta(days=30)
    assert [
        one.name
        for one in proofs.run_all("points_go_out_of_lots", "point_lots_are_what_is_left")
        if one.broken
    ] == []


def test_the_charge_for_shipping_keeps_its_part_while_it_is_not_given_back() -> None:
    made, shipment = bought(pieces=1, spend=100, shipping_yen=920)
    settle(back(shipment, 1), 1026)
    life.drain()
    assert returned(made.pk) == [(54, "返品")]  # 100 × 1,080 ÷ 2,000


def test_what_is_exchanged_brings_no_points() -> None:
    made, shipment = bought()
    settle(back(shipment, 1, remedy="reship"), 0)
    life.drain()
    assert returned(made.pk) == []


def test_a_return_that_was_undone_takes_them_again_as_far_as_there_are_any() -> None:
    made, shipment = bought(pieces=1)
    case = settle(back(shipment, 1), 0)  # without a paper, so that it can be undone
    life.drain()
    assert ledger_of(customer()) == (200, 200, 200)
    order("W-2", ("TEA-1", 1, 1080), spend=170)
    undo_settlement(case, reason="間違い", by=None)
    points.settle_use(made.pk)
    life.drain()
    assert sum(count for count, _ in returned(made.pk)) == 150 - 30 and ledger_of(customer()) == (0, 0, 0)
    assert {note for count, note in returned(made.pk) if count < 0} == {"返品の取消"}


def test_an_order_cancelled_after_nothing_left_brings_all_back_once() -> None:
    aoki = customer()
    points.give(aoki.pk, 100, key="a", note="進呈")
    made = order("W-1", ("TEA-1", 1, 1080), spend=60)
    orders.cancel(made.pk, reason="間違い", by=None)
    life.drain()
    assert points.settle_use(made.pk) == points.take_back_use(made.pk, reason="x") == 60
    assert returned(made.pk) == [(60, "受注のキャンセル")] and ledger_of(aoki) == (100, 100, 100)


@given(
    used=st.integers(1, 10_000),
    parts=st.lists(st.integers(1, 50_000), min_size=1, max_size=6),
    fee=st.integers(0, 2_000),
)
def test_shares_never_exceed_what_was_used_and_grow_with_what_comes_back(
    used: int, parts: list[int], fee: int
) -> None:
    whole, back_yen, before = sum(parts) + fee, 0, 0
    for part in parts:
        back_yen += part
        share = used_share(used, back_yen, whole)
        assert before <= share <= used
        before = share
    assert used_share(used, whole, whole) == used
