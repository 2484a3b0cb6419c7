"""What the shop may sell is what the levels say, asked by one statement."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from akinai.catalog.services import compose_set
from akinai.core import clock
from akinai.stock import queries as stock
from akinai.stock import services
from akinai.stock.queries.levels import balances
from akinai.stock.services import LotTag, Movement
from tests import cast

pytestmark = pytest.mark.django_db


def test_free_pieces_are_those_of_the_levels_for_goods_lots_sets_and_what_others_wait_for() -> None:
    cast.company()
    cup, tea, gift, none = cast.sku("CUP", pieces=10), cast.sku("TEA"), cast.sku("GIFT"), cast.sku("NONE")
    place, today = stock.default_location_id(), clock.today()
    services.start_lots(tea, by=None)
    for code, pieces, days in (("OLD", 4, -1), ("NEW", 7, 90)):
        tag = LotTag(code, today + timedelta(days=days))
        services.post(
            [Movement(tea, place, "receipt", pieces, "GR", f"gr:{code}", Decimal(1), lot=tag)], by=None
        )
    compose_set(gift, {cup: 2, tea: 3}, by=None)
    cast.place(cast.draft("A-1", ("CUP", 3, 1080)))
    cast.place(cast.draft("A-2", ("NONE", 5, 1080)))
    ids = [cup, tea, gift, none]
    levels, here = stock.levels(ids), stock.free_at(ids, place)
    assert stock.free(ids) == {pk: levels[pk].free for pk in ids} == {cup: 7, tea: 7, gift: 2, none: 0}
    single = [cup, tea, none]
    assert {pk: stock.at_hand(ids)[pk] for pk in single} == {
        pk: max(min(levels[pk].free - levels[pk].waiting, here.get(pk, 0)), 0) for pk in single
    }
    assert stock.at_hand([gift]) == {gift: 2} and stock.at_hand([none]) == {none: 0}
    assert balances(ids) == {pk: levels[pk].balance - levels[pk].waiting for pk in single}
