"""仕入条件・仕入先商品: prices keep their history, one supplier is preferred, lists say what changed and what is odd."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from akinai.core import clock, intake
from akinai.core.errors import DomainError
from akinai.core.intake.models import IntakeFile
from akinai.party.models import Supplier
from akinai.purchasing.models import SupplierItem, SupplierTerms
from akinai.purchasing.queries import terms as queries
from akinai.purchasing.services import terms as services
from akinai.purchasing.services.terms import ItemInput
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
HEADER = "仕入先コード,商品コード,仕入先商品コード,仕入単価,適用開始日,入数,最小発注数,納期,優先\n"


@pytest.fixture(autouse=True)
def suppliers() -> tuple[int, int]:
    one = Supplier.objects.create(number="SU-1", code="S1", name="見本製茶")
    two = Supplier.objects.create(number="SU-2", code="S2", name="見本陶器")
    return one.pk, two.pk


@pytest.fixture
def tanaka(client: Client) -> Client:
    client.force_login(cast.staff("田中"), backend="akinai.staff.backends.StaffBackend")
    return client


def item(supplier: int, sku: int, cost: str, on: date = date(2026, 4, 1), **more: Any) -> ItemInput:
    return ItemInput(supplier, sku, Decimal(cost), on, more.pop("code", f"C-{sku}"), **more)


def preview(rows: str, header: str = HEADER, **options: Any) -> tuple[IntakeFile, intake.Plan]:
    kind = intake.kind_of("supplier_items")
    assert kind
    return intake.preview(
        kind, [intake.Upload("価格表.csv", (header + rows).encode())], options=options, by=None
    )


def test_a_new_price_is_a_new_row_and_the_old_one_stays(suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    services.save_items([item(suppliers[0], tea, "500")], by=None)
    saved = services.save_items([item(suppliers[0], tea, "520.5", date(2026, 12, 1))], by=None)
    assert (saved.created, saved.changed, saved.unchanged) == (0, 1, 0)
    assert [row.unit_cost for row in queries.prices_of(suppliers[0], tea)] == [Decimal("520.5"), Decimal(500)]
    assert queries.items_of(suppliers[0], on=date(2026, 11, 30))[0].unit_cost == 500
    assert queries.items_of(suppliers[0], on=date(2026, 12, 1))[0].unit_cost == Decimal("520.5")


def test_the_same_price_told_again_changes_nothing(suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    for expected in (1, 0):
        saved = services.save_items([item(suppliers[0], tea, "500")], by=None)
        assert saved.created == expected
    later = services.save_items([item(suppliers[0], tea, "500", date(2026, 5, 1))], by=None)
    assert later.unchanged == 1 and SupplierItem.objects.count() == 1


def test_the_first_supplier_is_preferred_until_another_is_chosen(suppliers: tuple[int, int]) -> None:
    tea, (one, two) = cast.sku("TEA"), suppliers
    services.save_items([item(one, tea, "500"), item(two, tea, "480")], by=None)
    assert [row.supplier_id for row in queries.sellers_of([tea])[tea]] == [one, two]
    services.save_items([item(two, tea, "480", is_preferred=True)], by=None)
    services.save_items([item(two, tea, "490", date(2026, 5, 1))], by=None)
    preferred = SupplierItem.objects.get(is_preferred=True)
    assert (preferred.supplier_id, preferred.unit_cost) == (two, 490)
    assert queries.sellers_of([tea])[tea][0].supplier_id == two


def test_what_a_supplier_no_longer_sells_is_not_offered(suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    services.save_items([item(suppliers[0], tea, "500")], by=None)
    services.end_item(SupplierItem.objects.get(), on=clock.today(), by=None)
    assert queries.sellers_of([tea]) == {} and queries.items_of(suppliers[0]) == []


def test_one_code_of_a_supplier_never_means_two_goods_on_one_day(suppliers: tuple[int, int]) -> None:
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    services.save_items([item(suppliers[0], tea, "500", code="X")], by=None)
    with pytest.raises(DomainError, match="2 つの商品"):
        services.save_items([item(suppliers[0], cup, "900", code="X")], by=None)
    assert SupplierItem.objects.count() == 1


def test_the_database_itself_refuses_two_preferred_suppliers(suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    services.save_items([item(suppliers[0], tea, "500"), item(suppliers[1], tea, "480")], by=None)
    with pytest.raises(IntegrityError, match="supplieritem_one_preferred"), transaction.atomic():
        SupplierItem.objects.update(is_preferred=True)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_each_prefer_another_supplier_leave_one_preferred(suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    acts = [
        lambda pk=pk: services.save_items([item(pk, tea, "500", is_preferred=True)], by=None)
        for pk in suppliers
    ]
    for _ in range(4):
        answers = together(*acts)
        assert all(isinstance(answer, services.Saved) for answer in answers)
        assert SupplierItem.objects.filter(is_preferred=True).count() == 1


def test_a_price_list_says_what_is_new_changed_and_known(suppliers: tuple[int, int]) -> None:
    tea, cup, pot = cast.sku("TEA"), cast.sku("CUP"), cast.sku("POT")
    services.save_items(
        [item(suppliers[0], tea, "500", code="T-1", lot=12), item(suppliers[0], cup, "300", code="C-1")],
        by=None,
    )
    rows = "S1,TEA,,550,2026/12/1,,,,\nS1,CUP,C-1,300,,,,,\nS1,POT,P-1,1200.25,,6,12,10,○\n"
    row, plan = preview(rows)
    assert not plan.refused, plan.errors
    assert (plan.created, plan.changed, plan.unchanged) == (1, 1, 1)
    intake.apply(row, by=None)
    now = queries.current_items([(suppliers[0], tea), (suppliers[0], pot)], on=None)
    raised, new = now[suppliers[0], tea], now[suppliers[0], pot]
    assert (raised.supplier_code, raised.unit_cost, raised.lot, raised.is_preferred) == ("T-1", 550, 12, True)
    assert (new.unit_cost, new.lot, new.moq, new.lead_days) == (Decimal("1200.25"), 6, 12, 10)
    _, again = preview(rows)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 3)


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        ("S9,TEA,,500,,,,,", "仕入先コード", "登録されていません"),
        ("S1,NOPE,,500,,,,,", "商品コード", "登録されていません"),
        ("S1,TEA,,,,,,,", "仕入単価", "空欄"),
        ("S1,TEA,,5 hundred,,,,,", "仕入単価", "読めません"),
        ("S1,TEA,,-5,,,,,", "仕入単価", "マイナス"),
        ("S1,TEA,,1.23456,,,,,", "仕入単価", "4桁"),
        ("S1,TEA,,500,12月1日,,,,", "適用開始日", "読めません"),
        ("S1,TEA,,500,,0,,,", "入数", "0"),
        ("S1,TEA,,500,,,1.5,,", "最小発注数", "小数"),
        ("S1,TEA,,500,,,,来週,", "納期", "日数"),
        ("S1,TEA,,500,,,,,たぶん", "優先", "○"),
        ("S1,TEA,=A1,500,,,,,", "仕入先商品コード", "数式"),
        ("S1,CUP,C-1,300,,,,,", "商品コード", "2行目"),
        ("S1,TEA,C-1,500,,,,,", "仕入先商品コード", "2行目"),
    ],
)  # fmt: skip
def test_an_odd_cell_of_a_price_list_is_named(row: str, column: str, word: str) -> None:
    cast.sku("TEA"), cast.sku("CUP")
    _, plan = preview(f"S1,CUP,C-1,300,,,,,\n{row}\n")
    assert [(error.line, error.column) for error in plan.errors] == [(3, column)]
    assert word in plan.errors[0].message
    assert SupplierItem.objects.count() == 0


def test_a_price_that_jumps_is_asked_about(suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    services.save_items([item(suppliers[0], tea, "500")], by=None)
    _, plan = preview("S1,TEA,,5000,,,,,\n")
    assert [(error.line, error.column) for error in plan.errors] == [(2, "仕入単価")]
    row, plan = preview("S1,TEA,,5000,,,,,\n", accept_jumps="1")
    assert not plan.refused
    intake.apply(row, by=None)
    assert queries.prices_of(suppliers[0], tea)[0].unit_cost == 5000


def test_a_list_without_suppliers_is_of_the_supplier_chosen(suppliers: tuple[int, int]) -> None:
    cast.sku("TEA")
    _, plan = preview("TEA,500\n", header="商品コード,仕入単価\n", supplier=str(suppliers[1]))
    assert not plan.refused and plan.payload[0].supplier_id == suppliers[1]
    _, plan = preview("TEA,500\n", header="商品コード,仕入単価\n")
    assert plan.refused


def test_terms_and_items_are_written_on_their_pages(tanaka: Client, suppliers: tuple[int, int]) -> None:
    tea = cast.sku("TEA")
    page = f"/office/suppliers/{suppliers[0]}/terms/"
    told = {
        "closing_day": "20", "payment_month_offset": "1", "payment_day": "31", "when_closed": "next",
        "min_order_yen": "３０，０００", "review_days": "7", "reply_days": "2", "tax_rounding": "down", "account_kind": "ordinary",
        "bank_code": "1", "branch_code": "2", "account_number": "3", "account_kana": "カ）ミホン",
    }  # fmt: skip
    assert tanaka.get(page).status_code == 200
    assert tanaka.post(page, told | {"account_kana": ""}).status_code == 422
    assert tanaka.post(page, told | {"closing_day": "32"}).status_code == 422
    assert tanaka.post(page, told).status_code == 302
    found = SupplierTerms.objects.get()
    assert (found.min_order_yen, found.bank_code, found.account_kana) == (30_000, "0001", "ｶ)ﾐﾎﾝ")
    new = {
        "supplier": suppliers[0],
        "sku": "TEA",
        "unit_cost": "512.5",
        "valid_from": "2026-11-01",
        "lot": "1",
        "moq": "1",
    }
    assert tanaka.post("/office/supplier-items/new/", new).status_code == 302
    made = SupplierItem.objects.get(sku=tea)
    for path in ("", f"{made.pk}/", f"{made.pk}/edit/", "?q=TEA", "?tab=raised"):
        assert tanaka.get(f"/office/supplier-items/{path}").status_code == 200
    edit = {"unit_cost": "530", "valid_from": "2026-12-01", "lot": "6", "moq": "6", "is_preferred": "on"}
    assert tanaka.post(f"/office/supplier-items/{made.pk}/edit/", edit).status_code == 302
    assert "530" in tanaka.get(f"/office/supplier-items/{made.pk}/").content.decode()
    assert tanaka.post(f"/office/supplier-items/{made.pk}/end/").status_code == 302
    assert SupplierItem.objects.filter(ended_on__isnull=False).count() == 1
    assert "仕入条件" in tanaka.get(f"/office/suppliers/{suppliers[0]}/").content.decode()


def test_a_stranger_sees_no_prices(client: Client, suppliers: tuple[int, int]) -> None:
    client.force_login(cast.staff("部外者"), backend="akinai.staff.backends.StaffBackend")
    for path in ("supplier-items/", "supplier-items/new/", f"suppliers/{suppliers[0]}/terms/"):
        assert client.get(f"/office/{path}").status_code == 403
