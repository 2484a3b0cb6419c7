"""期限と在庫移動: what is past its date stays on the shelf unless somebody asks to move it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.stock import queries, services
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import Location, LotLevel, StockTransfer
from akinai.stock.tests.test_lots import broken, come, lots, tracked
from akinai.stock.tests.test_transfers import lies, written
from tests import cast

pytestmark = pytest.mark.django_db
MAIN = queries.default_location_id


def at(place: str) -> dict[str, int]:
    rows = LotLevel.objects.filter(location__code=place, on_hand__gt=0)
    return dict(rows.values_list("lot__code", "on_hand"))


def three_lots() -> int:
    tea = tracked()
    come(tea, 4, "OLD", -1)
    come(tea, 3, "SOON", 20)
    come(tea, 5, "LATE", 300)
    return tea


def expired(sku: int, pieces: int) -> StockTransfer:
    move = written(sku, pieces)
    StockTransfer.objects.filter(pk=move.pk).update(takes_expired=True)
    move.refresh_from_db()
    return move


def test_a_transfer_takes_what_expires_first_among_what_has_not_expired() -> None:
    tea = three_lots()
    services.send(written(tea, 5), by=None)
    assert (at("MAIN"), at("TRANSIT"), broken()) == ({"OLD": 4, "LATE": 3}, {"SOON": 3, "LATE": 2}, set())


def test_more_than_the_good_pieces_is_refused_and_nothing_moves() -> None:
    tea = three_lots()
    with pytest.raises(NotEnoughStock, match="期限の切れていない商品が 1 点足りません") as refusal:
        services.send(written(tea, 9), by=None)
    assert "期限の過ぎたロットも出す" in refusal.value.way_out
    assert (at("MAIN"), cast.level(tea)) == ({"OLD": 4, "SOON": 3, "LATE": 5}, (12, 0))


def test_asked_for_the_expired_leave_first() -> None:
    tea = three_lots()
    services.send(expired(tea, 5), by=None)
    assert (at("TRANSIT"), broken()) == ({"OLD": 4, "SOON": 1}, set())


def test_a_lot_past_its_last_day_of_shipping_stays_too() -> None:
    tea = three_lots()
    services.set_lot_rule(tea, shelf_life_days=365, ship_days_before=30, by=None)
    services.send(written(tea, 5), by=None)
    assert at("TRANSIT") == {"LATE": 5}


def test_good_pieces_that_are_promised_do_not_move_though_expired_ones_lie_beside_them() -> None:
    tea = three_lots()
    services.reserve_lines([services.Want("SO-1/1", tea, MAIN(), 7, cast.NOW)], by=None)
    with pytest.raises(NotEnoughStock, match="引当済みの数に足りなく"):
        services.send(written(tea, 2), by=None)
    services.send(written(tea, 1), by=None)
    services.send(expired(tea, 4), by=None)
    assert (at("MAIN"), cast.level(tea)) == ({"SOON": 2, "LATE": 5}, (7, 7))


def test_each_transfer_arrives_is_lost_and_comes_back_in_its_own_lots() -> None:
    tea = three_lots()
    waste, good = expired(tea, 4), written(tea, 5)
    services.send(waste, by=None)
    services.send(good, by=None)
    services.receive_transfer(good, {1: 2}, by=None)
    assert at("SHOP") == {"SOON": 2}
    services.settle_missing(good, 1, how="returned", reason="積み残し", by=None)
    assert (at("MAIN"), at("TRANSIT")) == ({"SOON": 1, "LATE": 5}, {"OLD": 4})
    services.settle_missing(waste, 1, how="lost", reason="処分した", by=None)
    assert (at("TRANSIT"), lies(tea), broken()) == ({}, {"MAIN": 6, "SHOP": 2}, set())
    services.take_back_arrivals(good, reason="誤り", by=None)
    assert (at("MAIN"), at("TRANSIT"), broken()) == ({"LATE": 3}, {"SOON": 3, "LATE": 2}, set())


def test_what_expires_on_the_way_arrives() -> None:
    tea = tracked()
    come(tea, 3, "SOON", 1)
    move = written(tea, 3)
    services.send(move, by=None)
    with clock.told(clock.now() + timedelta(days=5)):
        services.receive_transfer(move, {1: 3}, by=None)
    assert (at("SHOP"), broken()) == ({"SOON": 3}, set())


def test_what_was_sent_before_its_lots_were_tracked_arrives() -> None:
    tea = cast.sku("TEA", pieces=5)
    move = written(tea, 3)
    services.send(move, by=None)
    services.start_lots(tea, by=None)
    services.receive_transfer(move, {1: 3}, by=None)
    assert (at("SHOP"), lots(tea), broken()) == ({"ロット管理の前": 3}, {"ロット管理の前": 5}, set())


def test_the_form_says_how_many_may_move() -> None:
    tea = three_lots()
    assert queries.free_at([tea], MAIN()) == {tea: 8}


def test_the_form_keeps_what_was_asked() -> None:
    from akinai.stock.tests.test_screens import browser

    tea, seen = tracked("TEA-1"), browser("高橋")
    come(tea, 4, "OLD", -1)
    Location.objects.get_or_create(code="SHOP", defaults={"name": "店頭", "kind": "shop"})
    told = {"source": "MAIN", "destination": "SHOP", "lines": "TEA-1 2"}
    seen.post("/office/stock/transfers/new/", told | {"takes_expired": "on"})
    move = StockTransfer.objects.get()
    assert move.takes_expired
    assert "期限切れも出す" in seen.get(f"/office/stock/transfers/{move.number}/").content.decode()
    seen.post(f"/office/stock/transfers/{move.number}/edit/", told | {"version": move.version})
    move.refresh_from_db()
    assert not move.takes_expired
    with pytest.raises(DomainError):
        services.send(move, by=None)
    assert {f.name for f in proofs.run_all() if f.broken} == set()
