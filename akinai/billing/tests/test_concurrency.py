"""Two clerks at once, on two real connections."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.billing import services
from akinai.billing.models import CreditNote, Invoice, PaperDelivery
from akinai.billing.services import CreditAsk
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipped_order
from tests.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("that_day")]
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


def test_two_clerks_correcting_one_invoice_make_one_new_one() -> None:
    factories.company()
    (invoice,) = services.issue([shipped_order(line(1_100)).pk], by=None)
    answers = together(*[lambda: services.replace(invoice, reason="宛名", by=None)] * 4)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
    assert (Invoice.objects.count(), CreditNote.objects.get().total_yen) == (2, 1_100)


def test_correcting_and_giving_back_at_once_give_back_once() -> None:
    factories.company()
    (invoice,) = services.issue([shipped_order(line(1_100)).pk], by=None)
    answers = together(
        lambda: services.replace(invoice, reason="宛名", by=None),
        lambda: services.credit_rest(invoice, reason="返品", returned_on=DAY, by=None),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert CreditNote.objects.get().total_yen == 1_100


def test_two_clerks_sending_one_invoice_queue_one_mail() -> None:
    factories.company()
    (invoice,) = services.issue([shipped_order().pk], by=None)
    answers = together(*[lambda: services.send(invoice, by=None)] * 4)
    assert sorted(answers) == [False, False, False, True]
    assert OutgoingMail.objects.count() == 1


def test_two_clerks_handing_over_one_print_log_it_once() -> None:
    factories.company()
    (invoice,) = services.issue([shipped_order().pk], by=None)
    answers = together(*[lambda: services.mark_printed([invoice], by=None)] * 4)
    assert sorted(answers) == [0, 0, 0, 1]
    assert PaperDelivery.objects.count() == 1
