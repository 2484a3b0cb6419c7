"""売上台帳: what was shipped is earned, what was given back is not, once each and whatever the order of events."""

from __future__ import annotations

import pytest

from akinai.accounting import services
from akinai.accounting.models import DailySales, RevenueEntry
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.billing.services import CreditAsk
from akinai.shipping import services as shipping
from tests.cast import company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    life.goods("TEA-1", cost="600")
    life.goods("CUP-1", cost="1200", rate=10)


def test_what_leaves_is_earned_with_its_tax_and_its_cost() -> None:
    made = life.order("R-1", ("TEA-1", 2, 1080), total_yen=2860, shipping_yen=700, taxes=())
    life.ship(made)
    rows = RevenueEntry.objects.filter(order=made).order_by("id")
    assert [(r.kind, r.rate, r.net_yen, r.tax_yen, r.gross_yen, r.quantity, r.cost_yen) for r in rows] == [
        ("goods", 8, 2000, 160, 2160, 2, 1200), ("shipping", 10, 637, 63, 700, 0, 0),
    ]  # fmt: skip
    assert life.ledger(made) == made.total_yen == 2860


def test_telling_twice_writes_once() -> None:
    made = life.order("R-1", ("TEA-1", 1, 1080))
    life.ship(made)
    before = RevenueEntry.objects.count()
    assert services.record([made.pk]) == services.record_missing() == 0
    assert RevenueEntry.objects.count() == before


def test_a_shipment_taken_back_earns_nothing_and_leaves_again() -> None:
    made = life.order("R-1", ("TEA-1", 1, 1080))
    ids = life.ship(made)
    shipping.unship(ids, reason="間違い", by=None)
    life.drain()
    assert life.ledger(made) == 0
    assert sum(DailySales.objects.values_list("orders", flat=True)) == 0
    life.ship(made)
    assert life.ledger(made) == 1080
    assert RevenueEntry.objects.filter(order=made, event="ship").values_list("turn", flat=True)[1] == 2
    assert life.broken() == set()


def test_a_credit_note_lowers_the_day_it_came_back() -> None:
    made = life.order("P-1", ("TEA-1", 3, 1080), channel="phone")
    life.ship(made)
    paper = life.invoice(made)
    billing.credit(
        paper, asks=[CreditAsk(1080, 1, 1)], reason="返品", returned_on=life.DAY, issued_on=life.DAY, by=None
    )
    life.drain()
    assert life.ledger(made) == 2160
    row = RevenueEntry.objects.get(event="credit")
    assert (row.gross_yen, row.tax_yen, row.quantity, row.sku_id) == (-1080, -80, -1, made.lines.get().sku_id)
    assert life.broken() == set()


def test_a_corrected_invoice_changes_no_sale() -> None:
    made = life.order("P-1", ("TEA-1", 3, 1080), channel="phone")
    life.ship(made)
    billing.replace(life.invoice(made), reason="宛名", recipient_name="別名", by=None)
    life.drain()
    assert life.ledger(made) == 3240
    assert life.broken() == set()


def test_given_back_unshipped_and_shipped_again_is_earned_once() -> None:
    made = life.order("P-1", ("TEA-1", 3, 1080), channel="phone")
    ids = life.ship(made)
    billing.credit_rest(life.invoice(made), reason="出荷取消", returned_on=life.DAY, by=None)
    life.drain()
    assert life.ledger(made) == 0
    shipping.unship(ids, reason="間違い", by=None)
    life.drain()
    assert life.ledger(made) == 0
    life.ship(made)
    assert life.ledger(made) == 3240
    life.invoice(made)
    assert life.ledger(made) == 3240
    assert life.broken() == set()


def test_an_order_whose_parts_do_not_add_up_is_earned_to_the_yen_with_the_difference_named() -> None:
    made = life.order("R-9", ("TEA-1", 1, 1080))
    type(made).objects.filter(pk=made.pk).update(total_yen=1200, taxes=[])
    life.ship(made)
    assert life.ledger(made) == 1200
    assert (
        RevenueEntry.objects.filter(order=made, kind="other").values_list("gross_yen", flat=True).get() == 120
    )


def test_days_are_summed_by_channel_and_category() -> None:
    life.ship(life.order("R-1", ("TEA-1", 2, 1080)), life.order("R-2", ("TEA-1", 1, 1080)))
    day = DailySales.objects.get()
    assert (day.orders, day.quantity, day.net_yen, day.tax_yen, day.gross_yen, day.cost_yen) == (
        2, 3, 3000, 240, 3240, 1800,
    )  # fmt: skip
