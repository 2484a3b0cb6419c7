"""在庫の検証: each planted fault is found by its proof, and by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from akinai.core import proofs, seals
from akinai.stock import adjusting, queries, services
from akinai.stock.proofs.ledger import LEDGERS
from tests import cast
from tests.planting import behind_the_triggers

pytestmark = pytest.mark.django_db


PAPERS = "shipped_goods_left_stock"  # goods leave here without the papers of the shipping room


def broken() -> dict[str, object]:
    return {f.name: f.broken[0] for f in proofs.run_all() if f.broken and f.name != PAPERS}


def plant(sql: str) -> None:
    """As a superuser who takes the guard away first."""
    with behind_the_triggers("stock_stockentry") as cursor:
        cursor.execute(sql)


@pytest.fixture(scope="module")
def life(common_ground: None) -> int:
    """TEA: 9 pieces came, 2 were found and not, 3 are promised, 1 has left, one order waits for CUP."""
    tea, place = cast.sku("TEA", pieces=9), queries.default_location_id()
    found = adjusting.adjust(
        sku_id=tea, location_id=place, quantity=2, is_counted=False, reason="見つかった", by=None
    )
    adjusting.take_back(found, reason="数え違い", by=None)
    when = datetime(2026, 11, 24, tzinfo=UTC)
    wants = [services.Want("SO-1/1", tea, place, 1, when), services.Want("SO-2/1", tea, place, 3, when)]
    services.reserve_lines(wants, by=None)
    services.reserve_lines([services.Want("SO-3/1", cast.sku("CUP"), place, 2, when)], by=None)
    services.ship([services.Take("SO-1/1", tea, place, 1)], document="SH-1", by=None)
    assert broken() == {}
    return tea


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("UPDATE stock_stockentry SET quantity = 8 WHERE key = 'opening:TEA'", "stock_levels_match_ledger"),
        ("UPDATE stock_stocklevel SET on_hand = on_hand + 1, reserved = reserved WHERE on_hand = 8", "stock_levels_match_ledger"),
        ("UPDATE stock_stocklevel SET reserved = reserved - 1 WHERE reserved > 0", "reserved_match_reservations"),
        ("UPDATE stock_reservation SET quantity = 2 WHERE reference = 'SO-2/1'", "nothing_free_while_lines_wait"),
        ("UPDATE stock_reservation SET state = 'shipped' WHERE reference = 'SO-2/1'", "shipped_reservations_left_the_ledger"),
        ("UPDATE stock_reservation SET state = 'released' WHERE reference = 'SO-1/1'", "shipments_in_the_ledger_had_a_reservation"),
        ("UPDATE stock_stockentry SET quantity = -3 WHERE kind = 'reversal'", "reversals_answer_their_entry"),
        ("UPDATE stock_stockentry SET kind = 'adjustment' WHERE kind = 'reversal'", "reversals_answer_their_entry"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(life: int, fault: str, name: str) -> None:
    plant(fault)
    assert [bool(f.broken) for f in proofs.run_all(name)] == [True]


def test_a_level_at_another_place_does_not_make_up_for_a_missing_one(life: int) -> None:
    """The sums over all places are right, the places are not."""
    plant("INSERT INTO stock_location (code, name, is_default) VALUES ('X', '別の倉庫', false)")
    plant(
        "INSERT INTO stock_stocklevel (sku_id, location_id, on_hand, reserved) "
        f"SELECT {life}, id, 2, 0 FROM stock_location WHERE code = 'X'"
    )
    plant(f"UPDATE stock_stocklevel SET on_hand = on_hand - 2 WHERE sku_id = {life} AND on_hand = 8")
    assert "stock_levels_match_ledger" in broken()


def test_a_guard_that_was_taken_away_is_missed(life: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE stock_stockentry DISABLE TRIGGER akinai_append_only")
        assert broken() == {"ledgers_are_guarded": {"ledger": "stock_stockentry"}}
        cursor.execute("ALTER TABLE stock_stockentry ENABLE ALWAYS TRIGGER akinai_append_only")
        cursor.execute("DROP TRIGGER akinai_append_only ON payments_settlementline")
    assert broken() == {"ledgers_are_guarded": {"ledger": "payments_settlementline"}}


def test_every_ledger_that_wears_a_guard_is_known_to_the_proof() -> None:
    assert set(seals.ledgers()) <= set(LEDGERS)


def test_an_honest_life_has_no_findings_and_says_how_much_was_looked_at(life: int) -> None:
    looked: Callable[[str], int] = lambda name: next(f.rows for f in proofs.run_all(name))  # noqa: E731
    assert (looked("stock_levels_match_ledger"), looked("reversals_answer_their_entry")) == (2, 1)
