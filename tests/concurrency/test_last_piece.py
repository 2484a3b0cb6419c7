"""最後の1点: two clerks on two real connections reach for the same pieces."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from akinai.stock import queries, services
from akinai.stock.errors import OutOfStock
from akinai.stock.models import Reservation, StockLevel
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.make_aware(datetime(2026, 11, 24, 9, 0))


def test_two_clerks_cannot_promise_the_last_piece_twice() -> None:
    tea, place = cast.sku("TEA", pieces=1), queries.default_location_id()
    answers = together(
        *[
            lambda line=line: services.reserve(
                reference=f"SO-{line}/1", sku_id=tea, location_id=place, quantity=1, by=None
            )
            for line in range(4)
        ]
    )
    assert sum(isinstance(answer, OutOfStock) for answer in answers) == 3
    assert cast.level(tea) == (1, 1)


def test_lines_that_race_share_what_there_is_and_the_rest_waits() -> None:
    tea, place = cast.sku("TEA", pieces=5), queries.default_location_id()
    wants = [services.Want(f"SO-{n}/1", tea, place, 2, NOW + timedelta(minutes=n)) for n in range(4)]
    together(*[lambda want=want: services.reserve_lines([want], by=None) for want in wants])
    held = sorted(Reservation.objects.values_list("quantity", flat=True))
    assert held == [0, 1, 2, 2]
    assert cast.level(tea) == (5, 5)


def test_a_receipt_and_a_new_order_at_once_leave_nothing_idle_and_nothing_oversold() -> None:
    tea, place = cast.sku("TEA"), queries.default_location_id()
    services.reserve_lines([services.Want("SO-0/1", tea, place, 3, NOW)], by=None)
    late = services.Want("SO-1/1", tea, place, 3, NOW + timedelta(minutes=1))
    together(lambda: cast.receive(tea, 4, key="r"), lambda: services.reserve_lines([late], by=None))
    held = dict(Reservation.objects.values_list("reference", "quantity"))
    assert held == {"SO-0/1": 3, "SO-1/1": 1}
    assert StockLevel.objects.get(sku_id=tea).reserved == 4


def test_two_orders_of_the_same_goods_in_opposite_order_do_not_wait_in_a_ring() -> None:
    tea, cup, place = cast.sku("TEA", pieces=9), cast.sku("CUP", pieces=9), queries.default_location_id()

    def order(name: str, *skus: int) -> None:
        for turn in range(4):
            wants = [services.Want(f"{name}{turn}/{sku}", sku, place, 1, NOW) for sku in skus]
            services.reserve_lines(wants, by=None)

    answers = together(lambda: order("A", tea, cup), lambda: order("B", cup, tea))
    assert answers == [None, None]
    assert (cast.level(tea), cast.level(cup)) == ((9, 8), (9, 8))
