"""仕入返品: goods go back from the shelf at what they cost, and the next bill deducts them once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from akinai.core import proofs
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.purchasing import services
from akinai.purchasing.models import SupplierReturn
from akinai.purchasing.queries import payables
from akinai.purchasing.services import LineInput, billing, returning
from akinai.purchasing.services.billing import BillLine
from akinai.purchasing.tests import factories
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import Lot
from akinai.stock.tests.test_lots import come, lots, tracked
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def broken() -> list[str]:
    return [f"{finding.name}: {finding.broken}" for finding in proofs.run_all() if finding.broken]


@pytest.fixture
def tea() -> int:
    """Ten pieces that cost 500 yen."""
    factories.company()
    pk = cast.sku("TEA")
    slip = services.create_draft(lines=[LineInput(pk, 10, Decimal(500))], received_on=DAY, by=None)
    services.post(slip, by=None)
    return pk


def give(supplier_id: int, tea: int, pieces: int) -> SupplierReturn:
    return returning.give_back(
        supplier_id=supplier_id, lines=[LineInput(tea, pieces)], returned_on=DAY, reason="不良", by=None
    )


def test_goods_go_back_at_what_they_cost_and_the_next_bill_deducts_them(tea: int) -> None:
    seller = factories.supplier(registration_number="T7123456789012")
    made = give(seller.pk, tea, 3)
    assert cast.level(tea) == (7, 0) and payables.undeducted_yen([made.pk]) == {(made.pk, 8): -1500}
    bill = billing.draft_bill(
        supplier_id=seller.pk, billed_on=DAY, by=None,
        lines=[BillLine(10_000, 8, text="商品"), BillLine(-1_500, 8, return_id=made.pk)],
    )  # fmt: skip
    billing.post_bill(bill, by=None)
    assert (bill.net_yen, bill.tax_yen) == (8_500, 680)
    assert payables.undeducted(seller.pk) == [] and broken() == []
    with pytest.raises(DomainError, match="引かれています"):
        returning.take_back(made, reason="誤り", by=None)
    with pytest.raises(DomainError, match="もう引かれた"):
        billing.draft_bill(
            supplier_id=seller.pk, billed_on=DAY, lines=[BillLine(-1, 8, return_id=made.pk)], by=None
        )
    billing.reverse_bill(bill, reason="誤り", by=None)
    returning.take_back(made, reason="誤り", by=None)
    assert cast.level(tea) == (10, 0) and broken() == []


def test_what_is_promised_to_customers_does_not_go_back(tea: int) -> None:
    seller = factories.supplier()
    cast.place(cast.draft("R-1", ("TEA", 9, 1080)))
    with pytest.raises(NotEnoughStock):
        give(seller.pk, tea, 2)
    assert not SupplierReturn.objects.exists() and cast.level(tea) == (10, 9)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_deducting_or_taking_back_one_return_do_it_once(tea: int) -> None:
    seller = factories.supplier()
    made = give(seller.pk, tea, 3)
    bills = [
        billing.draft_bill(supplier_id=seller.pk, billed_on=DAY, by=None, lines=[BillLine(9_000, 8, text="商品"), BillLine(-1_500, 8, return_id=made.pk)])
        for _ in range(2)
    ]  # fmt: skip
    answers = together(*[lambda one=one: billing.post_bill(one, by=None) for one in bills])
    assert sum(isinstance(answer, ChangedMeanwhile) for answer in answers) == 1
    other = give(seller.pk, tea, 2)
    answers = together(*[lambda: returning.take_back(other, reason="誤り", by=None)] * 2)
    assert sum(isinstance(answer, ImpossibleMove) for answer in answers) == 1
    assert cast.level(tea) == (7, 0) and broken() == []


@pytest.mark.django_db(transaction=True)
def test_a_return_taken_back_while_a_bill_deducts_it_is_never_deducted(tea: int) -> None:
    seller = factories.supplier()
    for _ in range(3):
        made = give(seller.pk, tea, 1)
        bill = billing.draft_bill(
            supplier_id=seller.pk, billed_on=DAY, by=None,
            lines=[BillLine(9_000, 8, text="商品"), BillLine(-500, 8, return_id=made.pk)],
        )  # fmt: skip
        answers = together(
            lambda bill=bill: billing.post_bill(bill, by=None),
            lambda made=made: returning.take_back(made, reason="誤り", by=None),
        )
        assert sum(isinstance(answer, DomainError) for answer in answers) == 1, answers
        assert broken() == []


def test_a_planted_fault_is_found(tea: int) -> None:
    give(factories.supplier().pk, tea, 3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE purchasing_supplierreturnline SET quantity = 4")
    (found,) = proofs.run_all("supplier_returns_match_the_ledger")
    assert found.broken


def test_the_pages_of_returns(client: Client, tea: int) -> None:
    seller = factories.supplier()
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    told = {
        "supplier": seller.pk,
        "returned_on": "2026-11-20",
        "location": "MAIN",
        "reason": "不良",
        "lines": "TEA\t3",
    }
    assert client.get("/office/supplier-returns/new/").status_code == 200
    assert client.post("/office/supplier-returns/new/", told | {"lines": "TEA\t30"}).status_code == 422
    assert client.post("/office/supplier-returns/new/", told | {"reason": ""}).status_code == 422
    assert client.post("/office/supplier-returns/new/", told).status_code == 302
    made = SupplierReturn.objects.get()
    for path in ("", f"{made.number}/", f"?q={made.number}"):
        assert client.get(f"/office/supplier-returns/{path}").status_code == 200
    client.force_login(cast.staff("鈴木"), backend="akinai.staff.backends.StaffBackend")
    assert (
        f"{made.number}\t8\t-1500"
        in client.get(f"/office/supplier-bills/new/?supplier={seller.pk}").content.decode()
    )
    lines = f"商品\t8\t9000\n{made.number}\t8\t-1500"
    assert (
        client.post(
            "/office/supplier-bills/new/", {"supplier": seller.pk, "billed_on": "2026-11-20", "lines": lines}
        ).status_code
        == 302
    )
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    client.post(f"/office/supplier-returns/{made.number}/reverse/", {"reason": "誤り"})
    made.refresh_from_db()
    assert made.state == "reversed" and broken() == []


def test_the_lot_that_goes_back_is_told_and_leaves() -> None:
    factories.company()
    seller, lot_tea = factories.supplier(), tracked("LOT-TEA")
    come(lot_tea, 5, "A", 20)
    come(lot_tea, 5, "B", 300)

    def give_lot(pieces: int, lot: str) -> SupplierReturn:
        line = LineInput(lot_tea, pieces, Decimal(500), lot=lot)
        return returning.give_back(
            supplier_id=seller.pk, lines=[line], returned_on=DAY, reason="不良", by=None
        )

    for lot, words in (("", "どのロットを返すか"), ("X", "ロット X は出庫元にありません")):
        with pytest.raises(DomainError, match=words) as refusal:
            give_lot(2, lot)
        assert "A、B" in refusal.value.way_out
    with pytest.raises(NotEnoughStock, match="ロット B は 5 点"):
        give_lot(6, "B")
    made = give_lot(2, "B")
    assert (lots(lot_tea), broken()) == ({"A": 5, "B": 3}, [])
    returning.take_back(made, reason="誤り", by=None)
    assert (lots(lot_tea), broken()) == ({"A": 5, "B": 5}, [])
    give_lot(5, "A")
    assert give_lot(1, "").lines.get().lot.code == "B"  # the only one that is left
    made.lines.update(lot=None)
    assert broken() == []
    made.lines.update(lot=Lot.objects.get(code="A"))
    assert "supplier_returns_match_the_ledger" in broken()[0]


def test_the_last_good_pieces_that_are_promised_do_not_go_back() -> None:
    factories.company()
    seller, lot_tea = factories.supplier(), tracked("LOT-TEA")
    come(lot_tea, 5, "OLD", -1)
    come(lot_tea, 5, "GOOD", 30)
    place = stock.default_location_id()
    stock_services.reserve_lines([stock_services.Want("SO-1/1", lot_tea, place, 5, cast.NOW)], by=None)
    line = [LineInput(lot_tea, 1, Decimal(500), lot="GOOD")]
    with pytest.raises(NotEnoughStock, match="引当済みの数に足りなく"):
        returning.give_back(supplier_id=seller.pk, lines=line, returned_on=DAY, reason="不良", by=None)
    old = [LineInput(lot_tea, 5, Decimal(500), lot="OLD")]
    returning.give_back(supplier_id=seller.pk, lines=old, returned_on=DAY, reason="期限切れ", by=None)
    assert (lots(lot_tea), cast.level(lot_tea)) == ({"GOOD": 5}, (5, 5))


def test_a_return_of_a_lot_is_written_on_the_screen(client: Client) -> None:
    factories.company()
    seller, lot_tea = factories.supplier(), tracked("LOT-TEA")
    come(lot_tea, 5, "A", 20)
    come(lot_tea, 5, "B", 300)
    client.force_login(cast.staff("高橋"), backend="akinai.staff.backends.StaffBackend")
    told = {"supplier": seller.pk, "returned_on": "2026-11-20", "location": "MAIN", "reason": "不良"}
    page = "/office/supplier-returns/new/"
    answer = client.post(page, told | {"lines": "LOT-TEA 2 500"})
    assert answer.status_code == 422 and "どのロットを返すか" in answer.content.decode()
    answer = client.post(page, told | {"lines": "LOT-TEA 2 500 B"})
    assert answer.status_code == 302 and "ロット B" in client.get(answer["Location"]).content.decode()
    assert lots(lot_tea) == {"A": 5, "B": 3}
