"""Two clerks at once, on two real connections."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.billing import services
from akinai.billing.models import CreditNote, Invoice
from akinai.billing.services import CreditAsk
from akinai.core.errors import DomainError
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipped_order
from akinai.shipping.tests.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 24)


def test_two_clerks_issuing_one_order_get_one_invoice_and_no_gap() -> None:
    factories.company()
    one, two = shipped_order(), shipped_order()
    answers = together(*[lambda: services.issue([one.pk, two.pk], by=None)] * 4)
    assert all(answer == answers[0] for answer in answers)
    assert sorted(Invoice.objects.values_list("number", flat=True)) == ["INV-2026-000001", "INV-2026-000002"]


def test_two_clerks_giving_back_one_invoice_give_it_back_once() -> None:
    factories.company()
    order = shipped_order(line(1_100))
    (invoice,) = services.issue([order.pk], by=None)
    asks = [CreditAsk(1_100, line_no=1)]
    answers = together(
        *[lambda: services.credit(invoice, asks=asks, reason="返品", returned_on=DAY, by=None)] * 4
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
    assert CreditNote.objects.get().total_yen == 1_100
