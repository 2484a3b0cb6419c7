"""在庫の画面: what is there, why, and who may change it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from akinai.stock import queries, services
from akinai.stock.models import StockEntry
from tests import cast

pytestmark = pytest.mark.django_db
REASON = {"location": "MAIN", "how": "counted", "quantity": "７", "reason": "数え直し"}


def browser(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name), backend="akinai.staff.backends.StaffBackend")
    return client


def test_the_list_shows_who_is_short_and_finds_by_code() -> None:
    tea, _cup = cast.sku("TEA-1", pieces=5), cast.sku("CUP-1", pieces=3)
    when = timezone.make_aware(datetime(2026, 11, 24))
    services.reserve_lines([services.Want("SO-1/1", tea, queries.default_location_id(), 8, when)], by=None)
    seen = browser("高橋")
    page = seen.get("/office/stock/?tab=short").content.decode()
    assert "TEA-1" in page and "CUP-1" not in page
    page = seen.get("/office/stock/?q=cup").content.decode()
    assert "CUP-1" in page and "TEA-1" not in page
    card = seen.get(f"/office/stock/{tea}/").content.decode()
    assert "SO-1" in card and "入荷" in card
    for order in ("code", "-on_hand", "-free", "shelf", "price_yen"):
        assert seen.get(f"/office/stock/?sort={order}").status_code == 200


def test_a_count_is_adjusted_and_taken_back_with_reasons() -> None:
    tea, seen = cast.sku("TEA-1", pieces=5), browser("高橋")
    assert seen.get(f"/office/stock/{tea}/adjust/").status_code == 200
    assert seen.post(f"/office/stock/{tea}/adjust/", REASON | {"reason": ""}).status_code == 422
    assert seen.post(f"/office/stock/{tea}/adjust/", REASON).status_code == 302
    assert cast.level(tea) == (7, 0)
    entry = StockEntry.objects.latest("id")
    seen.post(f"/office/stock/entries/{entry.pk}/reverse/", {"reason": ""})
    assert cast.level(tea) == (7, 0)
    seen.post(f"/office/stock/entries/{entry.pk}/reverse/", {"reason": "誤り"})
    seen.post(f"/office/stock/entries/{entry.pk}/reverse/", {"reason": "もう一度"})
    assert cast.level(tea) == (5, 0)
    assert seen.get("/office/stock/entries/?q=TEA").status_code == 200


@pytest.mark.parametrize("name", ["鈴木", "部外者"])
def test_others_leave_every_number_unchanged(name: str) -> None:
    tea = cast.sku("TEA-1", pieces=5)
    entry = StockEntry.objects.get()
    other = browser(name)
    assert other.post(f"/office/stock/{tea}/adjust/", REASON).status_code == 403
    assert other.post(f"/office/stock/entries/{entry.pk}/reverse/", {"reason": "x"}).status_code == 403
    assert cast.level(tea) == (5, 0)
