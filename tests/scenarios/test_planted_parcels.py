"""植えた誤り in parcels and payouts: 分納, 同梱, 精算; each fault that somebody plants is named by its own proof."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from akinai.accounting.tests import life
from akinai.core import proofs
from akinai.orders import services as orders
from akinai.payments import services as payments
from akinai.payments.tests.factories import credit
from akinai.payments.tests.settling import fee, mall, sale, take
from akinai.shipping import services as shipping
from tests import cast

pytestmark = pytest.mark.django_db

RIDER = "WHERE rides_with_id IS NOT NULL"
# what is done behind the office's back, the table whose triggers are switched off for it, the proof that names it
FAULTS = (
    ("UPDATE shipping_shipment SET is_numbered = false", "", "numbered_shipments_have_parcels"),
    ("DELETE FROM shipping_parcel", "", "numbered_shipments_have_parcels"),
    (f"UPDATE shipping_shipment SET state = 'instructed' {RIDER}", "", "merged_orders_leave_together"),
    (f"UPDATE shipping_shipment SET parcel_count = 1 {RIDER}", "", "merged_orders_leave_together"),
    ("UPDATE shipping_ordermerge SET given_yen = given_yen - 1", "", "merged_orders_are_charged_as_agreed"),
    ("UPDATE shipping_mergemember SET shipping_after_yen = 1 WHERE shipping_after_yen = 0", "", "merged_orders_are_charged_as_agreed"),
    ("UPDATE shipping_ordermerge SET state = 'undone'", "", "merged_orders_are_charged_as_agreed"),
    ("UPDATE orders_orderline SET instructed = 0 WHERE instructed = 3", "", "shipments_hold_what_was_ordered"),
    ("UPDATE shipping_shipmentline SET quantity = quantity + 1", "", "shipments_hold_what_was_ordered"),
    ("UPDATE shipping_shipmentline SET quantity = quantity + 1", "", "shipped_goods_left_stock"),
    ("UPDATE orders_orderline SET quantity = quantity + 1", "", "shipments_agree_with_orders"),
    ("UPDATE shipping_shipment SET is_part = false WHERE is_part", "", "shipments_agree_with_orders"),
    ("UPDATE orders_order SET paid_yen = paid_yen - 1 WHERE paid_yen > 0", "", "paid_matches_payments"),
    ("UPDATE payments_payment SET amount_yen = amount_yen - 1", "payments_payment", "paid_matches_payments"),
    ("UPDATE payments_match SET amount_yen = amount_yen - 1", "payments_match", "bank_lines_match_their_matches"),
    ("UPDATE payments_match SET amount_yen = amount_yen - 1", "payments_match", "matches_add_up"),
    ("DELETE FROM payments_banklinestatus", "", "credits_have_a_status"),
    ("UPDATE payments_payment SET amount_yen = 1 WHERE reverses_id IS NOT NULL", "payments_payment", "reversals_mirror_what_they_reverse"),
    ("UPDATE payments_payment SET amount_yen = amount_yen + 1 WHERE source = 'credit_used' AND order_id IS NOT NULL", "payments_payment",
     "used_credit_goes_to_orders"),
    ("UPDATE payments_settlementline SET yen = yen + 1", "payments_settlementline", "settlements_add_up"),
    ("UPDATE payments_settlement SET net_yen = net_yen - 1, gross_yen = gross_yen - 1", "payments_settlement", "settlements_add_up"),
    ("UPDATE payments_settlementlinestatus SET how = 'booked' WHERE how = 'paid'", "", "settlement_lines_are_where_they_say"),
    ("UPDATE payments_settlemententry SET yen = yen + 1", "payments_settlemententry", "settlement_lines_are_where_they_say"),
    ("UPDATE payments_settlementstatus SET bank_line_id = (SELECT min(id) FROM payments_bankline), bank_yen = 9999", "",
     "settlements_at_the_bank"),
)  # fmt: skip


def found(*names: str) -> set[str]:
    return {one.name for one in proofs.run_all() if one.broken and (not names or one.name in names)}


def parted() -> None:
    """3 pieces, of which one has left alone and two after it."""
    order = life.order("S-1", ("TEA-1", 3, 1080), channel="phone", taxes=())
    line = order.lines.get()
    for pieces in (1, 2):
        made = shipping.instruct_part(order.pk, {line.pk: pieces}, ship_on=life.DAY, by=None)
        shipping.ship([one.pk for one in made.shipments.all()], by=None)
        life.drain()


def merged() -> None:
    """Two orders of 青木 in one parcel."""
    told: dict[str, Any] = {
        "total_yen": 1680,
        "shipping_yen": 600,
        "taxes": (),
        "payment": "cod",
        "payment_settled": False,
    }
    pair = [cast.place(cast.draft(no, ("TEA-1", 1, 1080), **told), channel="phone") for no in ("M-1", "M-2")]
    orders.release_all(pair[1], note="確認済", by=None)  # a second order of the day may be a repeat
    shipping.merge_orders([one.pk for one in pair], by=None)
    lead = shipping.instruct([pair[0].pk], ship_on=life.DAY, by=None).shipments.get(rides_with=None)
    shipping.add_tracking(lead, numbers=["398712040016"], by=None)
    shipping.ship([lead.pk], by=None)
    life.drain()


def money() -> None:
    """A transfer that is matched, one that is taken back, 預り金 that is used, and a payout of a mall."""
    owes: dict[str, Any] = {"payment": "bank_transfer", "payment_settled": False, "channel": "phone"}
    paid, back = (mall(no, 1080, **owes) for no in ("B-1", "B-2"))
    line = credit(1080, "ミホン", life.DAY)
    payments.match(line.pk, [payments.Part(paid.pk, 1080)], by=None)
    gone = payments.receive_otherwise(
        order_id=back.pk, amount_yen=1080, source="carrier", received_on=life.DAY, key="x", by=None
    )
    payments.reverse_payment(gone.pk, note="誤り", by=None)
    payments.keep_as_credit(order_id=paid.pk, amount_yen=1080, on=life.DAY, key="y", note="", by=None)
    payments.use_credit(order_id=paid.pk, amount_yen=1080, on=life.DAY, key="z", by=None)
    mall("R-1")
    take(sale("R-1"), fee(38, "R-1"))


def test_each_planted_fault_is_named_by_its_own_proof() -> None:
    cast.company()
    life.goods("TEA-1")
    parted()
    merged()
    money()
    assert found() == set()
    missed = []
    for fault, guarded, proof in FAULTS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            if guarded:
                cursor.execute(f"ALTER TABLE {guarded} DISABLE TRIGGER USER")
            cursor.execute(fault)
            assert cursor.rowcount, fault
            missed += [] if found(proof) else [(fault, proof)]
            transaction.set_rollback(True)
    assert missed == []
    assert found() == set()
