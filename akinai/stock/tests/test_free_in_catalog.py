"""商品一覧の引当可能: what may still be shipped and nobody is promised; of a set what its parts make."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akinai.catalog.lists import _free
from akinai.catalog.models import Sku
from akinai.catalog.services import compose_set
from akinai.core import clock
from akinai.stock import queries, services
from akinai.stock.tests.test_lots import come, tracked
from tests import cast

pytestmark = pytest.mark.django_db


def shown() -> dict[str, int | None]:
    """What the column says of each SKU."""
    return dict(Sku.objects.annotate(free=_free()).values_list("code", "free"))


def test_expired_pieces_are_not_free_and_a_set_counts_by_its_parts() -> None:
    tea, cup, gift = tracked("TEA"), cast.sku("CUP", pieces=9), cast.sku("GIFT")
    compose_set(gift, {tea: 2, cup: 1}, by=None)
    come(tea, 6, "OLD", -1)
    come(tea, 5, "GOOD", 30)
    assert shown() == {"TEA": 5, "CUP": 9, "GIFT": 2}
    place = queries.default_location_id()
    services.reserve_lines([services.Want("SO-1/1", tea, place, 3, cast.NOW)], by=None)
    assert shown() == {"TEA": 2, "CUP": 9, "GIFT": 1}
    assert {code: free or 0 for code, free in shown().items()} == {
        Sku.objects.get(pk=pk).code: level.free for pk, level in queries.levels([tea, cup, gift]).items()
    }


def test_promises_that_rest_on_expired_pieces_are_not_below_nothing() -> None:
    tea = tracked("TEA")
    come(tea, 3, "GOOD", 0)
    services.reserve_lines(
        [services.Want("SO-1/1", tea, queries.default_location_id(), 2, cast.NOW)], by=None
    )
    with clock.told(clock.now() + timedelta(days=2)):
        assert shown() == {"TEA": 0}
