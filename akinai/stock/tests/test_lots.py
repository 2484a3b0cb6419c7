"""ロット・期限: what expires first leaves first, and nothing expired is shipped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from akinai.catalog.models import Sku
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.stock import queries, services
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import LotLevel, StockEntry
from akinai.stock.services import LotTag, Movement
from akinai.stock.tests.test_transfers import lies, written
from tests import cast
from tests.together import together


def tracked(code: str = "TEA", pieces: int = 0) -> int:
    sku = cast.sku(code, pieces=pieces)
    services.start_lots(sku, by=None)
    return sku


def come(sku: int, pieces: int, lot: str, days: int | None) -> None:
    expires = None if days is None else clock.today() + timedelta(days=days)
    place = queries.default_location_id()
    services.post(
        [Movement(sku, place, "receipt", pieces, "GR-1", f"{lot}/{sku}/{pieces}", lot=LotTag(lot, expires))],
        by=None,
    )


def lots(sku: int) -> dict[str, int]:
    rows = LotLevel.objects.filter(lot__sku_id=sku, on_hand__gt=0)
    found: dict[str, int] = {}
    for code, pieces in rows.values_list("lot__code", "on_hand"):
        found[code] = found.get(code, 0) + pieces
    return found


def take(sku: int, pieces: int, no: int = 1) -> services.Take:
    place = queries.default_location_id()
    services.reserve_lines([services.Want(f"SO-{no}/1", sku, place, pieces, cast.NOW)], by=None)
    return services.Take(f"SO-{no}/1", sku, place, pieces, f"SH-{no}")


MINE = {
    "lot_levels_match_the_ledger", "lots_add_up_to_the_levels", "stock_levels_match_ledger", "every_movement_has_its_value",
    "shipped_reservations_left_the_ledger", "shipments_in_the_ledger_had_a_reservation", "goods_on_the_way_match_transfers",
}  # fmt: skip


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all(*MINE) if finding.broken} & MINE


@pytest.mark.django_db
def test_what_expires_first_leaves_first_from_several_lots_at_once() -> None:
    tea = tracked()
    come(tea, 5, "LATE", 300)
    come(tea, 3, "SOON", 20)
    come(tea, 4, "NEVER", None)
    services.ship([take(tea, 4)], by=None)
    assert lots(tea) == {"LATE": 4, "NEVER": 4}
    rows = StockEntry.objects.filter(kind="shipment").order_by("id").values_list("lot__code", "quantity")
    assert (list(rows), broken()) == ([("SOON", -3), ("LATE", -1)], set())


@pytest.mark.django_db
def test_a_shipment_of_several_lots_comes_back_to_them() -> None:
    tea = tracked()
    come(tea, 5, "LATE", 300)
    come(tea, 3, "SOON", 20)
    gone = take(tea, 6)
    services.ship([gone], by=None)
    services.unship([gone], by=None, note="間違い")
    assert (lots(tea), cast.level(tea), broken()) == ({"LATE": 5, "SOON": 3}, (8, 6), set())
    services.ship([services.Take("SO-1/1", tea, gone.location_id, 6, "SH-2")], by=None)
    assert (lots(tea), broken()) == ({"LATE": 2}, set())


@pytest.mark.django_db
def test_nothing_expired_is_shipped() -> None:
    tea = tracked()
    come(tea, 5, "OLD", 1)
    come(tea, 2, "GOOD", 30)
    gone = take(tea, 3)
    with (
        clock.told(clock.now() + timedelta(days=2)),
        pytest.raises(NotEnoughStock, match="期限の切れていない商品が 1 点"),
    ):
        services.ship([gone], by=None)
    assert lots(tea) == {"OLD": 5, "GOOD": 2}


@pytest.mark.django_db
def test_expired_lots_are_thrown_away_with_a_reason() -> None:
    tea = tracked()
    come(tea, 5, "OLD", -1)
    level = LotLevel.objects.get(lot__code="OLD")
    with pytest.raises(DomainError, match="理由"):
        services.throw_away([level], reason=" ", by=None)
    services.throw_away([level], reason="期限切れ", by=None)
    assert (lots(tea), cast.level(tea), broken()) == ({}, (0, 0), set())


@pytest.mark.django_db
def test_goods_that_change_places_stay_in_their_lots() -> None:
    tea = tracked()
    come(tea, 3, "SOON", 20)
    come(tea, 5, "LATE", 300)
    move = written(tea, 4)
    services.send(move, by=None)
    services.receive_transfer(move, {1: 4}, by=None)
    there = (
        LotLevel.objects.filter(location__code="SHOP")
        .order_by("lot__code")
        .values_list("lot__code", "on_hand")
    )
    assert (list(there), lies(tea), broken()) == ([("LATE", 1), ("SOON", 3)], {"MAIN": 4, "SHOP": 4}, set())


@pytest.mark.django_db
def test_what_lay_there_before_becomes_one_lot_and_keeps_its_value() -> None:
    tea = tracked(pieces=7)
    assert (lots(tea), cast.level(tea), broken()) == ({"ロット管理の前": 7}, (7, 0), set())
    with pytest.raises(DomainError, match="すでに"):
        services.start_lots(tea, by=None)


@pytest.mark.django_db
def test_goods_without_a_named_lot_are_put_to_an_unknown_one() -> None:
    tea = tracked()
    cast.receive(tea, 3, key="x")
    assert (lots(tea), broken()) == ({"ロット不明": 3}, set())


@pytest.mark.django_db
def test_a_lot_has_one_expiry() -> None:
    tea = tracked()
    come(tea, 3, "A", 20)
    with pytest.raises(DomainError, match="期限は"):
        come(tea, 4, "A", 21)
    assert lots(tea) == {"A": 3}


@pytest.mark.django_db
def test_a_receipt_whose_lot_has_left_is_not_taken_back() -> None:
    tea = tracked()
    come(tea, 3, "SOON", 20)
    come(tea, 5, "LATE", 300)
    services.ship([take(tea, 3)], by=None)
    entry = StockEntry.objects.get(lot__code="SOON", kind="receipt")
    with pytest.raises(NotEnoughStock, match="ロット SOON"), transaction.atomic():
        services.reverse([entry.pk], by=None, note="誤り")
    assert (lots(tea), broken()) == ({"LATE": 5}, set())


@pytest.mark.django_db
def test_the_database_keeps_lots_and_shelf_together() -> None:
    tea, cup = cast.sku("TEA", pieces=3), tracked("CUP", pieces=2)
    for sku, told in ((tea, True), (cup, False)):
        with pytest.raises(IntegrityError, match="do not cover"), transaction.atomic():
            Sku.objects.filter(pk=sku).update(tracks_lots=told)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotLevel.objects.update(on_hand=-1)


@pytest.mark.django_db(transaction=True)
def test_two_shipments_at_once_never_take_one_piece_of_a_lot_twice() -> None:
    tea = tracked()
    come(tea, 3, "SOON", 20)
    come(tea, 5, "LATE", 300)
    one, other = take(tea, 3, 1), take(tea, 3, 2)
    answers: list[Any] = together(
        lambda: services.ship([one], by=None), lambda: services.ship([other], by=None)
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert (lots(tea), broken()) == ({"LATE": 2}, set())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE stock_lotlevel SET on_hand = on_hand + 1", "lot_levels_match_the_ledger"),
        ("UPDATE stock_lotlevel SET on_hand = on_hand + 1", "lots_add_up_to_the_levels"),
    ],
)
def test_a_planted_fault_is_found(fault: str, name: str) -> None:
    come(tracked(), 5, "A", 20)
    assert broken() == set()
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert name in broken()


@pytest.mark.django_db
def test_the_list_of_expiries_and_the_card_show_the_lots() -> None:
    from akinai.stock.tests.test_screens import browser

    tea, cup, seen = tracked("TEA-1"), cast.sku("CUP-1", pieces=4), browser("高橋")
    come(tea, 5, "OLD-LOT", -3)
    come(tea, 5, "NEW-LOT", 90)
    page = seen.get("/office/stock/lots/?tab=expired").content.decode()
    assert "OLD-LOT" in page and "NEW-LOT" not in page
    assert "NEW-LOT" in seen.get("/office/stock/lots/?q=TEA-1").content.decode()
    assert "OLD-LOT" in seen.get(f"/office/stock/{tea}/").content.decode()
    seen.post(f"/office/stock/{cup}/lots/")
    assert lots(cup) == {"ロット管理の前": 4}
    level = LotLevel.objects.get(lot__code="OLD-LOT")
    seen.post("/office/stock/lots/", {"action": "throw", "pk": level.pk, "go": "1", "reason": "期限切れ"})
    assert lots(tea) == {"NEW-LOT": 5}
    assert browser("鈴木").post(f"/office/stock/{tea}/lots/").status_code == 403


@pytest.mark.django_db
def test_goods_that_came_without_a_lot_are_given_number_and_expiry() -> None:
    from akinai.stock.tests.test_screens import browser

    tea, seen = tracked("TEA-1"), browser("高橋")
    cast.receive(tea, 3, key="one")
    come(tea, 2, "TAKEN", 9)
    level = LotLevel.objects.get(lot__code="ロット不明")
    told = {"action": "name", "pk": level.pk, "go": "1", "code": "TAKEN", "expires_on": "2027-03-31"}
    seen.post("/office/stock/lots/", told)
    assert lots(tea) == {"ロット不明": 3, "TAKEN": 2}
    both = [level.pk, LotLevel.objects.get(lot__code="TAKEN").pk]
    seen.post("/office/stock/lots/", told | {"code": "X", "pk": both})
    assert lots(tea) == {"ロット不明": 3, "TAKEN": 2}
    seen.post("/office/stock/lots/", told | {"code": "0331-A"})
    cast.receive(tea, 1, key="two")
    assert (lots(tea), broken()) == ({"0331-A": 3, "TAKEN": 2, "ロット不明": 1}, set())
