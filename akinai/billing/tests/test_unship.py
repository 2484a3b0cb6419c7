"""出荷取消 and invoices: what is invoiced stays shipped until it is given back, and leaves with a new invoice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from akinai.billing import queries, services
from akinai.billing.models import Invoice
from akinai.core import events, proofs
from akinai.shipping import services as shipping
from akinai.shipping.errors import NotShippable
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import shipment_gone
from tests.together import together

DAY = date(2026, 11, 24)


def broken() -> dict[str, list[dict[str, Any]]]:
    return {finding.name: finding.broken for finding in proofs.run_all() if finding.broken}


@pytest.mark.django_db
def test_an_invoiced_shipment_is_taken_back_only_after_the_invoice_is_given_back() -> None:
    shipment = shipment_gone()
    (first,) = services.issue([shipment.order_id], by=None)
    with pytest.raises(NotShippable, match=f"請求書 {first.number} が発行されています"):
        shipping.unship([shipment.pk], reason="間違えた", by=None)
    services.credit_rest(first, reason="出荷の取消", returned_on=DAY, by=None)
    shipping.unship([shipment.pk], reason="間違えた", by=None)
    assert broken() == {} and not queries.to_invoice().exists()

    again = shipping.instruct([shipment.order_id], ship_on=DAY, by=None).shipments.get()
    shipping.ship([again.pk], by=None)
    assert [order.pk for order in queries.to_invoice()] == [shipment.order_id]
    (second,) = services.issue([shipment.order_id], by=None)
    assert (second.replaces, second.total_yen) == (first, first.total_yen)
    assert services.issue([shipment.order_id], by=None) == [second]
    assert broken() == {}


@pytest.mark.django_db
def test_half_given_back_is_not_given_back() -> None:
    shipment = shipment_gone()
    (invoice,) = services.issue([shipment.order_id], by=None)
    services.credit(invoice, asks=[services.CreditAsk(100)], reason="値引", returned_on=DAY, by=None)
    with pytest.raises(NotShippable):
        shipping.unship([shipment.pk], reason="間違えた", by=None)


@pytest.mark.django_db
def test_a_returned_order_does_not_ask_for_another_invoice() -> None:
    shipment = shipment_gone()
    (invoice,) = services.issue([shipment.order_id], by=None)
    services.credit_rest(invoice, reason="返品", returned_on=DAY, by=None)
    assert not queries.to_invoice().exists()
    assert services.issue([shipment.order_id], by=None) == [invoice]


@pytest.mark.django_db
def test_where_the_mall_issues_the_paper_nobody_has_to_think_of_it() -> None:
    shipment = shipment_gone(channel=factories.channel("mall", issues_own_invoice=True))
    assert queries.to_invoice().exists()
    events.drain()
    shipment.order.refresh_from_db()
    assert shipment.order.invoice_progress == "not_needed" and not queries.to_invoice().exists()


@pytest.mark.django_db(transaction=True)
def test_invoicing_and_taking_back_at_once_never_leave_an_invoice_for_what_stayed() -> None:
    shipment = shipment_gone()
    together(
        lambda: services.issue([shipment.order_id], by=None),
        lambda: shipping.unship([shipment.pk], reason="間違えた", by=None),
    )
    shipment.order.refresh_from_db()
    assert (shipment.order.state, Invoice.objects.count()) in {("shipped", 1), ("ready", 0)}
    assert broken() == {}
