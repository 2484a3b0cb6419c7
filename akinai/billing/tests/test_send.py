"""請求書の送付: by mail, in the box, and never counted before it has left."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as outbox

from akinai.billing import queries, services
from akinai.billing.errors import NotInvoiceable
from akinai.billing.models import PaperDelivery
from akinai.core import events, mail
from akinai.core import paper_store as store
from akinai.core.models import OutgoingMail
from akinai.orders import queries as order_queries
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import shipped_order

pytestmark = pytest.mark.django_db


def unsent() -> list[Any]:
    """請求済・未送付 as the first screen counts them."""
    return list(order_queries.unfinished("invoiced_not_sent"))


def issued(**fields: Any) -> Any:
    factories.company()
    return services.issue([shipped_order(**fields).pk], by=None)[0]


def test_the_mail_carries_the_pdf_as_issued_and_counts_when_it_has_left() -> None:
    invoice = issued()
    assert services.send(invoice, by=None) and not services.send(invoice, by=None)
    assert OutgoingMail.objects.count() == 1 and not PaperDelivery.objects.exists()
    assert mail.send_due() == 1
    events.drain()
    (message,) = outbox.outbox
    name, content, kind = message.attachments[0]
    assert (name, kind, content) == (
        f"{invoice.number}.pdf",
        "application/pdf",
        store.read(invoice.pdf_sha256),
    )
    assert "請求書" in message.subject and "¥1,100" in message.body
    invoice.order.refresh_from_db()
    assert invoice.order.invoice_progress == "sent" and unsent() == []
    assert [(d.way, d.to) for d in queries.deliveries_of(invoice.number)] == [("mail", "hanako@example.com")]


def test_after_it_was_sent_it_can_be_sent_once_more() -> None:
    invoice = issued()
    for _ in range(2):
        assert services.send(invoice, by=None)
        mail.send_due()
        events.drain()
    assert PaperDelivery.objects.filter(number=invoice.number).count() == 2


def test_a_failed_mail_goes_anew_to_the_right_address() -> None:
    invoice = issued()
    services.send(invoice, by=None)
    OutgoingMail.objects.update(state="failed", last_error="550 no such user")
    assert services.send(invoice, to="right@example.com", by=None)
    (queued,) = OutgoingMail.objects.all()
    assert (queued.to, queued.state, queued.last_error) == ("right@example.com", "queued", "")


def test_while_it_is_being_sent_no_second_mail_is_queued() -> None:
    invoice = issued()
    services.send(invoice, by=None)
    OutgoingMail.objects.update(state="sending")
    assert not services.send(invoice, by=None)
    assert OutgoingMail.objects.get().state == "sending"


def test_without_an_address_it_is_refused_with_the_way_out_and_bulk_names_it() -> None:
    good, bad = issued(), issued(buyer_email="")
    with pytest.raises(NotInvoiceable, match="メールアドレスがありません"):
        services.send(bad, by=None)
    queued, refused = services.send_many([good, bad], by=None)
    assert queued == 1 and refused[0][0] == bad.number and "同梱" in refused[0][1]


def test_what_was_put_into_the_box_counts_once() -> None:
    invoice = issued()
    assert services.mark_printed([invoice], by=factories.staff()) == 1
    assert services.mark_printed([invoice], by=None) == 0
    assert [d.way for d in queries.deliveries_of(invoice.number)] == ["print"]
    invoice.order.refresh_from_db()
    assert invoice.order.invoice_progress == "sent"
