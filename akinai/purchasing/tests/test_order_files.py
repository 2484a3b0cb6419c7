"""発注の取込: lists become drafts or orders on their way, once; northwind's whole history comes in by the same doors."""

from __future__ import annotations

from typing import Any

import pytest

from akinai.core import intake, proofs
from akinai.core.intake.models import IntakeFile
from akinai.party.models import Supplier
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine, SupplierItem
from akinai.purchasing.tests import factories
from bench import northwind
from tests import cast
from tests.samples import sample

pytestmark = pytest.mark.django_db
HEADER = "発注番号,仕入先コード,発注日,希望納期,商品コード,仕入先商品コード,数量,仕入単価\n"


def preview(kind: str, data: bytes, **options: Any) -> tuple[IntakeFile, intake.Plan]:
    found = intake.kind_of(kind)
    assert found
    return intake.preview(found, [intake.Upload("in.csv", data)], options=options, by=None)


def take_in(kind: str, data: bytes, **options: Any) -> IntakeFile:
    row, plan = preview(kind, data, **options)
    assert not plan.refused, plan.errors[:5]
    intake.apply(row, by=None)
    return row


def test_a_list_becomes_one_draft_per_number_and_supplier() -> None:
    cast.sku("TEA"), cast.sku("CUP")
    factories.supplier("S1"), factories.supplier("S2")
    rows = (
        "A1,S1,2026/11/2,2026/11/9,TEA,,12,500.5\nA1,S1,2026/11/2,,CUP,,2,300\nA1,S2,2026/11/2,,TEA,,5,480\n"
    )
    row, plan = preview("purchase_orders", (HEADER + rows).encode())
    assert (plan.rows, plan.created, plan.total_yen) == (3, 2, 6606 + 2400)
    intake.apply(row, by=None)
    assert list(PurchaseOrder.objects.order_by("pk").values_list("state", "net_yen", "ordered_on")) == [
        ("draft", 6606, None),
        ("draft", 2400, None),
    ]
    _, again = preview("purchase_orders", (HEADER + rows).encode())
    assert (again.created, again.unchanged) == (0, 2)


def test_orders_placed_elsewhere_wait_for_their_goods_and_can_be_taken_back() -> None:
    cast.sku("TEA")
    factories.supplier("S1")
    data = (HEADER + "A1,S1,2026/11/2,2026/11/9,TEA,,12,500\n").encode()
    row = take_in("purchase_orders", data, placed="1")
    made = PurchaseOrder.objects.get()
    assert (made.state, f"{made.ordered_on}", made.outside_no) == ("sent", "2026-11-02", "A1")
    kind = intake.kind_of("purchase_orders")
    assert kind
    row.refresh_from_db()
    intake.undo(row, by=None)
    made.refresh_from_db()
    assert made.state == "cancelled"
    take_in("purchase_orders", data, placed="1", again="1")
    assert PurchaseOrder.objects.filter(state="sent").count() == 1


def test_a_suppliers_own_code_and_price_stand_in_for_ours() -> None:
    tea, seller = cast.sku("TEA"), factories.supplier("S1")
    factories.sells(seller, tea, "512.25", code="T-77")
    take_in("purchase_orders", (HEADER + "A1,S1,2026/11/2,,,T-77,4,\n").encode())
    line = PurchaseOrderLine.objects.get()
    assert (line.sku_id, line.supplier_code, f"{line.unit_cost.normalize()}") == (tea, "T-77", "512.25")


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (",S1,2026/11/2,,TEA,,1,5", "発注番号", "空欄"),
        ("A2,S9,2026/11/2,,TEA,,1,5", "仕入先コード", "登録されていません"),
        ("A2,S1,2099/11/2,,TEA,,1,5", "発注日", "未来"),
        ("A2,S1,2026/11/2,いつか,TEA,,1,5", "希望納期", "読めません"),
        ("A2,S1,2026/11/2,,NOPE,,1,5", "商品コード", "登録されていません"),
        ("A2,S1,2026/11/2,,,Z-1,1,5", "仕入先商品コード", "登録されていません"),
        ("A2,S1,2026/11/2,,TEA,,0,5", "数量", "数量が0"),
        ("A2,S1,2026/11/2,,TEA,,1,", "仕入単価", "空欄"),
        ("A2,S1,2026/11/2,,TEA,,1,x", "仕入単価", "読めません"),
        ("A1,S1,2026/11/2,,TEA,,1,5", "商品コード", "2行目"),
        ("A1,S1,2026/11/3,,CUP,,1,5", "発注日", "違う発注日"),
    ],
)  # fmt: skip
def test_an_odd_cell_is_named_and_nothing_is_ordered(row: str, column: str, word: str) -> None:
    cast.sku("TEA"), cast.sku("CUP")
    factories.supplier("S1")
    _, plan = preview("purchase_orders", f"{HEADER}A1,S1,2026/11/2,,TEA,,3,100\n{row}\n".encode())
    assert [(error.line, error.column) for error in plan.errors] == [(3, column)]
    assert word in plan.errors[0].message
    assert not PurchaseOrder.objects.exists()


