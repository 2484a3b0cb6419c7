"""検品・保留: what lies where nothing is sold is not free and is promised to nobody."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.core import proofs
from akinai.stock import queries, services
from akinai.stock.models import Location
from tests import cast

pytestmark = pytest.mark.django_db


def test_goods_in_hold_are_seen_but_not_free() -> None:
    tea = cast.sku("TEA", pieces=5)
    hold = queries.hold_location_id()
    services.post([services.Movement(tea, hold, "receipt", 3, "GR-TEST", "held")], by=None)
    assert cast.level(tea) == (5, 0)
    assert queries.held([tea]) == {tea: 3}
    rows = {row.location_id: row.free for row in queries.for_list().filter(sku_id=tea)}
    assert rows == {queries.default_location_id(): 5, hold: 0}


def test_a_place_that_holds_or_moves_goods_never_sells_them() -> None:
    for change in ({"is_sellable": True}, {"is_default": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Location.objects.filter(kind="hold").update(**change)


def test_a_promise_on_goods_in_hold_is_found() -> None:
    tea = cast.sku("TEA")
    hold = queries.hold_location_id()
    services.post([services.Movement(tea, hold, "receipt", 3, "GR-TEST", "held")], by=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stock_stocklevel SET reserved = 1 WHERE location_id = %s", [hold])
    broken = {finding.name for finding in proofs.run_all() if finding.broken}
    assert "nothing_is_promised_where_nothing_is_sold" in broken
