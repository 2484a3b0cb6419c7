"""在庫移動: goods between two places are seen all the way, and none is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from akinai.core import proofs
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.stock import queries, services
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import Location, StockEntry, StockLevel, StockTransfer
from tests import cast
from tests.planting import behind_the_triggers
from tests.together import together


def shop() -> int:
    return Location.objects.get_or_create(code="SHOP", defaults={"name": "店頭", "kind": "shop"})[0].pk


def lies(sku: int) -> dict[str, int]:
    """Where the pieces of a SKU lie, places without any left out."""
    rows = StockLevel.objects.filter(sku_id=sku, on_hand__gt=0).values_list("location__code", "on_hand")
    return dict(Counter(dict(rows)))


def written(sku: int, pieces: int) -> StockTransfer:
    return services.create_transfer(
        source_id=queries.default_location_id(), destination_id=shop(), pieces={sku: pieces}, by=None
    )


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all() if finding.broken}


@pytest.mark.django_db
def test_what_is_sent_is_on_the_way_until_it_is_received() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 4)
    assert lies(tea) == {"MAIN": 10}
    services.send(move, by=None)
    assert (lies(tea), queries.on_the_way([tea])) == ({"MAIN": 6, "TRANSIT": 4}, {tea: 4})
    services.receive_transfer(move, {1: 4}, by=None)
    move.refresh_from_db()
    assert (lies(tea), move.state, queries.on_the_way([tea])) == ({"MAIN": 6, "SHOP": 4}, "received", {})
    assert broken() == set()


@pytest.mark.django_db
def test_goods_on_the_way_are_not_free() -> None:
    tea = cast.sku("TEA", pieces=10)
    services.send(written(tea, 4), by=None)
    assert queries.levels([tea])[tea].free == 6


@pytest.mark.django_db
def test_what_is_missing_stays_on_the_way_until_somebody_says_what_became_of_it() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 6)
    services.send(move, by=None)
    services.receive_transfer(move, {1: 3}, by=None)
    move.refresh_from_db()
    assert (move.state, lies(tea)) == ("sent", {"MAIN": 4, "SHOP": 3, "TRANSIT": 3})
    services.receive_transfer(move, {1: 1}, by=None)
    with pytest.raises(DomainError, match="理由"):
        services.settle_missing(move, 1, how="lost", reason=" ", by=None)
    services.settle_missing(move, 1, how="lost", reason="運送中の破損", by=None)
    move.refresh_from_db()
    assert (move.state, lies(tea)) == ("received", {"MAIN": 4, "SHOP": 4})
    assert StockEntry.objects.get(kind="adjustment").note == "運送中の破損"
    assert broken() == set()


@pytest.mark.django_db
def test_what_never_left_the_truck_comes_back() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 6)
    services.send(move, by=None)
    services.receive_transfer(move, {1: 5}, by=None)
    services.settle_missing(move, 1, how="returned", reason="積み残し", by=None)
    assert (lies(tea), broken()) == ({"MAIN": 5, "SHOP": 5}, set())


@pytest.mark.django_db
def test_more_than_was_sent_left_the_source_uncounted() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 4)
    services.send(move, by=None)
    services.receive_transfer(move, {1: 5}, by=None)
    line = move.lines.get()
    assert (line.received, line.over, lies(tea)) == (4, 1, {"MAIN": 5, "SHOP": 5})
    assert broken() == set()


@pytest.mark.django_db
def test_promised_pieces_do_not_leave_for_another_place() -> None:
    tea, place = cast.sku("TEA", pieces=5), queries.default_location_id()
    services.reserve(reference="SO-1/1", sku_id=tea, location_id=place, quantity=3, by=None)
    move = written(tea, 3)
    with pytest.raises(NotEnoughStock, match="引当済み"):
        services.send(move, by=None)
    move.refresh_from_db()
    assert (move.state, lies(tea)) == ("draft", {"MAIN": 5})


@pytest.mark.django_db
def test_arrivals_are_taken_back_and_received_again() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 4)
    services.send(move, by=None)
    services.receive_transfer(move, {1: 4}, by=None)
    services.take_back_arrivals(move, reason="店を間違えた", by=None)
    move.refresh_from_db()
    assert (move.state, lies(tea), broken()) == ("sent", {"MAIN": 6, "TRANSIT": 4}, set())
    services.receive_transfer(move, {1: 4}, by=None)
    assert (lies(tea), broken()) == ({"MAIN": 6, "SHOP": 4}, set())


@pytest.mark.django_db
def test_a_transfer_that_has_not_arrived_is_cancelled_and_the_goods_are_back() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 4)
    services.send(move, by=None)
    services.cancel_transfer(move, reason="中止", by=None)
    assert (lies(tea), broken()) == ({"MAIN": 10}, set())
    with pytest.raises(ImpossibleMove):
        services.send(move, by=None)


@pytest.mark.django_db
def test_goods_under_question_are_not_moved_by_a_transfer() -> None:
    tea = cast.sku("TEA", pieces=10)
    with pytest.raises(DomainError, match="検品・保留"):
        services.create_transfer(
            source_id=queries.default_location_id(), destination_id=queries.hold_location_id(), pieces={tea: 1},
            by=None,
        )  # fmt: skip


@pytest.mark.django_db
def test_the_database_keeps_a_line_from_receiving_more_than_was_sent() -> None:
    move = written(cast.sku("TEA", pieces=10), 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        move.lines.update(received=3, lost=2)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_cannot_receive_one_truck_twice() -> None:
    tea = cast.sku("TEA", pieces=10)
    move = written(tea, 4)
    services.send(move, by=None)
    move.refresh_from_db()
    act = lambda: services.receive_transfer(move, {1: 4}, version=move.version, by=None)  # noqa: E731
    answers = together(act, act)
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 1
    assert lies(tea) == {"MAIN": 6, "SHOP": 4}


@pytest.mark.django_db(transaction=True)
def test_trucks_in_both_directions_do_not_wait_for_each_other_in_a_ring() -> None:
    tea, cup = cast.sku("TEA", pieces=50), cast.sku("CUP", pieces=50)
    there = written(tea, 4)
    services.send(there, by=None)
    services.receive_transfer(there, {1: 4}, by=None)
    main, place = queries.default_location_id(), shop()
    back = services.create_transfer(source_id=place, destination_id=main, pieces={tea: 2}, by=None)
    services.send(back, by=None)
    more = services.create_transfer(source_id=main, destination_id=place, pieces={cup: 1, tea: 1}, by=None)
    for answer in together(
        lambda: services.receive_transfer(back, {1: 2}, by=None), lambda: services.send(more, by=None)
    ):
        assert not isinstance(answer, Exception)
    assert lies(tea) == {"MAIN": 47, "SHOP": 2, "TRANSIT": 1}


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE stock_stocktransferline SET received = 1", "goods_on_the_way_match_transfers"),
        ("UPDATE stock_stocktransferline SET received = 1", "transfers_move_what_they_say"),
        ("UPDATE stock_stocktransfer SET state = 'received'", "received_transfers_are_whole"),
        ("UPDATE stock_stockentry SET quantity = 3 WHERE key LIKE '%%>'", "transfers_keep_the_sum"),
    ],
)
@pytest.mark.django_db
def test_a_planted_fault_is_found(fault: str, name: str) -> None:
    services.send(written(cast.sku("TEA", pieces=10), 4), by=None)
    assert name not in broken()
    with behind_the_triggers("stock_stockentry") as cursor:
        cursor.execute(fault.replace("%%", "%"))
    assert name in broken()
