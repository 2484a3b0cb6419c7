"""問い合わせの数: the office pages of content ask as little for much as for little."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from akinai.content.models import Release
from akinai.content.services import releases
from akinai.content.tests import writers
from akinai.core import clock
from tests import cast
from tests.questions import asked

pytestmark = pytest.mark.django_db
MOST = 10


def fill(release: Release, first: int, count: int) -> None:
    """So many pages and prices more, and what another bundle has of them."""
    other = releases.create(name=f"別の市{first}", at=clock.now() + timedelta(days=2), memo="", by=None)
    for at in range(first, first + count):
        sku = writers.goods(f"TEA-{at}", pieces=3, price=1080).skus.get()
        page = writers.feature(f"市{at}", publish=False)
        for one in (release, other):
            releases.add_item(one, kind="prices", told={"prices": [[sku.pk, sku.code, 980]]}, by=None)
            releases.add_item(one, kind="page", page_id=page.pk, by=None)


def test_a_bundle_asks_the_same_for_one_page_as_for_many() -> None:
    cast.company()
    desk = Client()
    desk.force_login(cast.staff("伊藤"))
    release = releases.create(name="歳末の市", at=clock.now() + timedelta(days=1), memo="", by=None)
    releases.add_item(release, kind="announcement", told={"text": "歳末の市です"}, by=None)
    fill(release, 0, 1)
    page = f"/office/content/releases/{release.number}/"
    few = asked(desk, page)
    fill(release, 1, 3)
    assert (few, asked(desk, page)) == (few, few) and few <= MOST
