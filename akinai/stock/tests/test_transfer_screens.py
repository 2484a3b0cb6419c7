"""在庫移動と在庫場所の画面: written, sent and received by people who may."""

from __future__ import annotations

import pytest

from akinai.stock import queries, services
from akinai.stock.models import Location, StockLevel, StockTransfer
from akinai.stock.tests.test_screens import browser
from akinai.stock.tests.test_transfers import lies, shop, written
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_transfer_is_written_sent_and_received_by_hand() -> None:
    tea, seen = cast.sku("TEA-1", pieces=10), browser("高橋")
    shop()
    told = {"source": "MAIN", "destination": "SHOP", "lines": "tea-1\t4\nTEA-1 2", "note": ""}
    assert seen.post("/office/stock/transfers/new/", told | {"destination": "MAIN"}).status_code == 422
    assert seen.post("/office/stock/transfers/new/", told | {"lines": "NOPE 1"}).status_code == 422
    assert seen.post("/office/stock/transfers/new/", told).status_code == 302
    number = StockTransfer.objects.get().number
    page = f"/office/stock/transfers/{number}/"
    assert seen.get(page).status_code == 200
    seen.post(f"{page}edit/", told | {"lines": "TEA-1 5", "version": 1})
    assert StockTransfer.objects.get().lines.get().quantity == 5
    seen.post(f"{page}send/", {"version": 1})  # looked at before it was rewritten
    assert lies(tea) == {"MAIN": 10}
    seen.post(f"{page}send/", {"version": 2})
    assert lies(tea) == {"MAIN": 5, "TRANSIT": 5}
    assert seen.post(f"{page}receive/", {"line_1": "x"}).status_code == 422
    assert seen.post(f"{page}receive/", {"line_1": ""}).status_code == 422
    assert seen.post(f"{page}receive/", {"line_1": "４"}).status_code == 302
    seen.post(f"{page}settle/", {"line": "1", "how": "lost", "reason": "破損"})
    assert lies(tea) == {"MAIN": 5, "SHOP": 4}
    assert seen.get(f"{page}pdf/").content.startswith(b"%PDF")
    listed = seen.get("/office/stock/transfers/?q=TEA-1&tab=received").content.decode()
    assert number in listed
    assert number not in seen.get("/office/stock/transfers/?q=CUP").content.decode()


def test_the_form_says_what_the_lines_mean_while_they_are_written() -> None:
    cast.sku("TEA-1", pieces=3)
    page = browser("高橋").post("/office/stock/look/", {"lines": "TEA-1 5\nNOPE 1", "source": "MAIN"})
    text = page.content.decode()
    assert "足りません" in text and "登録されていません" in text
    assert browser("高橋").get("/office/stock/scan/?code=tea-1").json()["code"] == "TEA-1"
    assert browser("高橋").get("/office/stock/scan/?code=zzz").status_code == 404


@pytest.mark.parametrize("name", ["鈴木", "部外者"])
def test_others_move_nothing(name: str) -> None:
    tea = cast.sku("TEA-1", pieces=10)
    move = written(tea, 4)
    other, page = browser(name), f"/office/stock/transfers/{move.number}/"
    for act in ("send", "receive", "settle", "reopen", "cancel", "edit"):
        assert other.post(f"{page}{act}/", {"reason": "x"}).status_code == 403
    assert other.post("/office/stock/places/new/", {"code": "X", "name": "x"}).status_code == 403
    assert lies(tea) == {"MAIN": 10}


def test_a_place_is_made_and_takes_over_the_orders() -> None:
    seen = browser("高橋")
    told = {"code": "osaka", "name": "大阪倉庫", "kind": "warehouse", "is_sellable": "on", "sort_order": "10"}
    assert seen.post("/office/stock/places/new/", told).status_code == 302
    assert seen.post("/office/stock/places/new/", told).status_code == 422
    seen.post("/office/stock/places/OSAKA/", told | {"is_default": "on"})
    assert list(Location.objects.filter(is_default=True).values_list("code", flat=True)) == ["OSAKA"]
    assert seen.get("/office/stock/places/").status_code == 200


def test_a_place_where_goods_are_promised_stays_on_sale() -> None:
    tea, place = cast.sku("TEA-1", pieces=5), shop()
    services.post([services.Movement(tea, place, "opening", 3, "期首", "shop")], by=None)
    services.reserve(reference="SO-1/1", sku_id=tea, location_id=place, quantity=2, by=None)
    browser("高橋").post(
        "/office/stock/places/SHOP/", {"code": "SHOP", "name": "店頭", "kind": "shop", "sort_order": 5}
    )
    assert Location.objects.get(code="SHOP").is_sellable
    assert StockLevel.objects.get(sku_id=tea, location_id=place).reserved == 2


def test_the_places_every_shop_has_keep_their_kind() -> None:
    hold = queries.hold_location_id()
    told = {"code": "HOLD", "name": "検品待ち", "kind": "warehouse", "is_sellable": "on", "sort_order": "90"}
    assert browser("高橋").post("/office/stock/places/HOLD/", told).status_code == 302
    kept = Location.objects.get(pk=hold)
    assert (kept.name, kept.kind, kept.is_sellable) == ("検品待ち", "hold", False)
