"""入出庫台帳: it only grows, and its sum is the stock, whatever is done in whatever order."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akinai.core import proofs
from akinai.core.errors import DomainError
from akinai.stock import adjusting, queries, services
from akinai.stock.models import Reservation, StockEntry, StockLevel
from tests import cast

pytestmark = pytest.mark.django_db
START = timezone.make_aware(datetime(2026, 11, 24, 9, 0))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE stock_stockentry SET quantity = 99",
        "DELETE FROM stock_stockentry",
        "TRUNCATE stock_stockentry CASCADE",
    ],
)
def test_the_database_refuses_to_change_the_ledger(sql: str) -> None:
    cast.sku("TEA", pieces=5)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else TRUNCATE fails for another reason
    refused = pytest.raises(DatabaseError, match="only grows")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert StockEntry.objects.get().quantity == 5


def test_a_key_is_posted_once() -> None:
    tea = cast.sku("TEA", pieces=5)
    with pytest.raises(DomainError, match="すでに在庫に計上"):
        cast.receive(tea, 5, key="opening:TEA")
    assert cast.level(tea) == (5, 0)


def test_an_adjustment_needs_a_reason_and_keeps_what_is_promised() -> None:
    tea, place = cast.sku("TEA", pieces=5), queries.default_location_id()
    services.reserve(reference="SO-1/1", sku_id=tea, location_id=place, quantity=4, by=None)
    told = {"sku_id": tea, "location_id": place, "by": None}
    with pytest.raises(DomainError, match="理由"):
        adjusting.adjust(quantity=5, is_counted=True, reason=" ", **told)
    with pytest.raises(DomainError, match="引当済み"):
        adjusting.adjust(quantity=3, is_counted=True, reason="破損", **told)
    adjusting.adjust(quantity=-1, is_counted=False, reason="破損", **told)
    assert cast.level(tea) == (4, 4)


def test_a_receipt_is_not_taken_back_behind_its_slip() -> None:
    tea = cast.sku("TEA", pieces=5)
    with pytest.raises(DomainError, match="仕入伝票"):
        adjusting.take_back(StockEntry.objects.get(), reason="誤り", by=None)
    assert cast.level(tea) == (5, 0)


class Model:
    """The same rules in plain Python: first come, first served, nothing promised twice."""

    def __init__(self) -> None:
        self.on_hand = 0
        self.queue: list[list[int]] = []  # [line, wanted, held] in order

    @property
    def free(self) -> int:
        return self.on_hand - sum(held for _, _, held in self.queue)

    def serve(self) -> None:
        for one in self.queue:
            take = min(one[1] - one[2], self.free)
            one[2] += take

    def move(self, pieces: int) -> bool:
        if self.on_hand + pieces < sum(held for _, _, held in self.queue):
            return False
        self.on_hand += pieces
        self.serve()
        return True


ACTS = st.lists(
    st.tuples(st.sampled_from(["post", "post", "want", "want", "release", "ship"]), st.integers(-6, 9)),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_stock_does_what_a_plain_list_would(acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        sku, place, model = cast.sku("TEA"), queries.default_location_id(), Model()
        for nth, (act, number) in enumerate(acts):
            _both(act, number, nth, sku, place, model)
            _compare(sku, model)
        found = {check.name: check.broken for check in proofs.run_all(*WATCHED)}
        assert found == {name: [] for name in WATCHED}
        transaction.set_rollback(True)


WATCHED = {"stock_levels_match_ledger", "reserved_match_reservations", "nothing_free_while_lines_wait"}


def _both(act: str, number: int, nth: int, sku: int, place: int, model: Model) -> None:
    """Do it to stock and to the model; both must agree on a refusal."""
    if act == "post" and number:
        move = services.Movement(sku, place, "adjustment", number, "T", f"t:{nth}")
        try:
            with transaction.atomic():
                services.post([move], by=None)
            done = True
        except DomainError:
            done = False
        assert done == model.move(number)
    elif act == "want" and number > 0:
        when = START + timedelta(minutes=nth)
        services.reserve_lines([services.Want(f"L{nth}", sku, place, number, when)], by=None)
        model.queue.append([nth, number, 0])
        model.serve()
    elif model.queue and act == "release":
        line = model.queue.pop(number % len(model.queue))[0]
        services.release([f"L{line}"], by=None)
        model.serve()
    elif act == "ship" and (full := [one for one in model.queue if one[1] == one[2]]):
        line, wanted, _ = full[number % len(full)]
        services.ship([services.Take(f"L{line}", sku, place, wanted)], document="D", by=None)
        model.queue = [one for one in model.queue if one[0] != line]
        model.on_hand -= wanted


def _compare(sku: int, model: Model) -> None:
    level = StockLevel.objects.filter(sku_id=sku).first()
    if level:
        assert (level.on_hand, level.reserved) == (model.on_hand, model.on_hand - model.free)
    live = Reservation.objects.filter(sku_id=sku, state="active").order_by("queued_at", "id")
    held = Counter({row.reference: row.quantity for row in live})
    assert held == Counter({f"L{line}": have for line, _, have in model.queue})
