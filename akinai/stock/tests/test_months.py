"""在庫金額の推移: month by month, with what left by sale."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from akinai.core import clock
from akinai.stock import queries, services
from akinai.stock.services import Movement
from tests import cast

pytestmark = pytest.mark.django_db


def on(month: int, day: int, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, hour))


def test_each_month_has_its_end_and_its_cost_of_sales() -> None:
    cup, pot, place = cast.sku("CUP"), cast.sku("POT"), queries.default_location_id()
    with clock.told(on(7, 31, 23)):
        services.post([Movement(cup, place, "receipt", 10, "GR-1", "a", Decimal(100))], by=None)
    with clock.told(on(9, 1, 0)):
        services.post([Movement(pot, place, "receipt", 4, "GR-2", "b", Decimal(50))], by=None)
    with clock.told(on(9, 10)):
        services.reserve_lines([services.Want("SO-1/1", cup, place, 5, clock.now())], by=None)
        take = services.Take("SO-1/1", cup, place, 5, "SH-1")
        services.ship([take], by=None)
        services.post([Movement(cup, place, "adjustment", -1, "調整", "c")], by=None)
    with clock.told(on(10, 2)):
        services.unship([take], by=None, note="誤り")
    today = date(2026, 10, 10)
    months = queries.by_month(today=today, months=3)
    assert [(one.first.month, one.opening, one.closing, one.cost) for one in months] == [
        (8, 1000, 1000, 0), (9, 1000, 600, 500), (10, 600, 1100, -500),
    ]  # fmt: skip
    assert (months[1].turns, months[1].turn_days, months[0].turn_days) == (7.6, 48, None)
    assert months[2].days == 10
    assert [one.closing for one in queries.by_month(today=today, months=2, sku_ids=[pot])] == [200, 200]
    assert [one.closing for one in queries.by_month(today=today, months=2, sku_ids=[])] == [0, 0]
