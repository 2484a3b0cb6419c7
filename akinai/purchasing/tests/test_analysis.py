"""在庫の分析: charts and list tell of the same goods."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from akinai.purchasing.services import proposing
from akinai.purchasing.tests.test_outlooks import a_shop
from akinai.stock import queries as stock
from akinai.stock import services
from akinai.stock.services import Movement
from tests import cast

pytestmark = pytest.mark.django_db


def goods() -> None:
    ids = a_shop()
    place = stock.default_location_id()
    for code, pieces in (("CUP", 10), ("TEA", 5)):
        move = Movement(ids[code], place, "receipt", pieces, "GR-1", code, Decimal(100))
        services.post([move], by=None)
    proposing.propose()


def test_the_screen_shows_value_turns_and_classes(client: Client) -> None:
    goods()
    client.force_login(cast.staff("鈴木"))
    page = client.get("/office/stock/analysis/").content.decode()
    assert ("¥1,500" in page, "月末の在庫金額の推移" in page, "ABC・XYZ" in page) == (True, True, True)
    one = client.get("/office/stock/analysis/?q=CUP").content.decode()
    assert ("¥1,000" in one, "¥1,500" in one) == (True, False)
    assert client.get("/office/stock/analysis/?f.place=MAIN&f.abc=C&f.xyz=Z").status_code == 200
    assert client.get("/office/stock/analysis/?export=csv").status_code == 200


def test_an_outsider_sees_no_yen(client: Client) -> None:
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/stock/analysis/").status_code == 403
