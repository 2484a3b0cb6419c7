"""Hundreds of invoices at once: by a job, not by a request."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from akinai.billing import jobs
from akinai.billing.models import Invoice
from akinai.core import long_jobs
from akinai.core.models import LongJob, OutgoingMail
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import shipped_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def suzuki(client: Client) -> Any:
    """鈴木 (経理), logged in."""
    person = factories.staff("suzuki")
    person.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["billing", "orders"]))
    client.force_login(person)
    return person


def test_all_waiting_orders_are_invoiced_and_all_invoices_sent_by_a_job(
    client: Client, suzuki: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    factories.company()
    orders = [shipped_order() for _ in range(3)]
    odd = shipped_order(amounts_known=False)
    started = client.post(
        reverse("billing:to_invoice"),
        {"action": "issue", "all": "1", "go": "1", "issued_on": "2026-11-24"},
    )
    job = LongJob.objects.get()
    assert started.status_code == 302 and started["Location"] == reverse("jobs:detail", args=[job.pk])
    assert not Invoice.objects.exists()
    waiting = client.get(reverse("jobs:progress", args=[job.pk]))
    assert "0 / 4 件" in waiting.content.decode()
    long_jobs.run(job.pk)
    assert client.get(reverse("jobs:progress", args=[job.pk]))["HX-Refresh"] == "true"
    page = client.get(reverse("jobs:detail", args=[job.pk])).content.decode()
    assert odd.number in page and "金額の分からない受注です" in page
    assert sorted(Invoice.objects.values_list("order_id", flat=True)) == [order.pk for order in orders]
    assert set(Invoice.objects.values_list("issued_by", flat=True)) == {suzuki.pk}

    client.post(reverse("billing:list"), {"action": "send", "all": "1", "go": "1"})
    long_jobs.run(LongJob.objects.latest("pk").pk)
    assert OutgoingMail.objects.count() == 3


def test_the_same_orders_again_give_the_same_papers() -> None:
    factories.company()
    order = shipped_order()
    for _ in range(2):
        job = long_jobs.start(jobs.ISSUE, [order.pk], by=None, options={"issued_on": "2026-11-24"})
        long_jobs.run(job.pk)
    job.refresh_from_db()
    assert (Invoice.objects.count(), job.counts["発行済み"]) == (1, 1)


def test_others_do_not_see_the_job(client: Client) -> None:
    factories.company()
    job = long_jobs.start(jobs.ISSUE, [shipped_order().pk], by=None, options={"issued_on": "2026-11-24"})
    client.force_login(factories.staff("stranger"))
    for name in ("jobs:detail", "jobs:progress"):
        assert client.get(reverse(name, args=[job.pk])).status_code == 403
    assert client.post(reverse("jobs:stop", args=[job.pk])).status_code == 403
    job.refresh_from_db()
    assert job.state == "waiting"
