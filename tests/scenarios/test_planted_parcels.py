"""植えた誤り in parcels and payouts: 分納, 同梱, 精算; each fault that somebody plants is named by its own proof."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

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


# what no act of the office writes, and the constraint that refuses it
REFUSED = (
    ("UPDATE shipping_shipment SET cod_yen = -1", "shipment_cod_not_negative"),
    ("UPDATE shipping_shipment SET state = 'packed', is_part = false", "shipment_one_open_per_order"),
    ("UPDATE shipping_shipmentline SET quantity = 0", "shipmentline_positive"),
    ("UPDATE shipping_shipmentline SET returned = quantity + 1", "shipmentline_never_back_more_than_left"),
    ("INSERT INTO shipping_shipmentline (shipment_id, order_line_id, sku_id, quantity) "
     "SELECT shipment_id, order_line_id, sku_id, 1 FROM shipping_shipmentline", "shipmentline_once"),
    ("INSERT INTO shipping_parcel (shipment_id, carrier, tracking_no, added_at) SELECT shipment_id, carrier, tracking_no, now() "
     "FROM shipping_parcel", "parcel_tracking_once"),
    ("UPDATE shipping_mergemember SET shipping_after_yen = shipping_before_yen + 1", "mergemember_charge_only_falls"),
    ("UPDATE shipping_mergemember SET shipping_after_yen = -1", "mergemember_charge_only_falls"),
    ("UPDATE shipping_mergemember SET order_id = (SELECT min(order_id) FROM shipping_mergemember)", "mergemember_once"),
    ("WITH other AS (INSERT INTO shipping_ordermerge (number, state, given_yen, borne_yen, made_at) VALUES ('MG-X', 'live', 0, 0, now()) "
     "RETURNING id) INSERT INTO shipping_mergemember (merge_id, order_id, is_live, shipping_before_yen, shipping_after_yen) "
     "SELECT other.id, min(order_id), true, 0, 0 FROM shipping_mergemember, other GROUP BY other.id", "mergemember_one_live_merge"),
    ("UPDATE orders_orderline SET instructed = quantity + 1", "orderline_never_ships_more_than_ordered"),
    ("UPDATE orders_orderline SET assigned = quantity + 1", "orderline_never_sends_more_than_ordered"),
    ("UPDATE orders_order SET paid_yen = total_yen + 1", "order_never_paid_twice"),
    ("UPDATE payments_settlementstatus SET state = 'reversed', bank_line_id = (SELECT min(id) FROM payments_bankline)",
     "settlement_bank_only_while_live"),
    ("UPDATE payments_settlementstatus SET bank_yen = 1", "settlement_bank_only_while_live"),
    ("UPDATE payments_settlementlinestatus SET why = 'short'", "settlementline_explained_or_why_not"),
    ("UPDATE payments_settlementlinestatus SET state = 'open'", "settlementline_explained_or_why_not"),
    ("UPDATE payments_settlementlinestatus SET payment_id = (SELECT min(id) FROM payments_payment)", "settlementline_one_payment_once"),
    ("INSERT INTO payments_settlement (number, provider_id, payout_no, paid_on, gross_yen, refund_yen, fee_yen, fee_tax_yen, "
     "adjustment_yen, reserve_yen, net_yen, line_count, digest, at) SELECT 'SE-X', provider_id, 'X', paid_on, 1, 0, 0, 0, 0, 0, 2, 1, 'x', at "
     "FROM payments_settlement", "settlement_parts_are_net"),
    ("INSERT INTO payments_settlement (number, provider_id, payout_no, paid_on, gross_yen, refund_yen, fee_yen, fee_tax_yen, "
     "adjustment_yen, reserve_yen, net_yen, line_count, digest, at) SELECT 'SE-X', provider_id, 'X', paid_on, 0, 0, 0, 0, 0, 0, 0, 0, 'x', at "
     "FROM payments_settlement", "settlement_has_lines"),
    ("INSERT INTO payments_settlemententry (settlement_id, act, \"on\", role, yen, tax_yen, note, at) "
     "SELECT settlement_id, 9, \"on\", role, 0, 0, '', at FROM payments_settlemententry", "settlemententry_moves_something"),
    ("INSERT INTO payments_settlementline (settlement_id, nth, kind, yen, tax_yen, reference, order_no, refs, tracking_no, text, role, "
     "source_line, detail) SELECT settlement_id, nth, kind, yen, 0, '', '', '[]', '', '', '', 0, '{}' FROM payments_settlementline",
     "settlementline_once"),
    ("INSERT INTO payments_settlementline (settlement_id, nth, kind, yen, tax_yen, reference, order_no, refs, tracking_no, text, role, "
     "source_line, detail) SELECT settlement_id, 9, kind, 0, 0, '', '', '[]', '', '', '', 0, '{}' FROM payments_settlementline",
     "settlementline_moves_something"),
    ("UPDATE payments_settlemententry SET yen = 1", "only grows"),
    ("DELETE FROM payments_settlemententry", "only grows"),
)  # fmt: skip


def found(*names: str) -> set[str]:
    return {one.name for one in proofs.run_all(*names) if one.broken}


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


def test_what_no_office_writes_is_refused_and_each_planted_fault_is_named_by_its_own_proof() -> None:
    cast.company()
    life.goods("TEA-1")
    parted()
    merged()
    money()
    assert found() == set()
    for act, name in REFUSED:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
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
