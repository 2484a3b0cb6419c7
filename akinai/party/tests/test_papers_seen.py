"""伏せる・閲覧記録: papers of money and returns are written down when they are opened, and not given to whom contact data are no work of."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from akinai.billing import services as billing
from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.party.models import Opening
from tests import cast

pytestmark = pytest.mark.django_db


def _as(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name))
    return client


def test_goods_staff_see_of_a_mail_neither_the_address_nor_the_telephone_in_it() -> None:
    mail = OutgoingMail.objects.create(
        key="note:1",
        to="aoki@example.com",
        subject="090-0000-1001 の件",
        body="〒150-0001 東京都渋谷区神宮前4-12-3 090-0000-1001",
        state="sent",
    )
    page, rows = reverse("mail:detail", args=[mail.pk]), reverse("mail:list")
    for url in (page, rows, f"{rows}?export=utf8"):
        hidden, shown = _as("田中").get(url), _as("鈴木").get(url)
        hidden, shown = (b"".join(one) if one.streaming else one.content for one in (hidden, shown))
        assert b"aoki@example.com" not in hidden and b"0000-1001" not in hidden, url
        assert b"aoki@example.com" in shown and "神宮前".encode() not in hidden, url
    told = Opening.objects.filter(page="mail").values_list("staff__display_name", "subject")
    assert set(told) == {("田中", f"#{mail.pk}"), ("鈴木", f"#{mail.pk}")}
    assert Opening.objects.filter(page="export", subject="送信メール", rows=1).count() == 2


def test_an_invoice_that_was_opened_is_written_down_once_with_its_customer() -> None:
    cast.company()
    cast.sku("A-1", pieces=5)
    order = cast.place(cast.draft("1001", ("A-1", 1, 1080)))
    Order.objects.filter(pk=order.pk).update(state="shipped", shipped_at=clock.now())
    invoice = billing.issue([order.pk], issued_on=clock.today(), by=None)[0]
    suzuki = _as("鈴木")
    for name in ("billing:detail", "billing:pdf"):
        assert suzuki.get(reverse(name, args=[invoice.number])).status_code == 200
    assert list(Opening.objects.values_list("page", "subject", "customer_number")) == [
        ("invoice", invoice.number, order.customer.number)
    ]


def test_a_quote_as_a_file_is_not_given_to_goods_staff() -> None:
    from akinai.orders.models import Quote

    cast.company()
    quote = Quote.objects.create(number="QT-1", name="青木", valid_until="2026-12-31", payment="card")
    assert _as("田中").get(reverse("orders:quote_pdf", args=[quote.number])).status_code == 403
    assert Opening.objects.count() == 0
