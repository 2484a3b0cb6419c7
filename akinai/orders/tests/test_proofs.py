"""整合性検証: clean after every kind of order, and each planted fault is found by its own proof."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from akinai.core import proofs
from akinai.orders import services
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.models import Order
from akinai.orders.proofs import PROOFS
from tests import cast
from tests.cast import AOKI, draft, place, somebody

pytestmark = pytest.mark.django_db
OURS = {name for name, *_ in PROOFS}


def found() -> dict[str, list[object]]:
    return {f.name: f.broken for f in proofs.run_all(*OURS) if f.name in OURS and f.broken}


@pytest.fixture(autouse=True, scope="module")
def a_mixed_day(common_ground: None) -> None:
    cast.sku("TEA-001", pieces=4)
    transfer = {"payment": "bank_transfer", "payment_settled": False}
    for nth, changes in enumerate(
        (
            {}, {"customer_note": "急ぎ"}, transfer, {"shipping_yen": 500}, {"mall_status": "shipped"},
            {"mall_status": "cancelled"}, {"ship_to": replace(AOKI, phone="")}, {"payment": "points", "points_yen": 1080, "total_yen": 0},
            {"lines": (), "goods_yen": 0, "total_yen": 0}, transfer,
        )
    ):  # fmt: skip
        place(draft(f"A-{nth}", ("TEA-001", 1, 1080), **{"buyer": somebody(f"P{nth}"), **changes}))
    part = Order.objects.get(channel_order_no="A-9")
    services.note_paid(part.pk, 80, by=None)
    first = Order.objects.get(channel_order_no="A-0")
    services.note_instructed([first.pk], by=None)
    held = Order.objects.get(channel_order_no="A-1")
    services.add_address(held.pk, services.Destination(AOKI, {1: 1}), by=None)
    services.set_gift(held.pk, line_no=1, gift=Gift(options=(Chosen("風呂敷", 660, 2),)), by=None)


def test_a_mixed_day_is_clean_and_every_proof_looked_at_something() -> None:
    assert found() == {}
    looked = {f.name: f.rows for f in proofs.run_all(*OURS) if f.name in OURS}
    assert sorted(name for name, rows in looked.items() if not rows) == []


@pytest.mark.parametrize(
    ("fault", "proof"),
    [
        ("UPDATE orders_order SET state = 'ready' WHERE channel_order_no = 'A-1'", "nothing_open_goes_on"),
        ("UPDATE orders_order SET state = 'on_hold' WHERE channel_order_no = 'A-2'", "held_orders_say_why"),
        ("UPDATE orders_order SET state = 'ready' WHERE channel_order_no = 'A-2'", "prepaid_orders_wait_for_money"),
        ("UPDATE orders_orderline SET quantity = 2 WHERE order_id = (SELECT id FROM orders_order WHERE channel_order_no = 'A-0')",
         "ready_orders_have_their_goods"),
        ("UPDATE stock_reservation SET state = 'released', quantity = 0 WHERE quantity = 0", "waiting_orders_stand_in_the_queue"),
        ("UPDATE orders_order SET total_yen = 9 WHERE channel_order_no = 'A-1'", "order_totals_add_up"),
        ("UPDATE orders_order SET state = 'cancelled' WHERE channel_order_no = 'A-1'", "cancelled_orders_hold_nothing"),
        ("UPDATE orders_order SET payment_progress = 'done' WHERE channel_order_no = 'A-9'", "payment_progress_follows_the_money"),
        ("UPDATE orders_order SET state = 'cancelled' WHERE channel_order_no = 'A-4'", "orders_shipped_elsewhere_stay_out"),
        ("DELETE FROM orders_orderissue WHERE order_id = (SELECT id FROM orders_order WHERE channel_order_no = 'A-8')",
         "orders_have_lines"),
        ("UPDATE orders_orderline SET assigned = 0", "addresses_get_what_was_assigned"),
        ("UPDATE orders_order SET wrapping_yen = wrapping_yen - 1 WHERE channel_order_no = 'A-1'", "gifts_are_charged"),
        ("UPDATE orders_orderline SET gift = jsonb_set(gift, '{options,0,count}', '3') WHERE gift <> '{}'", "gifts_are_charged"),
        ("UPDATE stock_reservation SET quantity = wanted WHERE quantity = 0", "short_orders_wait_for_stock"),
        ("WITH soon AS (UPDATE catalog_sku SET release_on = '2099-01-01') UPDATE orders_order SET state = 'ready' WHERE channel_order_no = 'A-1'", "nothing_is_ready_before_its_day"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(fault: str, proof: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert proof in found()