def test_northwinds_suppliers_products_and_orders_come_in_as_files() -> None:
    sample("northwind/orders.csv")
    take_in("suppliers", northwind.suppliers_csv())
    take_in("products", northwind.products_csv())
    take_in("supplier_items", northwind.items_csv())
    row = take_in("purchase_orders", northwind.orders_csv(), placed="1")
    row.refresh_from_db()
    assert (Supplier.objects.count(), SupplierItem.objects.count(), PurchaseOrderLine.objects.count()) == (
        29,
        77,
        2155,
    )
    assert len({one.outside_no for one in PurchaseOrder.objects.all()}) == 830
    assert (row.rows, row.created) == (2155, 2081)
    assert [finding.name for finding in proofs.run_all() if finding.broken] == []


def test_northwinds_own_list_of_suppliers_is_read_as_it_is() -> None:
    take_in("suppliers", sample("northwind/suppliers.csv"))
    assert Supplier.objects.get(code="1").name == "Exotic Liquids"
    assert Supplier.objects.count() == 29
    _, plan = preview("suppliers", sample("northwind/suppliers.csv"))
    assert (plan.created, plan.changed, plan.unchanged) == (0, 0, 29)


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (",見本,,,", "仕入先コード", "空欄"), ("S2,,,,", "仕入先名", "空欄"), ("S1,見本,,,", "仕入先コード", "2行目"),
        ("S2,見本,T123,,", "登録番号", "13桁"), ("S2,見本,,,abc", "メールアドレス", "形ではありません"),
    ],
)  # fmt: skip
def test_an_odd_cell_of_a_list_of_suppliers_is_named(row: str, column: str, word: str) -> None:
    header = "仕入先コード,仕入先名,登録番号,電話番号,メールアドレス\n"
    _, plan = preview("suppliers", f"{header}S1,見本製茶,,,\n{row}\n".encode())
    assert [(error.line, error.column) for error in plan.errors] == [(3, column)]
    assert word in plan.errors[0].message
    assert not Supplier.objects.exists()


def test_a_list_of_suppliers_changes_only_what_it_says() -> None:
    factories.supplier("S1", phone="03-1", email="a@example.jp")
    take_in("suppliers", "仕入先コード,仕入先名,電話番号,メールアドレス\nS1,新しい名,03-2,\n".encode())
    found = Supplier.objects.get()
    assert (found.name, found.phone, found.email) == ("新しい名", "03-2", "a@example.jp")


def test_a_list_of_deliveries_answers_the_orders_it_names() -> None:
    cast.sku("TEA")
    factories.supplier("S1")
    take_in("purchase_orders", (HEADER + "A1,S1,2026/11/2,,TEA,,12,500\n").encode(), placed="1")
    header = "仕入先コード,伝票番号,入荷日,発注番号,商品コード,数量,単価\n"
    _, plan = preview("receipts", f"{header}S1,D-1,2026/11/9,A9,TEA,5,500\n".encode())
    assert [(error.line, error.column) for error in plan.errors] == [(2, "発注番号")]
    take_in("receipts", f"{header}S1,D-1,2026/11/9,A1,TEA,5,500\n".encode())
    order = PurchaseOrder.objects.get()
    assert (order.progress, order.lines.get().open) == ("partial", 7)
    assert [finding.name for finding in proofs.run_all() if finding.broken] == []
