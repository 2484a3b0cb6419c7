"""引当可能日: what can be promised from which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from akinai.core import clock
from akinai.stock import ports, queries, services
from akinai.stock.ports import Coming
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def comes() -> Iterator[list[Coming]]:
    """What purchasing would tell."""
    told: list[Coming] = []
    before = list(ports._incoming)
    ports._incoming[:] = [lambda ids: [one for one in told if one.sku_id in set(ids)]]
    yield told
    ports._incoming[:] = before


def test_what_comes_goes_to_those_who_wait_first(comes: list[Coming]) -> None:
    tea, today = cast.sku("TEA", pieces=2), clock.today()
    want = services.Want("SO-1/1", tea, queries.default_location_id(), 5, cast.NOW)
    services.reserve_lines([want], by=None)
    soon, later = today + timedelta(days=2), today + timedelta(days=9)
    comes += [Coming(tea, later, 10, "PO-2"), Coming(tea, soon, 4, "PO-1"), Coming(tea, None, 7, "PO-3")]
    found = queries.promise([tea])[tea]
    told = [(day.on, day.coming, day.free, day.documents) for day in found.days]
    assert told == [(today, 0, 0, ()), (soon, 4, 1, ("PO-1",)), (later, 10, 11, ("PO-2",))]
    assert (found.on_hand, found.reserved, found.waiting, found.undated) == (2, 2, 3, 7)
    assert [found.first_day(n) for n in (0, 1, 2, 11, 12)] == [today, soon, later, later, None]


def test_late_goods_are_expected_today_and_goods_at_hand_are_free_now(comes: list[Coming]) -> None:
    tea, today = cast.sku("TEA", pieces=3), clock.today()
    comes.append(Coming(tea, today - timedelta(days=4), 5, "PO-1"))
    found = queries.promise([tea])[tea]
    assert (found.first_day(3), found.first_day(8), found.days[0].free) == (today, today, 8)


def test_purchasing_tells_what_is_ordered_and_the_card_shows_it(comes: list[Coming]) -> None:
    from akinai.stock.tests.test_screens import browser

    tea = cast.sku("TEA-1", pieces=3)
    comes.append(Coming(tea, clock.today() + timedelta(days=5), 20, "PO-2026-000001"))
    page = browser("高橋").get(f"/office/stock/{tea}/").content.decode()
    assert "PO-2026-000001" in page and "引当できる日" in page


def test_the_room_that_orders_goods_fills_the_port() -> None:
    assert ports._incoming
