"""期限: what may not be shipped any more is neither free nor promised, whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from akinai.catalog.models import Sku
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.stock import expiry_notice, queries, services
from akinai.stock.errors import OutOfStock
from akinai.stock.models import Lot, LotLevel, Reservation
from akinai.stock.tests.test_lots import come, lots, tracked
from tests import cast

pytestmark = pytest.mark.django_db


def want(sku: int, pieces: int, no: int = 1) -> int:
    """How many pieces the line got."""
    place = queries.default_location_id()
    reference = f"SO-{no}/1"
    told = services.Want(reference, sku, place, pieces, cast.NOW + timedelta(minutes=no))
    return services.reserve_lines([told], by=None)[reference]


def held(no: int) -> int:
    return Reservation.objects.get(reference=f"SO-{no}/1").quantity


def free(sku: int) -> int:
    return queries.levels([sku])[sku].free


def test_expired_pieces_are_neither_free_nor_promised() -> None:
    tea = tracked()
    come(tea, 5, "OLD", -1)
    come(tea, 2, "GOOD", 0)
    level = queries.levels([tea])[tea]
    assert (level.on_hand, level.past_date, level.free) == (7, 5, 2)
    assert [day.free for day in queries.promise([tea])[tea].days] == [2]
    assert [row.free for row in queries.for_list().filter(sku_id=tea)] == [2]
    with pytest.raises(OutOfStock, match="2 点です"):
        services.reserve(
            reference="KP-1/1", sku_id=tea, location_id=queries.default_location_id(), quantity=3, by=None
        )
    assert (want(tea, 6), free(tea)) == (2, 0)
    assert {found.name for found in proofs.run_all() if found.broken} == set()


def test_what_comes_expired_serves_nobody_who_waits() -> None:
    tea = tracked()
    assert want(tea, 3) == 0
    come(tea, 5, "OLD", -1)
    assert held(1) == 0
    come(tea, 2, "GOOD", 10)
    assert held(1) == 2


def test_shipping_stops_so_many_days_before_the_expiry() -> None:
    tea = tracked()
    come(tea, 4, "A", 10)
    come(tea, 3, "B", 40)
    assert free(tea) == 7
    services.set_lot_rule(tea, shelf_life_days=180, ship_days_before=30, by=None)
    assert free(tea) == 3
    services.ship([_take(tea, 3)], by=None)
    assert lots(tea) == {"A": 4}
    with pytest.raises(DomainError, match="1 日も出荷できません"):
        services.set_lot_rule(tea, shelf_life_days=30, ship_days_before=30, by=None)


def _take(sku: int, pieces: int) -> services.Take:
    assert want(sku, pieces, 9) == pieces
    return services.Take("SO-9/1", sku, queries.default_location_id(), pieces, "SH-9")


def test_when_a_lot_passes_its_day_the_newest_promises_wait_again() -> None:
    tea = tracked()
    come(tea, 4, "SOON", 1)
    come(tea, 3, "LATE", 40)
    assert (want(tea, 3, 1), want(tea, 4, 2)) == (3, 4)
    with clock.told(clock.now() + timedelta(days=1)):
        assert services.settle_dates() == []
    with clock.told(clock.now() + timedelta(days=2)):
        assert services.settle_dates() == ["SO-2/1"]
        assert (held(1), held(2), free(tea)) == (3, 0, 0)
        assert services.settle_dates() == []
        level = LotLevel.objects.get(lot__code="SOON")
        services.throw_away([level], reason="期限切れ", by=None)
    assert (lots(tea), cast.level(tea)) == ({"LATE": 3}, (3, 3))


def test_a_corrected_expiry_gives_the_pieces_to_those_who_wait() -> None:
    tea = tracked()
    come(tea, 5, "A", -1)
    assert want(tea, 3) == 0
    services.name_lot(
        Lot.objects.get(code="A"), code="A", expires_on=clock.today() + timedelta(days=9), by=None
    )
    assert held(1) == 3
    services.name_lot(
        Lot.objects.get(code="A"), code="A", expires_on=clock.today() - timedelta(days=9), by=None
    )
    assert (held(1), free(tea)) == (0, 0)


def test_the_shop_is_told_of_lots_that_come_near_their_last_day_once_a_day() -> None:
    cast.company()
    tea = tracked()
    come(tea, 5, "NEAR", 7)
    come(tea, 5, "BETWEEN", 8)
    come(tea, 5, "FAR", 90)
    expiry_notice.tell()
    expiry_notice.tell()
    mail = OutgoingMail.objects.get()
    assert "1 ロット" in mail.subject
    assert ("ロット NEAR" in mail.body, "BETWEEN" in mail.body, "FAR" in mail.body) == (True, False, False)
    with clock.told(clock.now() + timedelta(days=2)):
        assert expiry_notice.tell() is None
    assert LotLevel.objects.filter(on_hand__gt=0).count() == 3


def test_the_database_itself_says_what_is_past_its_date() -> None:
    tea = tracked()
    come(tea, 5, "OLD", -1)
    place, today = queries.default_location_id(), clock.today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT akinai_past_date(%s, %s, %s)", [tea, place, today])
        assert cursor.fetchone() == (5,)
        Sku.objects.filter(pk=tea).update(ship_days_before=0)
        cursor.execute("SELECT akinai_past_date(%s, %s, %s)", [tea, place, today - timedelta(days=1)])
        assert cursor.fetchone() == (0,)
