"""Two workers and one bundle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akinai.catalog.models import PriceChange, Sku
from akinai.content.models import Release
from akinai.content.services import releases
from akinai.content.tests import writers
from akinai.core import clock
from akinai.core.models import OutgoingMail
from tests import cast
from tests.together import together


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_apply_a_bundle_once() -> None:
    cast.company()
    writers.staff("佐々木", "受注", "sasaki@example.jp")
    sku = writers.goods("TEA-1", price=1080).skus.get()
    release = releases.create(name="歳末の市", at=clock.now() + timedelta(minutes=1), memo="", by=None)
    releases.add_item(release, kind="prices", told={"prices": [[sku.pk, sku.code, 980]]}, by=None)
    releases.add_item(release, kind="mail", told={"to": "staff", "subject": "市", "body": "どうぞ"}, by=None)
    releases.schedule(release, acknowledged=False, by=None)
    due = release.due_at + timedelta(seconds=1)
    assert sorted(together(*[lambda: releases.apply_due(due)] * 2)) == [0, 1]
    assert Sku.objects.get().price_yen == 980 and Release.objects.get().state == "applied"
    assert PriceChange.objects.filter(sku=sku, price_yen=980).count() == OutgoingMail.objects.count() == 1
