"""評価損: value leaves and the goods stay, by 店長 or 経理, once, and back by reversal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from akinai.core import clock, proofs
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.stock import queries, services
from akinai.stock.models import ValueEntry, WriteDown
from akinai.stock.services import Movement
from tests import cast

pytestmark = pytest.mark.django_db


def cups(pieces: int = 10, cost: str = "100") -> int:
    sku = cast.sku("CUP")
    move = Movement(sku, queries.default_location_id(), "receipt", pieces, "GR-1", "gr:1", Decimal(cost))
    services.post([move], by=None)
    return sku


def down(sku: int, unit: str) -> WriteDown:
    return services.write_down(
        sku_id=sku, unit_yen=Decimal(unit), reason="market", note="値下げ", by=cast.staff("鈴木")
    )


def broken() -> list[str]:
    return [found.name for found in proofs.run_all() if found.broken]


def test_goods_are_worth_less_and_are_still_there() -> None:
    sku = cups()
    made = down(sku, "60")
    assert (made.yen, made.pieces, made.unit_before) == (400, 10, 100)
    assert (queries.total_value(), cast.level(sku), broken()) == (600, (10, 0), [])
    row = queries.inventory(clock.today(), "average")[0]
    assert (row.yen, row.is_written_down) == (600, True)
    assert ValueEntry.objects.get(kind="writedown").note == "低価法（正味売却価額の下落）: 値下げ"


def test_only_a_lower_value_is_a_loss() -> None:
    sku = cups()
    for unit in ("100", "120"):
        with pytest.raises(DomainError, match="低くありません"):
            down(sku, unit)
    with pytest.raises(DomainError, match="在庫がない"):
        down(cast.sku("NONE"), "1")
    with pytest.raises(DomainError, match="根拠"):
        services.write_down(sku_id=sku, unit_yen=Decimal(1), reason="market", note=" ", by=None)
    assert (WriteDown.objects.count(), queries.total_value()) == (0, 1000)


def test_a_reversal_brings_the_value_back_once_also_of_what_has_left() -> None:
    sku = cups()
    made = down(sku, "60")
    services.post([Movement(sku, queries.default_location_id(), "adjustment", -5, "調整", "a")], by=None)
    services.reverse_write_down(made, reason="誤り", by=None)
    assert broken() == []
    with pytest.raises(ImpossibleMove):
        services.reverse_write_down(made, reason="誤り", by=None)
    assert not queries.inventory(clock.today(), "average")[0].is_written_down


def test_a_planted_fault_is_found() -> None:
    made = down(cups(), "60")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stock_writedown SET yen = 399 WHERE id = %s", [made.pk])
    assert broken() == ["write_downs_lowered_the_value"]


@pytest.mark.parametrize(
    ("who", "status"), [("鈴木", 200), ("伊藤", 200), ("高橋", 403), ("田中", 403), ("部外者", 403)]
)
def test_the_manager_and_the_books_decide(client: Client, who: str, status: int) -> None:
    client.force_login(cast.staff(who))
    assert client.get("/office/stock/writedowns/new/").status_code == status


def test_it_is_entered_listed_and_reversed_on_the_screen(client: Client) -> None:
    cups()
    client.force_login(cast.staff("鈴木"))
    told = {"sku": "cup", "unit_yen": "６０", "reason": "damaged", "note": "箱つぶれ"}
    wrong = client.post("/office/stock/writedowns/new/", told | {"unit_yen": "200"})
    assert (wrong.status_code, "低くありません" in wrong.content.decode()) == (422, True)
    page = client.post("/office/stock/writedowns/new/", told, follow=True)
    made = WriteDown.objects.get()
    assert "¥400" in page.content.decode()
    assert made.number in client.get("/office/stock/writedowns/").content.decode()
    client.post(f"/office/stock/writedowns/{made.number}/reverse/", {"reason": "誤り"})
    made.refresh_from_db()
    assert (made.state, queries.total_value()) == ("reversed", 1000)
    assert client.get("/office/stock/valuation/").status_code == 200


def test_value_is_told_against_last_months_end() -> None:
    cups()
    change = queries.change_of_month(clock.today())
    assert (change.now, change.before, change.yen, change.percent) == (1000, 0, 1000, None)
    assert change.month_end.month != clock.today().month
