"""Shipments and invoices are found by any of their numbers, and by the person when it is no number."""

from __future__ import annotations

from typing import Any

import pytest

from akinai.billing import queries as billing
from akinai.billing import services as invoices
from akinai.billing.models import Invoice
from akinai.core.search import looks_like_number
from akinai.shipping import queries
from akinai.shipping.models import Shipment
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
NUMBER = factories.number(40000000001)


@pytest.fixture
def one(tmp_path: Any, settings: Any) -> Shipment:
    """A shipment among others."""
    settings.FILES_ROOT = tmp_path
    factories.shipment_gone(buyer_name="佐藤 次郎", ship_name="佐藤 次郎")
    found: Shipment = factories.shipment_gone(
        numbers=[NUMBER],
        search_text="ﾔﾏﾀﾞ 山田 花子 09012345678",
        buyer_name="山田 花子",
        buyer_phone="090-1234-5678",
    )
    return found


def found(text: str) -> list[Shipment]:
    return list(queries.find(Shipment.objects.all(), text))


def test_a_shipment_is_found_by_each_of_its_numbers(one: Shipment) -> None:
    spaced = f" {NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:]} "
    for text in (one.number, one.number.lower(), one.order.number, NUMBER, spaced):
        assert found(text) == [one] and queries.to_check(text) == one, text


def test_a_person_is_found_by_name_and_by_a_telephone_number_that_is_no_parcels(one: Shipment) -> None:
    for text in ("山田", "花子 山田", "09012345678"):
        assert found(text) == [one], text
    assert found("SH-2026-999999") == found("鈴木") == []


def test_a_number_of_ours_does_not_bring_people_along(one: Shipment) -> None:
    other = factories.shipment_gone(search_text=f"メモ {one.number}")
    assert found(one.number) == [one] and other.pk


def test_an_invoice_is_found_by_its_number_its_orders_number_and_the_buyer(one: Shipment) -> None:
    (invoice,) = invoices.issue([one.order_id], by=None)
    for text in (invoice.number, one.order.number, "山田", "09012345678"):
        assert list(billing.find(Invoice.objects.all(), text)) == [invoice], text
    assert not billing.find(Invoice.objects.all(), "佐藤").exists()


@pytest.mark.parametrize(
    "text", ["SH-2026-000123", "so-2026-000001", "1234-5678-9013", "EG123456785JP", "09012345678"]
)
def test_looks_like_a_number(text: str) -> None:
    assert looks_like_number(text)


@pytest.mark.parametrize("text", ["山田", "1500001", "山田 123456789012", "A-1", ""])
def test_looks_like_none(text: str) -> None:
    assert not looks_like_number(text)
