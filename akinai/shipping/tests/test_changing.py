"""送り状の内容 is changed until the goods have left; a label that was exported is made anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.shipping import services
from akinai.shipping.services.labels import label_of
from akinai.shipping.tests import factories
from tests.together import together

DAY = date(2026, 11, 24)


def instructed(**fields: Any) -> Any:
    company = factories.company()
    shipment = services.instruct([factories.order(**fields).pk], ship_on=DAY, by=None).shipments.get()
    services.export_labels(shipment.batch, carrier="plain", by=None)
    shipment.refresh_from_db()
    assert shipment.labels_exported_at and company
    return shipment


@pytest.mark.django_db
def test_what_was_changed_is_on_the_next_label_and_in_the_history() -> None:
    shipment = instructed()
    services.change_label(
        shipment, parcel_count=2, temperature="chilled", delivery_on=date(2026, 11, 26), delivery_slot="am", is_fragile=True,
        label_note="玄関前に", by=factories.staff(),
    )  # fmt: skip
    shipment.refresh_from_db()
    label = label_of(shipment, company=factories.company())
    assert (label.parcels, label.temperature, label.delivery_slot, label.fragile, label.note) == (
        2, "chilled", "am", True, "玄関前に",
    )  # fmt: skip
    assert shipment.labels_exported_at is None
    summary = activity.of(shipment).first().summary
    assert "温度帯 常温 → 冷蔵、個口数 1 → 2" in summary and "ワレ物注意 なし → あり" in summary


@pytest.mark.django_db
def test_nothing_changed_leaves_the_exported_label_alone() -> None:
    shipment = instructed()
    services.change_label(shipment, parcel_count=1, service="parcel", by=None)
    shipment.refresh_from_db()
    assert shipment.labels_exported_at is not None


@pytest.mark.django_db
def test_what_is_paid_on_delivery_stays_so() -> None:
    shipment = instructed(payment="cod", payment_settled=False)
    services.change_label(shipment, service="parcel", parcel_count=1, by=None)
    shipment.refresh_from_db()
    assert shipment.service == "cod"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "temperature"), [("クール便（冷凍）", "frozen"), ("クール宅急便", "chilled"), ("宅配便", "")]
)
def test_a_cool_delivery_is_taken_from_the_buyers_choice(method: str, temperature: str) -> None:
    assert instructed(delivery_method=method).temperature == temperature


@pytest.mark.django_db
def test_after_it_has_left_nothing_is_changed() -> None:
    shipment = instructed()
    services.ship([shipment.pk], by=None)
    with pytest.raises(DomainError, match="出荷済"):
        services.change_label(shipment, parcel_count=2, by=None)
    shipment.refresh_from_db()
    assert shipment.parcel_count == 1


@pytest.mark.django_db(transaction=True)
def test_changing_and_shipping_at_once_leave_one_truth() -> None:
    shipment = instructed()
    changed, shipped = together(
        lambda: services.change_label(shipment, parcel_count=2, by=None),
        lambda: services.ship([shipment.pk], by=None),
    )
    shipment.refresh_from_db()
    assert not isinstance(shipped, DomainError) and shipment.state == "shipped"
    assert shipment.parcel_count == (1 if isinstance(changed, DomainError) else 2)


@pytest.mark.django_db
def test_the_form_shows_what_is_and_refuses_a_day_before_shipping(client: Client) -> None:
    person = factories.staff("takahashi")
    person.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["shipping", "orders"]))
    client.force_login(person)
    shipment = instructed()
    url = reverse("shipping:label", args=[shipment.number])
    assert "出力し直してください" in client.get(url).content.decode()
    fields = {"carrier": "plain", "service": "parcel", "parcel_count": "3", "ship_on": "2026-11-24"}
    refused = client.post(url, fields | {"delivery_on": "2026-11-24"})
    assert refused.status_code == 422 and "出荷予定日より後の日" in refused.content.decode()
    client.post(url, fields | {"delivery_on": "2026-11-26"})
    shipment.refresh_from_db()
    assert (shipment.parcel_count, shipment.delivery_on) == (3, date(2026, 11, 26))
