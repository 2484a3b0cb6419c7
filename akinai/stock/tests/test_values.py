"""原価台帳: goods and their yen move together, and what was sold is worth what it cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from akinai.catalog.models import Sku
from akinai.core import clock, proofs
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock import queries, services
from akinai.stock.models import StockValue, ValueEntry
from akinai.stock.services import ValueChange
from akinai.stock.tests.test_transfers import written
from tests import cast
from tests.planting import behind_the_triggers
from tests.together import together

D = Decimal
MINE = {"stock_values_match_their_ledger", "value_covers_every_piece", "every_movement_has_its_value"}


def come(sku: int, pieces: int, cost: str | None, slip: str = "GR-1") -> int:
    move = services.Movement(
        sku,
        queries.default_location_id(),
        "receipt",
        pieces,
        slip,
        f"{slip}/{sku}",
        D(cost) if cost else None,
    )
    return services.post([move], by=None)[0].pk


def leave(sku: int, pieces: int, no: str = "1") -> services.Take:
    place = queries.default_location_id()
    services.reserve_lines([services.Want(f"SO-{no}/1", sku, place, pieces, cast.NOW)], by=None)
    take = services.Take(f"SO-{no}/1", sku, place, pieces, f"SH-{no}")
    services.ship([take], by=None)
    return take


def worth(sku: int) -> tuple[int, Decimal]:
    found = StockValue.objects.get(sku_id=sku)
    return found.quantity, found.value_yen


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all(*MINE) if finding.broken} & MINE


@pytest.mark.django_db
def test_what_is_sold_takes_the_average_with_it() -> None:
    tea = cast.sku("TEA")
    come(tea, 10, "100")
    come(tea, 10, "120", "GR-2")
    leave(tea, 5)
    assert worth(tea) == (15, D(1650))
    assert queries.cost_of_sales(["SH-1", "SH-2"]) == {"SH-1": 550}
    assert broken() == set()


@pytest.mark.django_db
def test_a_shipment_that_comes_back_brings_what_it_took() -> None:
    tea = cast.sku("TEA")
    come(tea, 3, "100")
    take = leave(tea, 3)
    assert worth(tea) == (0, D(0))
    come(tea, 1, "400", "GR-2")
    services.unship([take], by=None, note="間違い")
    assert (worth(tea), queries.cost_of_sales(["SH-1"])) == ((4, D(700)), {"SH-1": 0})
    assert broken() == set()


@pytest.mark.django_db
def test_a_receipt_that_is_taken_back_takes_its_own_yen() -> None:
    tea = cast.sku("TEA")
    come(tea, 10, "100")
    wrong = come(tea, 10, "999", "GR-2")
    services.reverse([wrong], by=None, note="単価の誤り")
    assert (worth(tea), broken()) == ((10, D(1000)), set())


@pytest.mark.django_db
def test_goods_that_change_places_keep_their_value() -> None:
    tea = cast.sku("TEA")
    come(tea, 10, "100")
    move = written(tea, 4)
    services.send(move, by=None)
    services.receive_transfer(move, {1: 3}, by=None)
    assert worth(tea) == (10, D(1000))
    services.settle_missing(move, 1, how="lost", reason="破損", by=None)
    assert (worth(tea), broken()) == ((9, D(900)), set())


@pytest.mark.django_db
def test_goods_without_a_cost_are_guessed_and_say_so() -> None:
    tea = cast.sku("TEA")
    Sku.objects.filter(pk=tea).update(cost=D("80"))
    come(tea, 2, None)
    row = ValueEntry.objects.get()
    assert (row.value_yen, row.is_estimated) == (D(160), True)


@pytest.mark.django_db
def test_freight_lies_on_what_is_there_and_the_rest_is_cost_of_sales() -> None:
    tea = cast.sku("TEA")
    come(tea, 10, "100")
    leave(tea, 4)
    made = services.add_value([ValueChange(tea, D(500), "landed", "LC-1", "LC-1/1", pieces=10)], by=None)
    assert (made[0].value_yen, made[0].expensed_yen, worth(tea)) == (D(300), D(200), (6, D(900)))
    with pytest.raises(ChangedMeanwhile):
        services.add_value([ValueChange(tea, D(500), "landed", "LC-1", "LC-1/1", pieces=10)], by=None)
    assert worth(tea) == (6, D(900))
    services.reverse_value([made[0].pk], reason="二重", by=None)
    back = ValueEntry.objects.latest("pk")
    assert (worth(tea), back.expensed_yen, broken()) == ((6, D(600)), D(-200), set())


@pytest.mark.django_db
def test_a_writedown_never_goes_below_nothing_and_goods_that_left_are_expensed_whole() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    come(tea, 2, "100")
    come(cup, 2, "100")
    leave(cup, 2)
    low, gone = services.add_value(
        [ValueChange(tea, D(-500), "writedown", "WD-1", "WD-1/1"), ValueChange(cup, D(60), "landed", "LC-1", "LC-1/1", 2)],
        by=None,
    )  # fmt: skip
    assert (low.value_yen, low.expensed_yen) == (D(-200), D(-300))
    assert (gone.value_yen, gone.expensed_yen) == (D(0), D(60))
    with pytest.raises(DomainError):
        services.add_value([ValueChange(tea, D(1), "receipt", "X", "X")], by=None)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE stock_valueentry SET value_yen = 1", "DELETE FROM stock_valueentry"])
def test_the_database_refuses_to_change_the_values(sql: str) -> None:
    come(cast.sku("TEA"), 10, "100")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused = pytest.raises(DatabaseError, match="only grows")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_an_empty_shelf_is_worth_nothing_in_the_database_too() -> None:
    tea = cast.sku("TEA")
    come(tea, 1, "100")
    for change in ({"quantity": 0}, {"value_yen": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockValue.objects.filter(sku_id=tea).update(**change)


@pytest.mark.django_db
def test_the_inventory_of_a_day_leaves_out_what_moved_afterwards() -> None:
    tea, today = cast.sku("TEA"), clock.today()
    place = queries.default_location_id()
    old = clock.now() - timedelta(days=3)
    moves = [
        services.Movement(tea, place, "receipt", 10, "GR-1", "a", D(100), at=old),
        services.Movement(tea, place, "receipt", 10, "GR-2", "b", D(130), at=old),
    ]
    services.post(moves, by=None)
    leave(tea, 15)
    day_before = {m: queries.inventory(today - timedelta(days=1), m)[0] for m in ("average", "fifo", "last")}
    assert {m: (row.pieces, row.yen) for m, row in day_before.items()} == {
        "average": (20, 2300), "fifo": (20, 2300), "last": (20, 2600),
    }  # fmt: skip
    now = {m: queries.inventory(today, m)[0].yen for m in ("average", "fifo", "last")}
    assert now == {"average": 575, "fifo": 650, "last": 650}
    assert queries.inventory(today - timedelta(days=9), "average") == []
    assert queries.total_value() == 575


@pytest.mark.django_db(transaction=True)
def test_two_receipts_at_once_lose_no_yen() -> None:
    tea = cast.sku("TEA")
    other = written(tea, 1).destination_id
    place = queries.default_location_id()

    def act(where: int, slip: str) -> None:
        for nth in range(10):
            move = services.Movement(tea, where, "receipt", 1, slip, f"{slip}/{nth}", D(100))
            services.post([move], by=None)

    together(lambda: act(place, "A"), lambda: act(other, "B"))
    assert (worth(tea), broken()) == ((20, D(2000)), set())


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE stock_stockvalue SET value_yen = value_yen + 1", "stock_values_match_their_ledger"),
        ("UPDATE stock_valueentry SET value_yen = value_yen + 1", "stock_values_match_their_ledger"),
        ("UPDATE stock_valueentry SET quantity = quantity + 1; UPDATE stock_stockvalue SET quantity = quantity + 1", "value_covers_every_piece"),
        ("DELETE FROM stock_valueentry", "every_movement_has_its_value"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_planted_fault_is_found(fault: str, name: str) -> None:
    come(cast.sku("TEA"), 10, "100")
    assert broken() == set()
    with behind_the_triggers("stock_valueentry") as cursor:
        cursor.execute(fault)
    assert name in broken()


def test_old_ledgers_get_the_values_the_services_would_have_written() -> None:
    """The migration keeps a copy of the rule; both must say the same."""
    from importlib import import_module

    from akinai.stock.valuation import Worth, change

    copy = import_module("akinai.stock.migrations.0013_fill_values").value_of
    for pieces, value in ((0, D(0)), (3, D("100.0000")), (11, D("529.0476"))):
        for quantity, told in ((5, D(77)), (5, None), (-1, None), (-3, D(-50)), (-10, D(-1000))):
            if pieces + quantity >= 0:
                assert copy(pieces, value, quantity, told, D(9)) == change(
                    Worth(pieces, value), quantity, told, D(9)
                )


@pytest.mark.django_db
def test_the_inventory_of_a_day_is_shown_and_given_as_a_file() -> None:
    from akinai.stock.tests.test_screens import browser

    cast.company()
    tea = cast.sku("TEA-1")
    come(tea, 3, "100.5")
    seen = browser("鈴木")
    page = seen.get("/office/stock/valuation/").content.decode()
    assert "¥302" in page and "移動平均法" in page  # 301.5 → 302
    assert seen.get("/office/stock/valuation/?on=2099-01-01&method=fifo").status_code == 422
    assert seen.get("/office/stock/valuation/?on=2020-01-01&method=last").status_code == 200
    text = b"".join(seen.get("/office/stock/valuation/file/csv/").streaming_content).decode("utf-8-sig")
    assert "TEA-1" in text and "302" in text
    assert seen.get("/office/stock/valuation/file/xlsx/").status_code == 200
    assert seen.get("/office/stock/valuation/file/pdf/").content.startswith(b"%PDF")
    assert seen.get("/office/stock/valuation/file/exe/").status_code == 404
    assert browser("部外者").get("/office/stock/valuation/").status_code == 403
    assert "¥302" in seen.get("/office/stock/").content.decode()
    assert "¥302" in seen.get(f"/office/stock/{tea}/").content.decode()
