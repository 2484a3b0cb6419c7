"""付帯費用: freight and duty are shared to the yen, become part of what the goods cost, and are taken back whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from akinai.catalog.models import Sku
from akinai.core import proofs
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.purchasing import services
from akinai.purchasing.landed import CannotSplit, Carried, Split, split
from akinai.purchasing.models import GoodsReceipt, LandedCost
from akinai.purchasing.services import LineInput, landing
from akinai.stock import queries as stock
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


def came(*lines: tuple[int, int, str]) -> GoodsReceipt:
    made = services.create_draft(
        lines=[LineInput(sku, n, Decimal(cost)) for sku, n, cost in lines], received_on=DAY, by=None
    )
    services.post(made, by=None)
    return made


def land(receipt: GoodsReceipt, yen: int, by_what: str = "value", paper_no: str = "") -> LandedCost:
    return landing.land(
        [receipt.pk], yen=yen, kind="freight", by_what=by_what, on=DAY, paper_no=paper_no, by=None
    )


def worth(sku: int) -> Decimal:
    return stock.value_of([sku])[sku].value


def test_freight_is_shared_by_value_weight_or_pieces() -> None:
    lines = [Carried("A", 10, Decimal(100), 50), Carried("B", 5, Decimal(600), 900)]
    assert split(1_000, lines, Split.VALUE) == [250, 750]
    assert split(1_000, lines, Split.WEIGHT) == [100, 900]
    assert split(1_000, lines, Split.QUANTITY) == [667, 333]
    with pytest.raises(CannotSplit, match="B の重量"):
        split(1_000, [lines[0], Carried("B", 5)], Split.WEIGHT)


@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(st.integers(1, 9999), st.decimals(0, 99999, places=4)), min_size=1, max_size=20),
)
def test_no_yen_is_lost_or_made(yen: int, rows: list[tuple[int, Decimal]]) -> None:
    lines = [Carried(str(n), pieces, cost) for n, (pieces, cost) in enumerate(rows)]
    assert sum(split(yen, lines, Split.QUANTITY)) == yen
    if any(cost for _, cost in rows):
        assert sum(split(yen, lines, Split.VALUE)) == yen


def test_what_freight_brought_costs_more_and_what_has_left_bears_its_share() -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    slip = came((tea, 10, "100"), (cup, 5, "600"))
    cast.receive(tea, -4, key="gone")
    made = land(slip, 1_000)
    assert (worth(tea), worth(cup)) == (Decimal(600) + 150, Decimal(3_000) + 750)
    assert [(line.yen, line.value_entry.expensed_yen) for line in made.lines.order_by("pk")] == [
        (250, 100),
        (750, 0),
    ]
    assert broken() == []
    landing.take_back(made, reason="金額の誤り", by=None)
    assert (worth(tea), worth(cup)) == (600, 3_000) and broken() == []
    with pytest.raises(ImpossibleMove):
        landing.take_back(made, reason="もう一度", by=None)


def test_a_delivery_that_bears_freight_stands_until_the_freight_is_taken_back() -> None:
    slip = came((cast.sku("TEA"), 10, "100"))
    made = land(slip, 300)
    with pytest.raises(DomainError, match=made.number):
        services.reverse(slip, reason="誤り", by=None)
    landing.take_back(made, reason="誤り", by=None)
    services.reverse(slip, reason="誤り", by=None)
    assert broken() == []


def test_what_cannot_be_shared_is_told_and_nothing_is_written() -> None:
    tea = cast.sku("TEA")
    slip = came((tea, 10, "100"))
    for yen, way in ((0, "value"), (100, "weight")):
        with pytest.raises(DomainError):
            land(slip, yen, way)
    draft = services.create_draft(lines=[LineInput(tea, 1)], received_on=DAY, by=None)
    with pytest.raises(DomainError, match="計上していない入荷"):
        land(draft, 100)
    assert not LandedCost.objects.exists() and worth(tea) == 1_000


@pytest.mark.django_db(transaction=True)
def test_one_paper_of_freight_is_posted_once_by_two_clerks() -> None:
    slip = came((cast.sku("TEA"), 10, "100"))
    answers = together(*[lambda: land(slip, 300, paper_no="F-1")] * 3)
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 2
    assert broken() == []


def test_a_planted_fault_is_found() -> None:
    land(came((cast.sku("TEA"), 10, "100")), 300)
    for fault in (
        "UPDATE purchasing_landedcost SET yen = 301",
        "UPDATE purchasing_landedcost SET yen = 300, state = 'reversed'",
    ):
        with connection.cursor() as cursor:
            cursor.execute(fault)
        (found,) = proofs.run_all("landed_costs_are_in_the_ledger_of_values")
        assert found.broken


def test_the_pages_of_landed_costs(client: Client) -> None:
    tea = cast.sku("TEA")
    Sku.objects.update(weight_g=30)
    slip = came((tea, 10, "100"))
    client.force_login(cast.staff("鈴木"), backend="akinai.staff.backends.StaffBackend")
    told = {
        "kind": "duty",
        "yen": "１，２００",
        "by_what": "weight",
        "on": "2026-11-24",
        "paper_no": "D-1",
        "receipts": slip.number,
    }
    assert client.get(f"/office/landed-costs/new/?receipt={slip.number}").status_code == 200
    assert client.post("/office/landed-costs/new/", told | {"receipts": "GR-1"}).status_code == 422
    assert client.post("/office/landed-costs/new/", told | {"yen": "0"}).status_code == 422
    assert client.post("/office/landed-costs/new/", told).status_code == 302
    assert client.post("/office/landed-costs/new/", told).status_code == 422, "the same paper"
    made = LandedCost.objects.get()
    for path in ("", f"{made.number}/", f"?q={slip.number}"):
        assert client.get(f"/office/landed-costs/{path}").status_code == 200
    client.post(f"/office/landed-costs/{made.number}/reverse/", {"reason": "誤り"})
    made.refresh_from_db()
    assert made.state == "reversed" and broken() == []
    client.force_login(cast.staff("佐藤"), backend="akinai.staff.backends.StaffBackend")
    assert client.post("/office/landed-costs/new/", told).status_code == 403
