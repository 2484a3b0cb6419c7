"""在庫の画面: what is there, why, and who may change it."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from akinai.stock import queries, services
from akinai.stock.models import Location, StockEntry
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


def test_goods_that_never_moved_stand_in_the_list_with_zeros() -> None:
    tea, new = cast.sku("TEA-1", pieces=5), cast.sku("NEW-1")
    Location.objects.create(code="OSAKA", name="大阪倉庫")
    osaka = queries.location_ids()["OSAKA"]
    services.post([services.Movement(tea, osaka, "opening", 2, "期首", "osaka")], by=None)
    rows = [
        (row.sku_id, row.location.code, row.on_hand, row.reserved, row.waiting)
        for row in queries.for_list().order_by("pk")
    ]
    assert rows == [(tea, "MAIN", 5, 0, None), (new, "MAIN", 0, 0, None), (tea, "OSAKA", 2, 0, None)]
    seen = browser("高橋")
    assert "NEW-1" in seen.get("/office/stock/?f.location=MAIN").content.decode()
    assert "NEW-1" not in seen.get("/office/stock/?f.location=OSAKA").content.decode()
    page = seen.get("/office/stock/?tab=zero").content.decode()
    assert "NEW-1" in page and "TEA-1" not in page
    assert seen.get(f"/office/stock/{new}/").status_code == 200


def test_every_row_of_the_list_is_seen_once_page_by_page() -> None:
    """Rows that never moved have numbers of their own, so paging neither skips nor repeats them."""
    for n in range(60):
        cast.sku(f"TEA-{n:03d}", pieces=n % 2)
    seen, codes, address = browser("高橋"), [], "/office/stock/?sort=on_hand"
    while address:
        page = seen.get(address).content.decode()
        codes += re.findall(r">(TEA-\d{3})<", page)
        after = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = f"/office/stock/{html.unescape(after[1])}" if after else ""
    assert sorted(codes) == [f"TEA-{n:03d}" for n in range(60)]


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
